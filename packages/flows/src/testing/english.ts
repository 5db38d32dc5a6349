import { expect, type Page } from '@playwright/test';

/** What people wrote themselves stays as they wrote it, and so does the other language's own name. */
const kept = ['모루', '한국어'];

/** Once the words have come: a part of the console brings its own. */
export async function expectEnglishOnly(page: Page, ...written: string[]): Promise<void> {
  await expect
    .poll(async () => {
      // biome-ignore lint/performance/useDomNodeTextContent: hidden text is nobody's to read
      const lines = (await page.locator('body').innerText()).split('\n');
      const korean = lines.filter((line) => /[\u3131-\u318e\uac00-\ud7a3]/.test(line));
      return korean.filter((line) => ![...kept, ...written].some((word) => line.includes(word)));
    })
    .toEqual([]);
}
