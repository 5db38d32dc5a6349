import { expect, test } from './fixtures.ts';
import { openFirewall, pressTo, ruleRow, tabTo } from './verbs.ts';

const host = 'web-02';

test('insert, move, edit, delete, review, apply and confirm without a mouse', { tag: '@firewall' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  test.slow();
  await outside.resetHost(host);
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  for (const port of [8081, 8082, 8083]) {
    await page.keyboard.press('/');
    await expect(page.getByTestId('command-bar')).toBeFocused();
    await page.keyboard.type(`-A INPUT -p tcp --dport ${port} -j ACCEPT`);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('command-bar')).toHaveValue('');
    await page.keyboard.press('Shift+Tab');
  }
  await expect(page.getByTestId('rule-row')).toHaveCount(4);
  const announced = page.getByTestId('announcer');

  await pressTo(page, 'Shift+Tab', page.getByTestId('rule-row'));
  await pressTo(page, 'ArrowDown', ruleRow(page, 4));
  await page.keyboard.press('Alt+ArrowUp');
  await expect(announced).toContainText('3');
  await expect(ruleRow(page, 3)).toContainText('tcp/8083');
  await expect(ruleRow(page, 3)).toBeFocused();

  await page.keyboard.press('Delete');
  await expect(page.getByTestId('rule-row')).toHaveCount(3);
  await pressTo(page, 'ArrowDown', ruleRow(page, 3));
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await pressTo(page, 'ArrowDown', page.getByTestId('menu-edit-rule'));
  await page.keyboard.press('Enter');
  const form = page.getByTestId('rule-form');
  await expect(form).toBeVisible();
  await tabTo(page, form.getByRole('textbox', { name: 'Port', exact: true }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('9092');
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  await expect(ruleRow(page, 3)).toContainText('tcp/9092');

  await tabTo(page, page.getByTestId('to-review'));
  await page.keyboard.press('Enter');
  const review = page.getByTestId('review');
  await expect(review.getByTestId('verdict')).not.toHaveAttribute('data-state', 'checking', {
    timeout: 30_000,
  });
  const ticks = review.locator('footer').getByRole('checkbox');
  for (let tick = 0; tick < (await ticks.count()); tick += 1) {
    await ticks.nth(tick).focus();
    await page.keyboard.press('Space');
  }
  await tabTo(page, page.getByTestId('start-trial'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('trial-band')).toBeVisible({ timeout: 30_000 });
  await tabTo(page, page.getByTestId('own-yes'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('confirm-trial')).not.toHaveAttribute('aria-disabled', 'true', {
    timeout: 30_000,
  });
  await pressTo(page, 'Shift+Tab', page.getByTestId('confirm-trial'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', /^(saved|unsaved)$/, {
    timeout: 30_000,
  });
  const rules = await outside.rulesOf(host);
  expect(rules).toContain('--dport 8081 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 9092 -j ACCEPT');
  expect(rules).not.toContain('8083');
});
