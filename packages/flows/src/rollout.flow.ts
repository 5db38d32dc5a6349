import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { expectFits } from './testing/fits.ts';
import { choose, openFirewall, ruleRow, tabTo, typeCommand } from './verbs.ts';

// a host is asked, changed and asked again over new connections
const settled = { timeout: 90_000 };
const rule = '-A INPUT -p tcp -m tcp --dport 8443 -j ACCEPT';
/** What no look beforehand can judge, and cuts off all the same. */
const unforeseen = '-A INPUT -p tcp -m limit --limit 10000/sec --limit-burst 10000 -j DROP';
const ban = '-A sshguard -s 203.0.113.77/32 -j DROP';

/** From the rules of an instance to the page that copies them. */
async function openCopy(page: Page, instanceId: string): Promise<Locator> {
  await openFirewall(page, instanceId);
  await page.getByTestId('transfer-menu').click();
  await page.getByTestId('menu-copy-to-hosts').click();
  const form = page.getByTestId('rollout-form');
  await expect(form).toBeVisible();
  return form;
}

async function chooseHosts(form: Locator, ...names: string[]): Promise<void> {
  for (const name of names) {
    await choose(form.getByTestId('rollout-target').filter({ hasText: name }), name);
  }
}

const planOf = (form: Locator, name: string) => form.getByTestId('host-plan').filter({ hasText: name });
const hostOf = (page: Page, name: string) => page.getByTestId('rollout-host').filter({ hasText: name });
const stateOf = (page: Page, name: string) => hostOf(page, name).getByTestId('host-state');

test('a rule goes to two more hosts, one after the other, and is taken back on both', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, reset, expectAccessible }) => {
  test.slow();
  await reset();
  await outside.onHost('web-01', 'iptables', ...rule.split(' '));
  await outside.onHost('db-01', 'iptables', ...ban.split(' '));
  const before = await outside.rulesOf('db-01');
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-01'));
  await ruleRow(page, 2).click({ modifiers: ['Control'] });
  await page.getByTestId('copy-chosen').click();
  const form = page.getByTestId('rollout-form');
  await expect(form.getByTestId('start-rollout')).toHaveAttribute('aria-disabled', 'true');
  await expect(
    form.getByTestId('rollout-rule').filter({ hasText: '8443' }).getByRole('checkbox'),
  ).toBeChecked();
  await expectAccessible();
  await chooseHosts(form, 'db-01', 'web-02', 'batch-01');
  await form.getByTestId('preview').click();
  await expect(form.getByTestId('plan-summary')).toHaveText(
    '바꿀 호스트 2 · 이미 같음 0 · 할 수 없음 1',
    settled,
  );
  await expect(planOf(form, 'batch-01')).toContainText('지금 Instance 상태에서는 할 수 없습니다.');
  await expect(planOf(form, 'db-01')).toContainText('+1 −0');
  await planOf(form, 'db-01').getByRole('button', { name: 'db-01 차이 보기' }).click();
  await expect(planOf(form, 'db-01').getByTestId('difference')).toContainText('--dport 8443 -j ACCEPT');
  await expectAccessible();
  expect(await outside.rulesOf('db-01')).toBe(before);

  await choose(form, '확인되면 /etc/iptables.rules에도 저장');
  for (const tick of await form.locator('footer').getByRole('checkbox').all())
    await tick.check({ force: true });
  await form.getByTestId('start-rollout').click();
  const course = page.getByTestId('rollout');
  await expect(course).toHaveAttribute('data-state', 'paused', settled);
  await expect(stateOf(page, 'db-01')).toHaveAttribute('data-state', 'kept');
  await expect(stateOf(page, 'web-02')).toHaveAttribute('data-state', 'waiting');
  expect(await outside.rulesOf('db-01')).toContain(rule);
  expect(await outside.rulesOf('db-01')).toContain(ban);
  const saved = await outside.onHost('db-01', 'cat', '/etc/iptables.rules');
  expect(saved).toContain(rule);
  // a ban is not for ever
  expect(saved).not.toContain(ban);
  expect(await outside.rulesOf('web-02')).not.toContain(rule);
  await expectAccessible();

  // the page is only a look at it
  await page.goto('/tasks');
  const task = page.getByTestId('operation').filter({ hasText: 'Rule 배포' }).first();
  await expect(task).toHaveAttribute('data-state', 'paused');
  await task.getByRole('link', { name: '자세히' }).click();
  await page.getByTestId('continue-rollout').click();
  await expect(course).toHaveAttribute('data-state', 'succeeded', settled);
  expect(await outside.rulesOf('web-02')).toContain(rule);
  await expect(page.getByTestId('rollout-progress')).toHaveText('2대 중 2대에 적용했습니다.');

  await page.getByTestId('undo-rollout').click();
  await form.getByTestId('preview').click();
  await expect(form.getByTestId('plan-summary')).toContainText('바꿀 호스트 2', settled);
  await expectAccessible();
  await choose(form.getByTestId('rollout-order'), '첫 호스트 뒤에 멈추고');
  for (const tick of await form.locator('footer').getByRole('checkbox').all())
    await tick.check({ force: true });
  await form.getByTestId('start-rollout').click();
  await expect(course).toHaveAttribute('data-state', 'succeeded', settled);
  expect(await outside.rulesOf('db-01')).toBe(before);
  expect(await outside.rulesOf('web-02')).not.toContain(rule);
});

test('a rule that cuts off the first host is put back there, and no other host is touched', {
  tag: ['@firewall', '@safety', '@a11y'],
}, async ({ page, signInAs, api, outside, reset, expectAccessible }) => {
  test.slow();
  await reset();
  const before = [await outside.rulesOf('db-01'), await outside.rulesOf('web-02')];
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-01'));
  await typeCommand(page, `sudo iptables ${unforeseen}`);
  const form = await openCopy(page, api.idOf('web-01'));
  await choose(form.getByTestId('rollout-rule').filter({ hasText: '10000' }), '10000');
  await chooseHosts(form, 'db-01', 'web-02');
  await form.getByTestId('preview').click();
  await expect(form.getByTestId('plan-summary')).toContainText('바꿀 호스트 2', settled);
  await expect(planOf(form, 'db-01').getByTestId('host-warning').first()).toContainText(
    '미리 알 수 없습니다',
  );
  await expect(form.getByTestId('start-rollout')).toHaveAttribute('aria-disabled', 'true');
  await choose(form.locator('footer'), '경고를 확인했습니다');
  await choose(form.getByTestId('rollout-order'), '첫 호스트 뒤에 멈추고');
  await form.getByRole('button', { name: /기다리는 시간/ }).click();
  await page.getByRole('option', { name: '30초' }).click();
  await form.getByTestId('start-rollout').click();
  await expect(stateOf(page, 'db-01')).toHaveAttribute('data-state', 'proving', settled);
  await expect(page.getByTestId('rollout')).toHaveAttribute('data-state', 'failed', { timeout: 120_000 });
  await expect(stateOf(page, 'db-01')).toHaveAttribute('data-state', 'failed');
  await expect(hostOf(page, 'db-01')).toContainText('새 연결로 확인되지 않아 이전 Rule로 되돌렸습니다.');
  await expect(stateOf(page, 'web-02')).toHaveAttribute('data-state', 'untouched');
  await expectAccessible();
  expect([await outside.rulesOf('db-01'), await outside.rulesOf('web-02')]).toEqual(before);
});

test('rules that would cut off a host are refused by name; who may not is told', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, reset, expectAccessible }) => {
  await reset();
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-01'));
  await typeCommand(page, 'sudo iptables -P INPUT DROP');
  const form = await openCopy(page, api.idOf('web-01'));
  await choose(form.getByTestId('rollout-what'), 'Chain 통째로');
  await choose(form.getByTestId('rollout-what'), 'INPUT');
  await chooseHosts(form, 'web-02');
  await form.getByTestId('preview').click();
  await expect(planOf(form, 'web-02')).toContainText('이 호스트로 가는 접속이 끊기므로', settled);
  await expect(form.getByTestId('start-rollout')).toHaveAccessibleDescription(
    '바꿀 수 있는 호스트가 없습니다.',
  );
  await expectAccessible();

  await signInAs('reader');
  await openFirewall(page, api.idOf('web-01'));
  await page.getByTestId('transfer-menu').click();
  await expect(page.getByTestId('menu-copy-to-hosts')).toContainText('프로젝트 관리자만');
  await page.goto(`/instances/${api.idOf('web-01')}/firewall/copy`);
  await expect(page.getByText('프로젝트 관리자여야 합니다')).toBeVisible();
  await expectAccessible();
});

test('by keyboard, in English, dark and on a phone', { tag: ['@a11y'] }, async ({
  page,
  signInAs,
  api,
  outside,
  reset,
  expectAccessible,
}) => {
  test.slow();
  await reset();
  await outside.onHost('web-01', 'iptables', ...rule.split(' '));
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.addInitScript(() => localStorage.setItem('moru.language', 'en'));
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAs('admin');
  await page.goto(`/instances/${api.idOf('web-01')}/firewall/copy`);
  const form = page.getByTestId('rollout-form');
  await tabTo(page, form.getByTestId('rollout-rule').filter({ hasText: '8443' }).getByRole('checkbox'));
  await page.keyboard.press('Space');
  await tabTo(page, form.getByTestId('rollout-target').filter({ hasText: 'web-02' }).getByRole('checkbox'));
  await page.keyboard.press('Space');
  await tabTo(page, form.getByTestId('preview'));
  await page.keyboard.press('Enter');
  await expect(form.getByTestId('plan-summary')).toContainText('To change 1', settled);
  await expectFits(page);
  await expectEnglishOnly(page);
  await expectAccessible();
  for (const tick of await form.locator('footer').getByRole('checkbox').all())
    await tick.check({ force: true });
  await tabTo(page, form.getByTestId('start-rollout'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('rollout')).toHaveAttribute('data-state', 'succeeded', settled);
  await expectFits(page);
  await expectEnglishOnly(page);
  await expectAccessible();
});
