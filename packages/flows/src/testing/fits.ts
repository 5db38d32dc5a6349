import { expect, type Page } from '@playwright/test';

const sizes = async (page: Page) =>
  page.evaluate<number[]>(
    `['scrollWidth', 'clientWidth', 'scrollHeight', 'clientHeight'].map((name) => document.documentElement[name])`,
  );

/** Nothing is cut off sideways, and the page does not scroll beside its own parts, which would show empty space. */
export async function expectFits(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const [width = 0, room = 0, height = 0, space = 0] = await sizes(page);
      return { sideways: Math.max(0, width - room), down: Math.max(0, height - space) };
    })
    .toEqual({ sideways: 0, down: 0 });
}
