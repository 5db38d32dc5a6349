import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Installation, runInHost, startInstallation } from '@moru/stack';
import { type Browser, chromium, type Page } from '@playwright/test';
import { installationApi } from '../testing/api.ts';

/**
 * Measures the rule editor with 10,000 rules in a real browser on a real host, and prints one line of JSON with a
 * number for each figure. Called with how often each is measured; the caller takes what it promises of them.
 */
const runs = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 10_000);

const host = 'web-02';
const root = fileURLToPath(new URL('../../../../.moru', import.meta.url));

function manyRules(): string {
  const rules = Array.from({ length: count }, (_, index) => {
    const source = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    return `-A INPUT -s ${source}/32 -p tcp -m tcp --dport ${1024 + (index % 60_000)} -j ACCEPT`;
  });
  const head = ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];
  return [...head, ':sshguard - [0:0]', '-A INPUT -j sshguard', ...rules, 'COMMIT', ''].join('\n');
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const percentile = (values: number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN;

/** From a click on `link` until `sign` is painted, in ms. */
function clickToPaint(page: Page, link: string, sign: string): Promise<number> {
  return page.evaluate(
    ([clicked = '', wanted = '']) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        document.querySelector<HTMLElement>(clicked)?.click();
        const look = () => {
          if (!document.querySelector(wanted)) requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve(performance.now() - began));
        };
        look();
      }),
    [link, sign],
  );
}

const row = '[data-testid="rule-row"]';

async function openTimes(page: Page, id: string, base: string): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await page.goto(`${base}/instances/${id}/network`);
    await page.locator('[data-testid="interface-row"]').first().waitFor();
    times.push(await clickToPaint(page, `a[href$="/instances/${id}/firewall"]`, row));
  }
  return times;
}

/** Durations of the keystrokes in the filter, from the key to the next paint. */
async function keyTimes(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const held: number[] = [];
    Object.assign(globalThis, { moruKeys: held });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') held.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  const filter = page.getByRole('searchbox').first();
  await filter.click();
  const text = '10.0.3.7 accept tcp';
  for (let run = 0; run < runs; run += 1) {
    await page.keyboard.type(text, { delay: 60 });
    await filter.fill('');
  }
  const slow = await page.evaluate(() => (globalThis as unknown as { moruKeys: number[] }).moruKeys);
  // quicker ones are not told of
  return [...slow, ...Array.from({ length: Math.max(0, runs * text.length - slow.length) }, () => 16)];
}

/** The longest pause between two frames while a rule is dragged to the edge and the grid scrolls under it. */
async function worstFrame(page: Page): Promise<number> {
  const handle = page.getByTestId('rule-handle').nth(2);
  const box = await handle.boundingBox();
  if (!box) throw new Error('no handle to drag by');
  await page.mouse.move(box.x + 4, box.y + 4);
  await page.mouse.down();
  await page.evaluate(() => {
    const state = { worst: 0, running: true };
    Object.assign(globalThis, { moruFrames: state });
    let before = performance.now();
    const frame = () => {
      const now = performance.now();
      state.worst = Math.max(state.worst, now - before);
      before = now;
      if (state.running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  for (let step = 1; step <= 30; step += 1) await page.mouse.move(box.x + 4, box.y + 4 + step * 15);
  await page.waitForTimeout(2_000);
  const worst = await page.evaluate(() => {
    const { moruFrames } = globalThis as unknown as { moruFrames: { worst: number; running: boolean } };
    moruFrames.running = false;
    return moruFrames.worst;
  });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  return worst;
}

/** A hundred edits as pasted commands, and the review of them. */
async function reviewTime(page: Page, id: string, base: string): Promise<number> {
  await page.goto(`${base}/instances/${id}/firewall`);
  await page.locator(row).first().waitFor();
  const lines = Array.from(
    { length: 100 },
    (_, index) => `iptables -A INPUT -p udp --dport ${2000 + index} -j DROP`,
  );
  await page.getByTestId('command-bar').evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, lines.join('\n'));
  await page.getByTestId('add-steps').click();
  await page.locator('[data-testid="to-review"]').waitFor();
  return clickToPaint(page, '[data-testid="to-review"]', '[data-testid="changes"]');
}

async function applyTime(page: Page): Promise<number> {
  const review = page.getByTestId('review');
  await page.locator('[data-testid="verdict"]:not([data-state="checking"])').waitFor({ timeout: 60_000 });
  for (const tick of await review.locator('footer').getByRole('checkbox').all())
    await tick.check({ force: true });
  await page.locator('[data-testid="start-trial"]:not([aria-disabled="true"])').waitFor({ timeout: 60_000 });
  const time = await clickToPaint(page, '[data-testid="start-trial"]', '[data-testid="trial-band"]');
  await page.getByTestId('revert-trial').click();
  await page.getByTestId('outcome').waitFor({ timeout: 60_000 });
  return time;
}

/**
 * What the renderer of the page holds for itself alone once what is no longer used is gone, in MB: objects of page and
 * workers, the document, what is painted. The browser's own code, which all tabs share, is not in it.
 */
async function memory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const browser = await page.context().browser()?.newBrowserCDPSession();
  if (!browser) throw new Error('the browser is gone');
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const held = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]));
  // a spare one without a page is far smaller
  return (Math.max(...held) * 1024) / 1e6;
}

async function measure(browser: Browser, installation: Installation) {
  const api = await installationApi(installation.url);
  const id = api.idOf(host);
  const pid = installation.hosts.hostPid(id);
  if (pid === undefined) throw new Error(`${host} is not running`);
  await runInHost(pid, 'iptables-restore', [], manyRules());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'ko-KR' });
  await page.goto(installation.url);
  await page.getByTestId('seeded-admin').click();
  await page.locator('[data-testid="instance-row"]').first().waitFor();
  const open = median(await openTimes(page, id, installation.url));
  const key = percentile(await keyTimes(page), 0.95);
  const drag = await worstFrame(page);
  const review = await reviewTime(page, id, installation.url);
  const apply = await applyTime(page);
  return { open, key, drag, review, apply, memory: await memory(page) };
}

const name = `measure-editor-${process.pid}`;
const installation = await startInstallation(
  { name, port: 0, fresh: true, hosts: 'namespaces', root, faults: false, attachMs: 0 },
  () => {},
);
try {
  const browser = await chromium.launch({
    executablePath: process.env.MORU_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  process.stdout.write(`${JSON.stringify(await measure(browser, installation))}\n`);
  await browser.close();
} finally {
  await installation.close();
  await rm(installation.folders.base, { recursive: true, force: true });
}
