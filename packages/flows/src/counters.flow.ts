import { expect, test } from './fixtures.ts';
import { openFirewall, ruleRow, typeCommand } from './verbs.ts';

const hosts = [
  { name: 'web-02', backend: 'legacy' },
  { name: 'db-01', backend: 'nft' },
] as const;

// no packet passes here, so that counters stay as they were loaded
const rules = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [8:800]
:OUTPUT ACCEPT [0:0]
:sshguard - [0:0]
[0:0] -A INPUT -j sshguard
[11:110] -A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT
[22:220] -A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
[33:330] -A FORWARD -p tcp -m tcp --dport 443 -j ACCEPT
[44:440] -A sshguard -s 192.0.2.66/32 -j DROP
COMMIT
`;

for (const { name, backend } of hosts) {
  test(`counters are set to zero: of a rule, of a chain, of a table (${backend})`, {
    tag: ['@firewall', '@a11y'],
  }, async ({ page, signInAs, api, outside, expectAccessible }) => {
    const packets = async () => {
      const saved = await outside.onHost(name, 'iptables-save', '-c', '-t', 'filter');
      return [...saved.matchAll(/^\[(\d+):\d+\] -A (?:FORWARD|sshguard)/gm)].map(([, count]) =>
        Number(count),
      );
    };
    await outside.resetHost(name);
    await outside.restoreOnHost(name, rules);
    await signInAs('admin');
    await page.goto(`/instances/${api.idOf(name)}/firewall?chain=FORWARD`);

    await ruleRow(page, 2).click();
    const inspector = page.getByTestId('rule-inspector');
    await expect(inspector).toContainText('22');
    await inspector.getByRole('button', { name: '카운터 초기화 (-Z)' }).click();
    const dialog = page.getByTestId('zero-dialog');
    await expect(dialog).toContainText('sudo iptables -Z FORWARD 2');
    await expectAccessible();
    await dialog.getByRole('button', { name: '취소' }).click();
    expect(await packets()).toEqual([11, 22, 33, 44]);
    await inspector.getByRole('button', { name: '카운터 초기화 (-Z)' }).click();
    await dialog.getByTestId('zero-counters').click();
    await expect(dialog).toBeHidden();
    await expect.poll(packets).toEqual([11, 0, 33, 44]);
    await expect(inspector).toContainText('아직 이 Rule과 일치한 패킷이 없습니다');

    // its number is that of the draft, in which a rule before it is deleted
    await typeCommand(page, '-D FORWARD 1');
    await typeCommand(page, '-Z FORWARD 2');
    const answer = page.getByTestId('command-answer');
    await expect(answer).toContainText('FORWARD 3번 Rule');
    await answer.getByTestId('zero-counters').click();
    await expect(answer).toContainText('카운터를 0으로 되돌렸습니다.');
    await expect.poll(packets).toEqual([11, 0, 0, 44]);

    await outside.restoreOnHost(name, rules);
    await typeCommand(page, '-Z sshguard');
    await expect(answer).toContainText('다른 프로그램의 Chain');
    await typeCommand(page, '-Z');
    await answer.getByTestId('zero-counters').click();
    await expect(answer).toContainText('카운터를 0으로 되돌렸습니다.');
    await expect.poll(packets).toEqual([0, 0, 0, 44]);
    await outside.resetHost(name);
  });
}

test('who may not change rules reads why counters stay', { tag: '@firewall' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  await outside.resetHost('web-02');
  await outside.restoreOnHost('web-02', rules);
  await signInAs('member');
  await openFirewall(page, api.idOf('web-02'));
  await typeCommand(page, '-Z FORWARD');
  const zero = page.getByTestId('command-answer').getByTestId('zero-counters');
  await zero.focus();
  await expect(page.getByRole('tooltip')).toContainText('프로젝트 관리자');
  await outside.resetHost('web-02');
});
