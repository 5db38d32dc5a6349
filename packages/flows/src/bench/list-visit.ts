import { apiHeader, apiPaths } from '@moru/types';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { mouseWait, type Opened, timed, waitsFrom } from './page-waits.ts';

/** From key to key of a quick hand: a hundred words a minute. */
const paceMs = 120;

const row = `document.querySelector('[data-testid="instance-row"]')`;
const busy = `document.querySelector('table[aria-busy=true]')`;
const menuButton = `document.querySelector('[data-testid="instance-menu"]')`;
const menuItems = `document.querySelectorAll('[role="menu"] [role="menuitem"]')`;
const focusIn = (role: string) => `document.activeElement.closest('[role="${role}"]')`;
/** Of one row's menu in each visit, the first included: a p95 says what most of them take. */
const clicks = 20;
const filterField = `document.querySelector('input[type="search"]')`;
const names = `[...document.querySelectorAll('[data-testid="instance-row"] th')].map((name) => name.textContent)`;
const counted = `document.querySelector('h1').nextElementSibling?.textContent.replaceAll(/\\D/g, '')`;

/** What one visit of the list took, in milliseconds. */
export interface Visit {
  firstRow: number;
  menu: Opened[];
  /** of each key */
  filter: number[];
  /** the longest one while the list scrolls */
  frame: number;
  cold: number;
  warm: number;
  /** what kept the page for longer than 50 ms */
  longTasks: [at: number, ms: number][];
}

/** Signs in with nothing cached, as somebody who opens the console for the first time, and uses the list. */
export async function visitList(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(watchPage);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByTestId('seeded-admin').waitFor();
  const firstRow = await timed(page)(`document.querySelector('[data-testid="seeded-admin"]').click()`, row);
  const menu = await openMenus(page);
  const filter: number[] = [];
  // with no beginning in common, which would be answered from what was read before
  for (const name of ['db-01', 'web-02', 'batch-01']) filter.push(...(await typeWaits(page, name)));
  const frame = await page.evaluate<number>(worstFrame);
  const longTasks = await page.evaluate<[number, number][]>('longTasks');
  const { cold, warm } = await openTwice(browser, context, url);
  await context.close();
  return { firstRow, menu, filter, frame, cold, warm, longTasks };
}

/** One row's menu, many times. */
async function openMenus(page: Page): Promise<Opened[]> {
  const wait = timed(page);
  // the menu's code comes with the focus, as it does for a hand that moves there
  await page.getByTestId('instance-menu').first().focus();
  await wait(
    '',
    `performance.getEntriesByType('resource').some(({ name }) => name.includes('menu-popover'))`,
  );
  const opened: Opened[] = [];
  for (let turn = 0; turn < clicks; turn += 1) {
    const isOpen = `${menuItems}.length >= 10 && ${focusIn('menu')}`;
    opened.push(await mouseWait(page, page.getByTestId('instance-menu').first(), isOpen));
    await page.keyboard.press('Escape');
    // the next click is one on a page at rest
    await wait('', `${menuItems}.length === 0 && document.activeElement === ${menuButton}`);
  }
  return opened;
}

/** Rows that are looked at to tell one answer from another: as many as a screen has. */
const compared = 20;

/** What is to be seen once the filter holds `typed`: the names that the BFF answers, and their number. */
async function awaited(page: Page, typed: string): Promise<string> {
  const asked = `${apiPaths.instances}?${new URLSearchParams({ q: typed, sort: 'name', limit: String(compared) })}`;
  const list = await page.evaluate<{ instances: { name: string }[]; page: { total: number } }>(
    `fetch('${asked}', { headers: { '${apiHeader.name}': '${apiHeader.value}' } }).then((answer) => answer.json())`,
  );
  const first = JSON.stringify(list.instances.map(({ name }) => name));
  return `JSON.stringify(${names}.slice(0, ${compared})) === '${first}' && ${counted} === '${list.page.total}'`;
}

/** Types `text` into the list's filter as a quick hand does, and takes it away again; of each key until the list is right. */
async function typeWaits(page: Page, text: string): Promise<number[]> {
  const beginnings = [...text].map((_, place) => text.slice(0, place + 1));
  const answers: string[] = [];
  for (const typed of beginnings) answers.push(await awaited(page, typed));
  const all = await awaited(page, '');
  const field = page.locator('input[type="search"]');
  await field.click();
  const waits: number[] = [];
  for (const [place, typed] of beginnings.entries()) {
    // not for the page to be ready: the hand's own pace, which the field's timers are made for
    const rested = page.waitForTimeout(paceMs);
    const fits = `${filterField}.value === '${typed}' && !${busy} && ${answers[place]}`;
    waits.push(...(await waitsFrom(page, ['keydown'], fits, () => page.keyboard.press(text.charAt(place)))));
    await rested;
  }
  // the address follows when the hand rests, and the next key is one on a page at rest
  const wait = timed(page);
  await wait('', `location.search.includes('q=${text}')`);
  await field.fill('');
  await wait('', `!${busy} && ${all} && !location.search.includes('q=')`);
  await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
  return waits;
}

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
async function openTwice(
  browser: Browser,
  signedIn: BrowserContext,
  url: string,
): Promise<{ cold: number; warm: number }> {
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
