import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { expectFits } from './testing/fits.ts';
import { instanceRow, openFirewall, openInstanceMenu, openRuleForm } from './verbs.ts';

test('in English and dark: every screen is whole, readable and accessible', { tag: '@a11y' }, async ({
  page,
  signInAs,
  api,
  outside,
  expectAccessible,
}) => {
  await outside.resetHost('web-02');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/');
  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expectEnglishOnly(page);
  await expectAccessible();

  await signInAs('admin');
  await expectEnglishOnly(page);
  await openInstanceMenu(page, 'web-02');
  await expectEnglishOnly(page);
  await expectAccessible();
  await page.getByTestId('menu-connect').click();
  await expect(page.getByTestId('connect-dialog')).toContainText('billed');
  await expectEnglishOnly(page);
  await expectAccessible();
  await page.keyboard.press('Escape');
  await expect(instanceRow(page, 'web-02').getByTestId('instance-menu')).toBeFocused();

  await openInstanceMenu(page, 'db-01');
  await page.getByTestId('menu-disconnect').click();
  await expect(page.getByTestId('disconnect-dialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expectEnglishOnly(page);
  await expectAccessible();
  await page.keyboard.press('Escape');

  await instanceRow(page, 'web-02').getByRole('link', { name: 'web-02' }).click();
  await page.getByRole('link', { name: 'Network', exact: true }).click();
  await expect(page.getByTestId('interface-row')).toHaveCount(2);
  await expectEnglishOnly(page);
  await expectAccessible();

  await openFirewall(page, api.idOf('web-02'));
  await expectEnglishOnly(page);
  await openRuleForm(page, 'Create rule');
  await expectEnglishOnly(page);
  await expectAccessible();
});

test('at 390 px: sign in, connect popup, firewall, nothing cut off sideways', { tag: '@a11y' }, async ({
  page,
  signInAs,
  api,
  expectAccessible,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await expectFits(page);
  await signInAs('admin');
  await expectFits(page);
  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-connect').click();
  await expect(page.getByTestId('connect-dialog').getByRole('button', { name: '확인' })).toBeInViewport();
  await expectFits(page);
  await expectAccessible();
  await page.keyboard.press('Escape');
  await openFirewall(page, api.idOf('web-01'));
  await expectFits(page);
  await expectAccessible();
  const host = `/instances/${api.idOf('web-02')}`;
  const lists = ['/instances', '/public-ips', '/activity', '/tasks', '/hosts', '/sessions', '/instances/new'];
  const tabs = [
    'details',
    'network',
    'routing',
    'firewall/packet',
    'firewall/history',
    'firewall/output',
    'history',
  ];
  for (const path of [...lists, ...tabs.map((tab) => `${host}/${tab}`)]) {
    await page.goto(path);
    await expect(page.getByRole('main').locator(':is(table, h2, h3, p, pre, ul > li)').first()).toBeVisible();
    for (const width of [768, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await expectFits(page);
    }
  }
});

test('the main steps by keyboard alone: sign in, open the menu, choose, cancel, and be back where one was', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByTestId('seeded-admin').focus();
  await page.keyboard.press('Enter');
  const menu = instanceRow(page, 'web-01').getByTestId('instance-menu');
  await expect(menu).toBeVisible();
  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('menu-connect')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  // a disabled entry is reached all the same, so that its reason can be read
  await expect(page.getByTestId('menu-disconnect')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const dialog = page.getByTestId('connect-dialog');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(menu).toBeFocused();
});
