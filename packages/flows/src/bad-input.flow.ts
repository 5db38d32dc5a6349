import { apiPaths, type FirewallState } from '@moru/types';
import { expect, test } from './fixtures.ts';
import {
  applyDraft,
  choose,
  fillRule,
  instanceRow,
  openFirewall,
  openInstanceMenu,
  openRuleForm,
  ruleRow,
  submitRule,
} from './verbs.ts';

test('a wrong key is told in the form, and what was typed stays', { tag: '@safety' }, async ({ page }) => {
  await page.goto('/');
  const form = page.getByTestId('sign-in-form');
  await form.getByLabel('액세스 키 ID').fill('not-a-key');
  await form.getByLabel('보안 액세스 키').fill('not-a-secret');
  await form.getByRole('button', { name: '로그인' }).click();
  await expect(form).toContainText('액세스 키 ID나 보안 액세스 키가 맞지 않습니다.');
  await expect(form.getByLabel('액세스 키 ID')).toHaveValue('not-a-key');
});

test('an unknown instance and an unknown page say so and lead back', {
  tag: ['@safety', '@a11y'],
}, async ({ page, signInAs, expectAccessible }) => {
  await signInAs('admin');
  await page.goto('/instances/00000000-0000-4000-8000-000000000000/firewall');
  await expect(page.getByText('Instance를 찾을 수 없습니다.')).toBeVisible();
  await page.goto('/nowhere');
  await expect(page.getByRole('link', { name: 'Instance 목록으로 가기' })).toBeVisible();
  await expectAccessible();
  await page.getByRole('link', { name: 'Instance 목록으로 가기' }).click();
  await expect(instanceRow(page, 'web-01')).toBeVisible();
});

test('wrong values are refused at their fields before anything is sent', { tag: '@safety' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  await outside.resetHost('web-02');
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-02'));
  const before = await outside.rulesOf('web-02');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') sent.push(request.url());
  });
  const form = await openRuleForm(page);
  await fillRule(page, form, {
    source: '10.0.0.300',
    protocol: 'tcp',
    port: '70000',
    target: 'ACCEPT',
    inInterface: 'abcdefghijklmnopqrst',
  });
  const submit = form.getByRole('button', { name: '초안에 반영', exact: true });
  await expect(submit).toHaveAttribute('aria-disabled', 'true');
  // pressed all the same it marks what is wrong and leads to the first of it
  await submit.click({ force: true });
  await expect(form.getByRole('textbox', { name: 'Source IP', exact: true })).toBeFocused();
  for (const words of [
    '주소를 읽을 수 없습니다.',
    'Port는 0부터 65535까지입니다.',
    '인터페이스 이름은 15자까지입니다.',
  ]) {
    await expect(form.getByTestId('field-error').filter({ hasText: words })).toBeVisible();
  }
  expect(sent).toEqual([]);
  expect(await outside.rulesOf('web-02')).toBe(before);
});

test('what the form cannot say is refused by BFF and agent alike: a newline in a comment', {
  tag: '@safety',
}, async ({ api, outside }) => {
  await outside.resetHost('web-02');
  const id = api.idOf('web-02');
  const before = await outside.rulesOf('web-02');
  const { revision } = (await api.call('GET', apiPaths.firewall(id))).body as FirewallState;
  const place = { type: 'append', family: 'ipv4', revision, table: 'filter', chain: 'INPUT' };
  const rules = [
    '-m comment --comment "x\n-A INPUT -j ACCEPT" -j ACCEPT',
    '-p tcp --dport 70000 -j ACCEPT',
    '-i abcdefghijklmnopqrst -j ACCEPT',
    '-s 10.0.0.300 -j ACCEPT',
    '-i -F -j ACCEPT',
  ];
  for (const rule of rules) {
    const { status, body } = await api.call('POST', apiPaths.firewallChanges(id), { ...place, rule });
    expect({ rule, status }).toEqual({ rule, status: 400 });
    expect((body as { fields: unknown[] }).fields.length).toBeGreaterThan(0);
  }
  expect(await outside.rulesOf('web-02')).toBe(before);
});

test('a rule typed on the host meanwhile: the draft goes on upon the new rules', { tag: '@safety' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  await outside.resetHost('web-02');
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-02'));
  const form = await openRuleForm(page);
  await fillRule(page, form, { protocol: 'tcp', port: '8080', target: 'ACCEPT' });
  await submitRule(form);
  await outside.onHost('web-02', 'iptables', '-A', 'INPUT', '-p', 'udp', '--dport', '53', '-j', 'ACCEPT');
  await expect(page.getByTestId('rule-row')).toHaveCount(3, { timeout: 20_000 });
  await expect(ruleRow(page, 3)).toHaveAttribute('data-mark', 'added');
  expect(await outside.rulesOf('web-02')).not.toContain('8080');

  await applyDraft(page);
  const rules = await outside.rulesOf('web-02');
  expect(rules).toContain('--dport 53 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT');
});

test('an agent that does not answer: the tab says so, and reads again when it is back', {
  tag: '@safety',
}, async ({ page, signInAs, api, outside }) => {
  await outside.resetHost('web-02');
  await signInAs('admin');
  await outside.onHost('web-02', 'iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '7443', '-j', 'REJECT');
  await page.goto(`/instances/${api.idOf('web-02')}/firewall`);
  const panel = page.getByTestId('firewall-unreachable');
  await expect(panel).toContainText('호스트의 에이전트');
  await outside.onHost('web-02', 'iptables', '-D', 'INPUT', '1');
  await panel.getByRole('button', { name: '다시 시도' }).click();
  await expect(page.getByTestId('policy-row')).toBeVisible();
});

const connectFaults = [
  { kind: 'status', status: 500, words: '클라우드 API' },
  { kind: 'hang', words: '결과를 알 수 없습니다.' },
] as const;

for (const { words, ...what } of connectFaults) {
  test(`a cloud that answers a connect with ${what.kind}: told in the popup, nothing half done`, {
    tag: '@safety',
  }, async ({ page, signInAs, api, fault, heal }) => {
    const before = await api.publicIps();
    await signInAs('admin');
    await openInstanceMenu(page, 'web-01');
    await page.getByTestId('menu-connect').click();
    const dialog = page.getByTestId('connect-dialog');
    await choose(dialog, '새로운 Public IP를 생성하고 자동으로 할당');
    const { kind, ...details } = what;
    await fault('POST /api/v1/instances/*/network-interfaces/*/public-ips', kind, details);
    await dialog.getByRole('button', { name: '확인' }).click();
    await expect(dialog).toContainText(words, { timeout: 20_000 });
    await heal();
    expect((await api.publicIps()).length).toBe(before.length);
    expect((await api.instance('web-01')).networkInterfaces[0]?.publicIp).toBeNull();
    await dialog.getByRole('button', { name: '취소' }).click();
    await expect(instanceRow(page, 'web-01')).toContainText('없음');
  });
}

test('a cloud that answers the list with 500: an error with a way to try again', { tag: '@safety' }, async ({
  page,
  signInAs,
  fault,
  heal,
}) => {
  await signInAs('reader');
  await fault('GET /api/v1/instances', 'status', { status: 500 });
  await page.reload();
  await expect(page.getByRole('main')).toContainText('클라우드 API가 요청을 처리하지 못했습니다.', {
    timeout: 20_000,
  });
  await heal();
  await page.getByRole('button', { name: '다시 시도' }).click();
  await expect(instanceRow(page, 'web-01')).toBeVisible();
});
