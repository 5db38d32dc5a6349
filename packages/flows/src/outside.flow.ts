import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import {
  applyDraft,
  confirmTrial,
  expectToast,
  instanceRow,
  openFirewall,
  openReview,
  startTrial,
  typeCommand,
} from './verbs.ts';

const host = 'web-01';

test('the list tells of a trial and of rules that were changed past the console; who looks sees how, and accepts it', {
  tag: ['@instances', '@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, reset, expectAccessible }) => {
  test.slow();
  await outside.resetHost(host);
  await signInAs('admin');
  const row = instanceRow(page, host);
  const strip = page.getByTestId('state-strip');
  const changed = '밖에서 변경됨';
  await openFirewall(page, api.idOf(host));
  await typeCommand(page, '-A INPUT -p tcp --dport 8091 -j ACCEPT');
  await startTrial(page, await openReview(page));

  // another window meanwhile
  const list = await page.context().newPage();
  await list.goto('/instances');
  await expect(instanceRow(list, host)).toContainText(/시험 중\s*\d:\d\d/);
  await expectAccessible(list);
  await list.close();
  await confirmTrial(page);
  await page.getByRole('button', { name: 'Rule 설정 저장' }).click();
  await expectToast(page, '지금의 Rule을 저장했습니다');
  await page.goto('/instances');
  await expect(row).not.toContainText('시험 중');
  await expect(row).not.toContainText(changed);

  await outside.onHost(host, 'iptables', '-A', 'INPUT', '-s', '192.0.2.91', '-j', 'DROP');
  await expect(row).toContainText(changed);
  await expect(row).toContainText('저장 안 됨');
  await expectAccessible();
  await page.goto('/instances?firewall=outside');
  await expect(row).toBeVisible();
  // what a host that is off was last heard to be counts for nothing
  await expect(instanceRow(page, 'batch-01')).toBeHidden();

  await openFirewall(page, api.idOf(host));
  await expect(strip).toContainText(changed);
  await expectAccessible();
  await page.getByTestId('see-outside').click();
  const since = page.getByTestId('since');
  await expect(since.getByRole('listitem')).toContainText(['INPUT', '-s 192.0.2.91/32 -j DROP']);
  await expect(since).toContainText('콘솔을 거치지 않고 바뀌었습니다');
  await expectAccessible();
  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await expect(since).toContainText('somebody changed the rules without the console');
  await expectEnglishOnly(page);
  await page.getByRole('button', { name: 'Language: English' }).click();
  await page.getByRole('menuitemradio', { name: '한국어' }).click();

  // saved, they are the console's
  await page.getByRole('button', { name: 'Rule 설정 저장' }).click();
  await expectToast(page, '지금의 Rule을 저장했습니다');
  await expect(strip).not.toContainText(changed);
  await expect(since).toBeHidden();
  await page.goto('/instances');
  await expect(row).toContainText('모두 열림');
  await expect(row).not.toContainText(changed);

  // what is changed and changed back was never another
  await outside.onHost(host, 'iptables', '-A', 'INPUT', '-s', '192.0.2.92', '-j', 'DROP');
  await expect(row).toContainText(changed);
  await outside.onHost(host, 'iptables', '-D', 'INPUT', '-s', '192.0.2.92', '-j', 'DROP');
  await expect(row).not.toContainText(changed);

  await openFirewall(page, api.idOf(host));
  await typeCommand(page, '-D INPUT -s 192.0.2.91 -j DROP');
  await applyDraft(page);
  await expect(strip).not.toContainText(changed);
  await outside.onHost(host, 'rm', '/etc/iptables.rules');
  await reset();
});
