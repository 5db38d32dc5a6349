import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import {
  applyDraft,
  confirmTrial,
  openFirewall,
  openReview,
  ruleRow,
  startTrial,
  typeCommand,
} from './verbs.ts';

const host = 'web-02';

test.beforeEach(({ outside }) => outside.resetHost(host));

test('what was kept is listed with author, time, note and difference, and comes back through a trial', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  test.slow();
  const id = api.idOf(host);
  await signInAs('admin');
  await openFirewall(page, id);
  for (const port of [8081, 8082]) {
    await typeCommand(page, `-A INPUT -p tcp --dport ${port} -j ACCEPT`);
    const review = await openReview(page);
    await review.getByRole('textbox', { name: '메모' }).fill(`port ${port}`);
    await startTrial(page, review);
    await confirmTrial(page);
    // in sentences, from the host's own record
    await expect(page.getByTestId('kept-changes')).toContainText(`tcp/${port}`);
    await expectAccessible();
    await page.getByTestId('leave-outcome').click();
    await expect(page.getByTestId('draft-bar')).toBeHidden();
  }
  const before = await outside.rulesOf(host);
  await page.getByRole('link', { name: '이력', exact: true }).click();
  const rows = page.getByTestId('generation');
  await expect(rows.nth(0)).toContainText('port 8082');
  await expect(rows.nth(0)).toContainText('admin');
  await expect(rows.nth(0)).toContainText('추가 1 · 삭제 0');
  await expect(page.getByTestId('difference')).toContainText('--dport 8082 -j ACCEPT');
  await expectAccessible();
  await rows.nth(1).click();
  await expect(page.getByTestId('difference')).toContainText('--dport 8081 -j ACCEPT');
  await page.getByTestId('restore').click();
  await expect(page.getByTestId('policy-row')).toBeVisible();
  await expect(ruleRow(page, 3)).toHaveAttribute('data-mark', 'deleted');
  // nothing happened on the host yet
  expect(await outside.rulesOf(host)).toBe(before);
  await applyDraft(page);
  expect(await outside.rulesOf(host)).toBe(before.replace(/\n.*8082.*/, ''));

  await page.getByRole('link', { name: '이력', exact: true }).click();
  await expect(rows.nth(0)).toContainText('추가 0 · 삭제 1');
  await page.getByTestId('restore').click();
  await expect(page.getByTestId('restore-same')).toBeVisible();
});

test('rules go out to a file and come in from one, and from what the tools print', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  await outside.onHost(host, 'iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '8081', '-j', 'ACCEPT');
  const listing = await outside.onHost(host, 'iptables', '-S', '-v');
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  const menu = page.getByTestId('transfer-menu');
  await menu.click();
  await expect(page.getByTestId('menu-export')).toBeVisible();
  await expectAccessible();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('menu-export').click()]);
  expect(file.suggestedFilename()).toBe(`${host}.rules`);
  const exported = await readFile(await file.path(), 'utf8');
  expect(exported).toContain('-A INPUT -p tcp -m tcp --dport 8081 -j ACCEPT');

  const dialog = page.getByTestId('import-dialog');
  const imported = async (text: string) => {
    await menu.click();
    await page.getByTestId('menu-import').click();
    await dialog.getByTestId('import-text').fill(text);
  };
  await imported('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 70000 -j ACCEPT\nCOMMIT\n');
  await expect(dialog.getByTestId('import-state')).toContainText('“70000”');
  await expectAccessible();
  // the guide shows its saved file without the star
  await dialog.getByTestId('import-text').fill(exported.replace('*filter', 'filter').replace('8081', '8082'));
  await expect(dialog.getByTestId('repairs')).toContainText('filter → *filter');
  await dialog.getByRole('button', { name: '초안에 반영' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('draft-count')).toHaveText('변경 1건');
  await expect(ruleRow(page, 2)).toContainText('tcp/8082');
  // what iptables -S -v prints is the host as it is: the draft is taken back
  await imported(listing);
  await dialog.getByRole('button', { name: '초안에 반영' }).click();
  await expect(page.getByTestId('draft-count')).toHaveText('변경 0건');
});
