import { apiPaths } from '@moru/types';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { signInByApi } from './testing/sign-in.ts';
import { instanceRow, tabTo } from './verbs.ts';

const headers = (page: Page) => page.getByRole('columnheader');
const widthOf = (page: Page, name: string) =>
  headers(page)
    .filter({ hasText: new RegExp(`^${name}$`) })
    .evaluate((head) => (head as HTMLElement).offsetWidth);

test('columns and their widths are chosen by keyboard or pointer, and follow the user', {
  tag: ['@instances', '@a11y'],
}, async ({ page, signInAs, browser, baseURL, expectAccessible }) => {
  await signInAs('member');
  await expect(instanceRow(page, 'web-01')).toBeVisible();
  await expect(headers(page).filter({ hasText: '방화벽' })).toBeVisible();
  await expect(headers(page).filter({ hasText: '이미지' })).toHaveCount(0);

  // by keyboard alone
  const button = page.getByTestId('columns');
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  const popover = page.getByTestId('columns-popover');
  await expect(popover).toBeVisible();
  await expectAccessible();
  await tabTo(page, popover.getByRole('checkbox', { name: '이미지' }));
  await page.keyboard.press('Space');
  await expect(instanceRow(page, 'web-01')).toContainText('Ubuntu');
  await tabTo(page, popover.getByRole('checkbox', { name: 'type' }));
  await page.keyboard.press('Space');
  await expect(headers(page).filter({ hasText: 'type' })).toBeHidden();
  const width = popover.getByRole('textbox', { name: '이미지 폭' });
  await tabTo(page, width);
  await page.keyboard.type('9');
  await expect(popover.getByRole('alert')).toHaveText('64에서 800 사이의 정수');
  await expect(width).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible();
  await page.keyboard.type('0');
  await expect(popover.getByRole('alert')).toBeHidden();
  await expect.poll(() => widthOf(page, '이미지')).toBe(90);
  await page.keyboard.press('Escape');
  await expect(popover).toBeHidden();
  await expect(button).toBeFocused();

  // by pointer: the edge of a column's head; Escape while it is held leaves the width as it was
  const edge = page.getByTestId('resize-status');
  const place = async () => {
    const box = await edge.boundingBox();
    return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 10] as const;
  };
  const before = await widthOf(page, '상태');
  const drag = async (by: number) => {
    const [x, y] = await place();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by, y, { steps: 4 });
  };
  await drag(70);
  await expect.poll(() => widthOf(page, '상태')).toBe(before + 70);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect.poll(() => widthOf(page, '상태')).toBe(before);
  const kept = page.waitForResponse((answer) => answer.url().endsWith(apiPaths.instanceListPreference));
  await drag(70);
  await page.mouse.up();
  expect((await kept).status()).toBe(204);
  await page.reload();
  await expect.poll(() => widthOf(page, '상태')).toBe(before + 70);
  await edge.dblclick();
  await expect.poll(() => widthOf(page, '상태')).toBe(before);

  // another browser of the same user, and one of somebody else
  const same = await browser.newContext({ locale: 'en-US' });
  const there = await same.newPage();
  await there.goto(`${baseURL}/sign-in`);
  await there.evaluate("localStorage.setItem('moru.language', 'en')");
  await signInByApi(same, there, baseURL ?? '', { seededAccount: 'member' });
  await there.goto(`${baseURL}/instances`);
  await expect(headers(there).filter({ hasText: 'Image' })).toBeVisible();
  await expect(headers(there).filter({ hasText: 'Type' })).toBeHidden();
  expect(await widthOf(there, 'Image')).toBe(90);
  await there.getByTestId('columns').click();
  await expect(there.getByTestId('columns-popover')).toBeVisible();
  await expectEnglishOnly(there);
  await expectAccessible(there);
  await there.getByRole('button', { name: 'Reset' }).click();
  await expect(headers(there).filter({ hasText: 'Image' })).toHaveCount(0);
  await expect(headers(there).filter({ hasText: 'Type' })).toBeVisible();
  await expect(there.getByRole('button', { name: 'Reset' })).toHaveAccessibleDescription(
    'Nothing was changed.',
  );
  await same.close();
  const other = await browser.newContext();
  const reader = await other.newPage();
  await signInByApi(other, reader, baseURL ?? '', { seededAccount: 'reader' });
  await reader.goto(`${baseURL}/instances`);
  await expect(instanceRow(reader, 'web-01')).toBeVisible();
  await expect(headers(reader).filter({ hasText: '이미지' })).toHaveCount(0);
  await other.close();

  // as cards the rows have their lines, whatever was chosen
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(button).toBeHidden();
  await expect(instanceRow(page, 'db-01')).toContainText('10.10.0.21');
});

test('a choice that cannot be kept is told of, and stands until the page is left', {
  tag: '@instances',
}, async ({ page, signInAs }) => {
  await signInAs('member');
  await expect(instanceRow(page, 'web-01')).toBeVisible();
  await page.route(`**${apiPaths.instanceListPreference}`, (route) => route.fulfill({ status: 503 }));
  await page.getByTestId('columns').click();
  await page.getByTestId('columns-popover').getByRole('checkbox', { name: '이미지' }).check();
  await expect(page.getByText('열 구성을 저장하지 못했습니다.')).toBeVisible();
  await expect(instanceRow(page, 'web-01')).toContainText('Ubuntu');
});
