import type { Locator, Page } from '@playwright/test';

/** Runs in the page: acts, and tells how long it took until `fits` and that was painted. */
type Timed = (act: string, fits: string) => Promise<number>;

export const timed =
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

/** Of each of these events, which `act` brings about, how long it took from it until `fits` and that was painted. */
export async function waitsFrom(
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

export interface Opened {
  /** until `fits`, and that was painted: from the press, of which the menu takes notice */
  fromPress: number;
  /** from the release, which makes a click of it */
  fromClick: number;
}

/**
 * Clicks `button` with the mouse as a hand does. A press by program counts as one of a screen reader, which React Aria
 * gives the focus two frames later.
 */
export async function mouseWait(page: Page, button: Locator, fits: string): Promise<Opened> {
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
