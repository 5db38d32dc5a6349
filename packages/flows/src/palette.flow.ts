import { expect, test } from './fixtures.ts';
import { instanceName } from './target.ts';
import { instanceRow } from './verbs.ts';

test('the palette finds pages, places of instances and actions, by keyboard, Hangul included', {
  tag: ['@console', '@a11y', '@anywhere'],
}, async ({ page, signInAs, api, expectAccessible }) => {
  await signInAs('admin');
  await expect(instanceRow(page, 'web-02')).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByTestId('palette');
  const field = palette.getByRole('combobox');
  await expect(field).toBeFocused();
  await expect(palette.getByTestId('palette-entry').first()).toBeVisible();
  await expectAccessible();
  await field.fill(`${instanceName('web-02')} 라우팅`);
  await expect(palette.getByTestId('palette-entry')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/instances/${api.idOf('web-02')}/routing`));
  await expect(palette).toBeHidden();

  for (const [typed, path] of [
    [`${instanceName('web-02')} 작업 이력`, `/instances/${api.idOf('web-02')}/history`],
    [`${instanceName('web-02')} details`, `/instances/${api.idOf('web-02')}/details`],
    ['openapi', '/reference'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await field.fill(typed);
    await expect(palette.getByTestId('palette-entry')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`${path}(\\?|$)`));
    await expect(palette).toBeHidden();
  }

  await page.getByTestId('palette-button').click();
  await field.fill('nothing like it');
  await expect(palette).toContainText('찾은 것이 없습니다');
  await field.fill('english');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});
