import { expect, test } from './fixtures.ts';
import { instanceRow, openInstanceMenu } from './verbs.ts';

test('a menu closes by Escape, by a press beside it that does nothing else, and by Tab', {
  tag: ['@instances', '@a11y'],
}, async ({ page, signInAs, expectAccessible }) => {
  await signInAs('reader');
  const button = instanceRow(page, 'web-02').getByTestId('instance-menu');
  const menu = page.getByRole('menu');
  const open = async () => {
    await openInstanceMenu(page, 'web-02');
    await expect(menu.getByRole('menuitem').first()).toBeFocused();
  };

  await open();
  await expectAccessible();
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(button).toBeFocused();

  for (const key of ['Enter', 'Space', 'ArrowDown']) {
    await page.keyboard.press(key);
    await expect(menu.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
    await expect(button).toBeFocused();
  }

  // there by the time that the mouse is let go, and that closes nothing
  await button.hover();
  await page.mouse.down();
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.mouse.up();
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
  // a press that goes on to an entry chooses it
  const entry = menu.getByTestId('menu-firewall');
  await button.hover();
  await page.mouse.down();
  await entry.hover();
  await page.mouse.up();
  await expect(menu).toHaveCount(0);
  await expect(page).toHaveURL(/firewall/);
  await page.goBack();

  // another row's link lies there: it is not followed, nor is the other row's menu opened
  for (const under of [
    instanceRow(page, 'web-01').getByRole('link', { name: 'web-01' }),
    instanceRow(page, 'web-01').getByTestId('instance-menu'),
  ]) {
    await open();
    const address = page.url();
    await under.click({ force: true });
    await expect(menu).toHaveCount(0);
    await expect(button).toBeFocused();
    expect(page.url()).toBe(address);
  }
  await open();
  await instanceRow(page, 'web-01').click({ button: 'right', force: true });
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');

  await open();
  await page.keyboard.press('Tab');
  await expect(menu).toHaveCount(0);
  // nothing follows the last row's button
  await expect(button).toBeFocused();
  await openInstanceMenu(page, 'web-01');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(menu).toHaveCount(0);
  await expect(instanceRow(page, 'web-02').locator(':focus')).toHaveCount(1);

  // an inert page costs the style of every row anew, at opening and at closing
  await open();
  await expect(page.locator('[inert]')).toHaveCount(0);
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a tap opens a menu that stays, a tap beside it closes it', { tag: '@instances' }, async ({
    page,
    signInAs,
  }) => {
    await signInAs('reader');
    const button = instanceRow(page, 'web-01').getByTestId('instance-menu');
    const menu = page.getByRole('menu');
    // the second tap finds the menu's code there
    for (const _ of ['first', 'second']) {
      await button.tap();
      // a click that follows the press would have closed it by now
      await expect(menu.getByRole('menuitem').first()).toBeVisible();
      await page.touchscreen.tap(20, 120);
      await expect(menu).toHaveCount(0);
    }
  });
});
