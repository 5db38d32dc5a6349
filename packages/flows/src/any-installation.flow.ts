import { expect, test } from './fixtures.ts';
import { markOf } from './target.ts';
import { forgetMade, noteMade } from './testing/journal.ts';
import { freeInterface } from './testing/public-ips.ts';
import {
  applyDraft,
  choose,
  deleteRule,
  expectToast,
  instanceRow,
  openFirewall,
  openInstanceMenu,
  typeCommand,
} from './verbs.ts';

// what QA runs against an installation of their own first (README)

test('every page of an instance opens, in both languages', {
  tag: ['@smoke', '@anywhere', '@a11y'],
}, async ({ page, signInAs, api, expectAccessible }) => {
  await signInAs('admin');
  await expect(instanceRow(page, 'web-01')).toBeVisible();
  await expectAccessible();
  const host = `/instances/${api.idOf('web-01')}`;
  for (const tab of [
    'network',
    'routing',
    'firewall',
    'firewall/packet',
    'firewall/history',
    'firewall/output',
  ]) {
    await page.goto(`${host}/${tab}`);
    await expect(page.getByRole('main').locator(':is(table, h2, h3, p, pre)').first()).toBeVisible();
    await expectAccessible();
  }
  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('a rule goes to a host by a trial, is seen there, and goes again', {
  tag: ['@anywhere', '@firewall'],
  annotation: {
    type: 'changes',
    description: 'a rule for a documentation address on web-01, taken away again',
  },
}, async ({ page, signInAs, api, outside, run }) => {
  test.slow();
  const before = await outside.rulesOf('web-01');
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-01'));
  // 192.0.2.0/24 is nobody's (RFC 5737)
  await typeCommand(page, `-A INPUT -s 192.0.2.77/32 -m comment --comment "${markOf(run)}" -j DROP`);
  await applyDraft(page);
  const rule = `-A INPUT -s 192.0.2.77/32 -m comment --comment "${markOf(run)}" -j DROP`;
  expect(await outside.rulesOf('web-01')).toContain(rule);
  await deleteRule(page, page.getByTestId('rule-row').filter({ hasText: markOf(run) }));
  await applyDraft(page);
  expect(await outside.rulesOf('web-01')).toBe(before);
});

test('a new Public IP is connected, and is gone when it is disconnected with deletion', {
  tag: ['@anywhere', '@public-ip'],
  annotation: {
    type: 'changes',
    description: 'a new Public IP on web-01 (billed while it is there), deleted again',
  },
}, async ({ page, signInAs, api, target, run }) => {
  test.slow();
  const held = async () => (await api.instance('web-01')).networkInterfaces[0]?.publicIp ?? null;
  const foreign = !target.own && (await held()) !== null;
  test.skip(foreign, 'web-01 has a Public IP already, which stays as it is');
  await freeInterface(api, 'web-01');
  await signInAs('admin');
  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-connect').click();
  const connect = page.getByTestId('connect-dialog');
  await choose(connect, '새로운 Public IP를 생성하고 자동으로 할당');
  await connect.getByRole('button', { name: '확인' }).click();
  await expectToast(page, 'Public IP를 연결했습니다');
  const address = (await held())?.address ?? 'an address';
  noteMade({ run, url: target.url, address });
  await expect(instanceRow(page, 'web-01')).toContainText(address);
  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-disconnect').click();
  const disconnect = page.getByTestId('disconnect-dialog');
  await choose(disconnect, 'Instance와 연결된 Public IP를 연결 해제한 후 자동으로 삭제합니다.');
  await disconnect.getByRole('button', { name: '연결 해제' }).click();
  await expectToast(page, '연결을 해제하고 Public IP를 삭제했습니다');
  expect((await api.publicIps()).map((ip) => ip.address)).not.toContain(address);
  forgetMade(target.url, address);
});
