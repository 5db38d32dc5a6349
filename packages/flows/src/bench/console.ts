// What a person waits for in the console, in headless Chromium before an installation with so many instances; as JSON. What
// kept the page for longer than 50 ms is listed on the other output.
// console.ts INSTANCES RUNS
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startInstallation } from '@moru/stack';
import { type BrowserContext, chromium, type Locator, type Page } from '@playwright/test';

const [instances = 10, runs = 5] = process.argv.slice(2).map(Number);
const root = fileURLToPath(new URL('../../../../.moru', import.meta.url));
/** the embedded cloud seeds these before any further ones */
const seeded = 4;

/** Runs in the page: acts, and tells how long it took until `selector` fits and was painted. */
type Timed = (act: string, fits: string) => Promise<number>;

const timed =
  (page: Page): Timed =>
  (act, fits) =>
    page.evaluate(`new Promise((resolve, reject) => {
      const began = performance.now();
      const look = () => {
        if (${fits}) requestAnimationFrame(() => resolve(performance.now() - began));
        else if (performance.now() - began > 30000) reject(new Error('nothing was painted'));
        else requestAnimationFrame(look);
      };
      ${act};
      look();
    })`);

/** How long a quick hand holds the button of a mouse down. */
const heldMs = 60;
/** From key to key of a quick hand: a hundred words a minute. */
const paceMs = 120;
/** after which the address follows what was typed (`ui/filter-field.tsx`) */
const restMs = 250;

/**
 * Of each of these events, which `act` brings about, how long it took from it until `fits` and that was painted.
 */
async function waitsFrom(
  page: Page,
  types: string[],
  fits: string,
  act: () => Promise<void>,
): Promise<number[]> {
  await page.evaluate(`globalThis.painted = Promise.all(${JSON.stringify(types)}.map((type) =>
    new Promise((resolve, reject) => {
      addEventListener(type, ({ timeStamp }) => {
        const look = () => {
          if (${fits}) requestAnimationFrame(() => resolve(performance.now() - timeStamp));
          else if (performance.now() - timeStamp > 30000) reject(new Error('nothing was painted'));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }, { once: true, capture: true });
    }))), undefined`);
  await act();
  return page.evaluate('painted');
}

interface Opened {
  /** until `fits`, and that was painted: from the press, of which the menu takes notice */
  fromPress: number;
  /** from the release, which makes a click of it */
  fromClick: number;
}

/**
 * Clicks `button` with the mouse as a hand does. A press by program counts as one of a screen reader, which React Aria
 * gives the focus two frames later.
 */
async function mouseWait(page: Page, button: Locator, fits: string): Promise<Opened> {
  const box = await button.boundingBox();
  if (!box) throw new Error('no button to press');
  const [fromPress = Number.NaN, fromClick = Number.NaN] = await waitsFrom(
    page,
    ['pointerdown', 'pointerup'],
    fits,
    () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { delay: heldMs }),
  );
  return { fromPress, fromClick };
}

/** Types `text` into the list's filter as a quick hand does, and takes it away again; of each key until the list is right. */
async function typeWaits(page: Page, text: string): Promise<number[]> {
  const field = page.locator('input[type="search"]');
  await field.click();
  const waits: number[] = [];
  for (const [place, key] of [...text].entries()) {
    const typed = text.slice(0, place + 1);
    const rested = page.waitForTimeout(paceMs);
    // what was at hand is drawn at once, and is not the answer
    const answered = `${filterField}.value === '${typed}' && !${busy} && ${rows}.length > 0`;
    // ids are random, and one of ten thousand may hold the text as well
    const isWhole = `${rows}.length < 4 && ${rowNamed(text)}`;
    const fits = typed === text ? `${answered} && ${isWhole}` : answered;
    waits.push(...(await waitsFrom(page, ['keydown'], fits, () => page.keyboard.press(key))));
    await rested;
  }
  await field.fill('');
  // the address follows when the hand rests, and the next key is one on a page at rest
  await page.waitForTimeout(2 * restMs);
  await timed(page)('', `!${busy} && ${rows}.length >= 10 && !location.search.includes('q=')`);
  await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
  return waits;
}

const row = `document.querySelector('[data-testid="instance-row"]')`;
const busy = `document.querySelector('table[aria-busy=true]')`;
const menuButton = `document.querySelector('[data-testid="instance-menu"]')`;
const menuItems = `document.querySelectorAll('[role="menu"] [role="menuitem"]')`;
const focusIn = (role: string) => `document.activeElement.closest('[role="${role}"]')`;
/** Of one row's menu in each visit, the first included: a p95 says what most of them take. */
const clicks = 20;
const filterField = `document.querySelector('input[type="search"]')`;
const rows = `document.querySelectorAll('[data-testid="instance-row"]')`;
const rowNamed = (name: string) =>
  `[...${rows}].some((row) => row.querySelector('th').textContent === '${name}')`;

/** Notes, in every page, when the list's first row was painted and what kept the page for longer than 50 ms. */
const watchPage = `(() => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration].map(Math.round));
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (${row}) requestAnimationFrame(() => { globalThis.rowShownAt = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()`;

/** From the beginning of the navigation to the list's first row. */
const shownAfter = (page: Page): Promise<number> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const look = () => {
      if (globalThis.rowShownAt !== undefined) resolve(rowShownAt);
      else if (performance.now() > 30000) reject(new Error('no row was painted'));
      else requestAnimationFrame(look);
    };
    look();
  })`);

/** The list as somebody signed in opens it, with nothing cached, then once more. */
async function openTwice(signedIn: BrowserContext, url: string): Promise<{ cold: number; warm: number }> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    storageState: await signedIn.storageState(),
  });
  await context.addInitScript(watchPage);
  const page = await context.newPage();
  await page.goto(`${url}/instances`);
  const cold = await shownAfter(page);
  await page.reload();
  const warm = await shownAfter(page);
  await context.close();
  return { cold, warm };
}

/** The longest frame while the list scrolls from top to end and back. */
const worstFrame = `new Promise((resolve) => {
  const list = ${row}.closest('.overflow-auto');
  let [worst, before, step] = [0, performance.now(), 0];
  const next = (now) => {
    if (step > 1) worst = Math.max(worst, now - before);
    before = now;
    step += 1;
    list.scrollTop = Math.abs(((step * 40) % (2 * list.scrollHeight)) - list.scrollHeight);
    if (step < 120) requestAnimationFrame(next);
    else resolve(worst);
  };
  requestAnimationFrame(next);
})`;

/** The simulated hosts run in this process, and thousands take seconds to start: what is measured is the console. */
async function hostsHaveStarted(): Promise<void> {
  const windowMs = 500;
  for (let [quiet, windows] = [0, 0]; quiet < 2; windows += 1) {
    if (windows > 120) throw new Error('the hosts are not started in a minute');
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, windowMs));
    const { user, system } = process.cpuUsage(before);
    quiet = (user + system) / 1_000 < windowMs * 0.05 ? quiet + 1 : 0;
  }
}

const at = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;

const installation = await startInstallation(
  {
    name: `bench-${process.pid}`,
    port: 0,
    fresh: true,
    hosts: 'simulated',
    root,
    faults: false,
    attachMs: 700,
    instances: Math.max(0, instances - seeded),
  },
  () => {},
);
const browser = await chromium.launch({
  executablePath: process.env.MORU_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
try {
  await hostsHaveStarted();
  const firstRow: number[] = [];
  const menu: Opened[] = [];
  const firstMenu: number[] = [];
  const filter: number[] = [];
  const frames: number[] = [];
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    // nothing cached: as somebody who opens the console for the first time
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(watchPage);
    const page = await context.newPage();
    const wait = timed(page);
    await page.goto(installation.url);
    await page.getByTestId('seeded-admin').waitFor();
    firstRow.push(await wait(`document.querySelector('[data-testid="seeded-admin"]').click()`, row));
    // the menu's code comes with the focus, as it does for a hand that moves there
    await page.getByTestId('instance-menu').first().focus();
    await wait(
      '',
      `performance.getEntriesByType('resource').some(({ name }) => name.includes('menu-popover'))`,
    );
    for (let turn = 0; turn < clicks; turn += 1) {
      const opened = await mouseWait(
        page,
        page.getByTestId('instance-menu').first(),
        `${menuItems}.length >= 10 && ${focusIn('menu')}`,
      );
      if (turn === 0) firstMenu.push(opened.fromClick);
      menu.push(opened);
      await page.keyboard.press('Escape');
      // the next click is one on a page at rest
      await wait('', `${menuItems}.length === 0 && document.activeElement === ${menuButton}`);
    }
    // with no beginning in common, which would be answered from what was read before
    for (const name of ['db-01', 'web-02', 'batch-01']) filter.push(...(await typeWaits(page, name)));
    frames.push((await page.evaluate(worstFrame)) as number);
    const long = (await page.evaluate('longTasks')) as [at: number, ms: number][];
    const told = long.map(([at, ms]) => `${ms} ms at ${at}`).join(', ') || 'none';
    process.stderr.write(`${instances} instances, visit ${run + 1}: tasks longer than 50 ms: ${told}\n`);
    const opened = await openTwice(context, installation.url);
    cold.push(opened.cold);
    warm.push(opened.warm);
    await context.close();
  }
  process.stdout.write(
    JSON.stringify({
      firstRowMs: at(firstRow, 0.5),
      coldMs: at(cold, 0.5),
      warmMs: at(warm, 0.5),
      menuP95Ms: at(
        menu.map(({ fromClick }) => fromClick),
        0.95,
      ),
      menuPressP95Ms: at(
        menu.map(({ fromPress }) => fromPress),
        0.95,
      ),
      firstMenuMs: at(firstMenu, 0.5),
      filterP95Ms: at(filter, 0.95),
      worstFrameMs: at(frames, 0.5),
    }),
  );
} finally {
  await browser.close();
  await installation.close();
  await rm(installation.folders.base, { recursive: true, force: true });
}
