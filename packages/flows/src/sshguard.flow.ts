import { expect, test } from './fixtures.ts';
import { applyDraft, confirmTrial, openFirewall, openReview, startTrial, typeCommand } from './verbs.ts';

const hosts = [
  { name: 'web-01', backend: 'legacy' },
  { name: 'db-01', backend: 'nft' },
] as const;
const ban = (address: string) => ['-I', 'sshguard', '-s', address, '-j', 'DROP'];

for (const { name, backend } of hosts) {
  test(`a ban while a draft is open, and another one while it is tried: seen and kept (${backend})`, {
    tag: ['@firewall', '@a11y'],
  }, async ({ page, signInAs, api, outside, expectAccessible }) => {
    await outside.resetHost(name);
    await signInAs('admin');
    await page.goto(`/instances/${api.idOf(name)}/firewall?chain=sshguard`);
    const panel = page.getByTestId('sshguard-panel');
    await expect(panel).toContainText('지금 막은 주소가 없습니다.');
    await typeCommand(page, '-A INPUT -p tcp --dport 8081 -j ACCEPT');
    await outside.onHost(name, 'iptables', ...ban('192.0.2.66'));
    await expect(panel.getByTestId('blocked')).toContainText('192.0.2.66', { timeout: 20_000 });
    await expect(page.getByTestId('clash')).toBeHidden();
    await expectAccessible();
    await startTrial(page, await openReview(page));
    await outside.onHost(name, 'iptables', ...ban('192.0.2.67'));
    await confirmTrial(page);
    await page.getByTestId('leave-outcome').click();
    const rules = await outside.rulesOf(name);
    for (const address of ['192.0.2.66', '192.0.2.67']) {
      expect(rules).toContain(`-A sshguard -s ${address}/32 -j DROP`);
    }
    expect(rules).toContain('--dport 8081');
    await page.goto(`/instances/${api.idOf(name)}/firewall?chain=sshguard`);
    await expect(panel.getByTestId('blocked')).toHaveCount(2);
    await panel.getByRole('button', { name: '192.0.2.66 주소의 차단 해제' }).click();
    await expect(panel.getByTestId('blocked')).toHaveCount(1);
    expect(await outside.rulesOf(name)).not.toContain('192.0.2.66');
  });
}

test('a jump that is gone is told, and comes back through the draft', { tag: '@firewall' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  const name = 'web-02';
  await outside.resetHost(name);
  await outside.onHost(name, 'iptables', '-D', 'INPUT', '-j', 'sshguard');
  await signInAs('admin');
  await openFirewall(page, api.idOf(name));
  await page.getByTestId('state-strip').getByRole('link', { name: '보기', exact: true }).click();
  const panel = page.getByTestId('sshguard-panel');
  await expect(panel).toContainText('막은 주소가 그대로 들어옵니다.');
  await panel.getByTestId('restore-jump').click();
  await applyDraft(page);
  expect(await outside.onHost(name, 'iptables', '-S', 'INPUT')).toBe(
    '-P INPUT ACCEPT\n-A INPUT -j sshguard\n',
  );
});
