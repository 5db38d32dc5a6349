import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import {
  applyDraft,
  confirmTrial,
  expectToast,
  openFirewall,
  openReview,
  startTrial,
  typeCommand,
} from './verbs.ts';

const host = 'web-01';
// the server goes off, comes up and loads its rules
const rebooted = { timeout: 90_000 };

test('what is saved stands there again after a reboot, and what is not saved is gone', {
  tag: ['@firewall', '@safety'],
}, async ({ page, signInAs, api, outside, reset }) => {
  test.slow();
  await outside.resetHost(host);
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await typeCommand(page, '-A INPUT -p tcp --dport 8088 -j ACCEPT');
  await applyDraft(page);
  await page.getByRole('button', { name: 'Rule 설정 저장' }).click();
  await expectToast(page, '지금의 Rule을 저장했습니다');
  await typeCommand(page, '-A INPUT -p tcp --dport 8089 -j ACCEPT');
  await applyDraft(page);

  const ask = async () => outside.onHost(host, 'cat', '/proc/sys/kernel/random/boot_id');
  // between two boots there is nobody to ask
  const bootId = () => ask().catch(() => 'it cannot be asked');
  const before = await ask();
  const answer = await api.call('POST', apiPaths.instanceHardReboot(api.idOf(host)));
  expect(answer.status).toBeLessThan(300);
  await expect.poll(bootId, rebooted).not.toMatch(new RegExp(`^(${before.trim()}|it cannot)`));
  await expect.poll(async () => (await api.instance(host)).status, rebooted).toBe('active');

  const rules = await outside.onHost(host, 'iptables', '-S', 'INPUT');
  expect(rules).toBe(
    '-P INPUT ACCEPT\n-A INPUT -j sshguard\n-A INPUT -p tcp -m tcp --dport 8088 -j ACCEPT\n',
  );
  expect(await outside.onHost(host, 'moru-agent', 'status')).toContain('moru-agent-restore.service');
  await openFirewall(page, api.idOf(host));
  await expect(page.getByTestId('state-strip')).toContainText('저장됨');
  await outside.onHost(host, 'rm', '/etc/iptables.rules');
  await reset();
});

test('what is kept is saved as the host has it by who leaves before it was read again', {
  tag: ['@firewall', '@safety'],
}, async ({ page, signInAs, api, outside, reset }) => {
  await outside.resetHost(host);
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await typeCommand(page, '-A INPUT -p tcp --dport 8090 -j ACCEPT');
  await startTrial(page, await openReview(page));
  const gate = Promise.withResolvers<void>();
  await page.route(/\/firewall\?family/, async (route) => {
    await gate.promise;
    // what the page that was left had asked for is not wanted any more
    await route.continue().catch(() => {});
  });
  await confirmTrial(page);
  const save = page.getByRole('button', { name: 'Rule 설정 저장' });
  await expect(save).toHaveAccessibleDescription(/다시 읽은 뒤에/);
  await page.getByTestId('leave-outcome').click();
  // not the rules of before, with nothing of the draft
  await expect(page.getByTestId('policy-row')).toBeVisible();
  await expect(page.getByTestId('draft-bar')).toBeVisible();
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  gate.resolve();
  await save.click();
  await expectToast(page, '지금의 Rule을 저장했습니다');
  await expect(page.getByTestId('draft-bar')).toBeHidden();
  expect(await outside.onHost(host, 'cat', '/etc/iptables.rules')).toContain('--dport 8090');
  await outside.onHost(host, 'rm', '/etc/iptables.rules');
  await reset();
});
