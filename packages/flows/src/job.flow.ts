import { expect, test } from './fixtures.ts';
import {
  applyDraft,
  choose,
  deleteRule,
  expectToast,
  fillRule,
  instanceRow,
  openInstanceMenu,
  openRuleForm,
  ruleRow,
  submitRule,
} from './verbs.ts';

test('the main job: sign in, connect, reach, add and delete a rule, save, disconnect and delete', {
  tag: ['@smoke', '@public-ip', '@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  // two changes are tried and kept on the host, and axe looks at each screen
  test.slow();
  await outside.resetHost('web-01');
  await signInAs('admin');
  await expectAccessible();

  await openInstanceMenu(page, 'web-01');
  await expectAccessible();
  await page.getByTestId('menu-connect').click();
  const connect = page.getByTestId('connect-dialog');
  await expect(connect.getByRole('heading', { name: 'Public IP 연결 설정' })).toBeVisible();
  await expect(connect).toContainText('모든 포트가 외부에 열립니다.');
  await expectAccessible();
  await choose(connect, '새로운 Public IP를 생성하고 자동으로 할당');
  await connect.getByRole('button', { name: '확인' }).click();
  await expectToast(page, 'Public IP를 연결했습니다');

  const address = (await api.instance('web-01')).networkInterfaces[0]?.publicIp?.address ?? '';
  await expect(instanceRow(page, 'web-01')).toContainText(address);
  expect(await outside.fetchFromInternet(address)).toContain('web-01');

  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-firewall').click();
  await expect(page.getByTestId('state-strip')).toContainText('모든 포트가 열려 있습니다');
  await expectAccessible();
  const form = await openRuleForm(page);
  await fillRule(page, form, { protocol: 'tcp', port: '80', target: 'REJECT' });
  // what the tool answers with where nobody chooses
  await expect(form.getByRole('button', { name: '거절 방식' })).toContainText('icmp-port-unreachable');
  await expect(page.getByTestId('rule-preview')).toContainText(
    'sudo iptables -A INPUT -p tcp -m tcp --dport 80 -j REJECT',
  );
  await expectAccessible();
  await submitRule(form);
  await applyDraft(page);
  expect(await outside.onHost('web-01', 'iptables', '-S', 'INPUT')).toContain(
    '-A INPUT -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n',
  );
  expect(await outside.fetchFromInternet(address)).toBeNull();

  await page.getByRole('button', { name: 'Rule 설정 저장' }).click();
  await expectToast(page, '지금의 Rule을 저장했습니다');
  expect(await outside.onHost('web-01', 'cat', '/etc/iptables.rules')).toContain('--dport 80');

  await deleteRule(page, ruleRow(page, 2));
  await applyDraft(page);
  expect(await outside.onHost('web-01', 'iptables', '-S', 'INPUT')).toBe(
    '-P INPUT ACCEPT\n-A INPUT -j sshguard\n',
  );
  expect(await outside.fetchFromInternet(address)).toContain('web-01');

  await page.getByRole('link', { name: '출력' }).click();
  await page.getByTestId('output-list').click();
  await expect(page.getByTestId('output-text')).toContainText('Chain INPUT (policy ACCEPT');
  await expectAccessible();

  await page.goto('/');
  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-disconnect').click();
  const disconnect = page.getByTestId('disconnect-dialog');
  await expect(disconnect.getByRole('button', { name: '취소' })).toBeFocused();
  await choose(disconnect, 'Instance와 연결된 Public IP를 연결 해제한 후 자동으로 삭제합니다.');
  await expect(disconnect).toContainText('되찾을 수 없습니다');
  await expectAccessible();
  await disconnect.getByRole('button', { name: '연결 해제' }).click();
  await expectToast(page, '연결을 해제하고 Public IP를 삭제했습니다');
  await expect(instanceRow(page, 'web-01')).not.toContainText(address);
  expect(await outside.fetchFromInternet(address)).toBeNull();
  expect((await api.publicIps()).map((ip) => ip.address)).not.toContain(address);
});

test('an idle address is connected and kept when disconnected without deletion', {
  tag: ['@public-ip', '@firewall'],
}, async ({ page, signInAs, api, outside }) => {
  const idle = (await api.publicIps()).find(({ status }) => status === 'available')?.address ?? '';
  await signInAs('admin');
  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-connect').click();
  const connect = page.getByTestId('connect-dialog');
  await choose(connect, '가지고 있는 Public IP에서 선택');
  await choose(connect, idle);
  await connect.getByRole('button', { name: '확인' }).click();
  await expectToast(page, 'Public IP를 연결했습니다');
  expect(await outside.fetchFromInternet(idle)).toContain('web-01');

  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-disconnect').click();
  const disconnect = page.getByTestId('disconnect-dialog');
  await expect(disconnect).toContainText('요금이 계속 나옵니다');
  await disconnect.getByRole('button', { name: '연결 해제' }).click();
  await expectToast(page, '연결을 해제했습니다. 주소는 남아 있습니다');
  expect(await outside.fetchFromInternet(idle)).toBeNull();
  expect((await api.publicIps()).find(({ address }) => address === idle)?.status).toBe('available');
});
