import { expect, test } from './fixtures.ts';
import {
  applyDraft,
  expectDraftKept,
  openFirewall,
  openReview,
  ruleRow,
  startTrial,
  typeCommand,
} from './verbs.ts';

const host = 'web-02';
const allow = (port: number) => `sudo iptables -A INPUT -p tcp --dport ${port} -j ACCEPT`;

test.beforeEach(({ outside }) => outside.resetHost(host));

test('a draft survives a reload and a new sign-in, and the host moving underneath', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  const before = await outside.rulesOf(host);
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await typeCommand(page, allow(8081));
  await typeCommand(page, allow(8082));
  await expectDraftKept(page);
  await page.reload();
  await expect(page.getByTestId('draft-count')).toHaveText('변경 2건');
  await expect(ruleRow(page, 3)).toHaveAttribute('data-mark', 'added');

  // a press on sign-out does not lose what was typed just before
  await typeCommand(page, allow(8083));
  await page.getByTestId('account').click();
  await expect(page.getByTestId('menu-sign-out')).toBeVisible();
  await expectAccessible();
  await page.getByTestId('menu-sign-out').click();
  await expect(page.getByTestId('seeded-admin')).toBeVisible();
  await outside.onHost(host, 'iptables', '-I', 'INPUT', '-p', 'udp', '--dport', '53', '-j', 'ACCEPT');
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await expect(page.getByTestId('draft-count')).toHaveText('변경 3건');
  await expect(ruleRow(page, 5)).toHaveAttribute('data-mark', 'added');
  await expectAccessible();
  expect(await outside.rulesOf(host)).not.toContain('808');

  await applyDraft(page);
  const rules = await outside.rulesOf(host);
  expect(rules).not.toBe(before);
  for (const port of [8081, 8082, 8083]) expect(rules).toContain(`--dport ${port} -j ACCEPT`);
  await page.reload();
  await expect(page.getByTestId('policy-row')).toBeVisible();
  await expect(page.getByTestId('draft-bar')).toBeHidden();
});

test('two windows of one administrator: what either does is there in both', { tag: '@firewall' }, async ({
  page,
  context,
  signInAs,
  api,
}) => {
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  const other = await context.newPage();
  await openFirewall(other, api.idOf(host));
  await typeCommand(page, allow(8081));
  await expect(other.getByTestId('draft-count')).toHaveText('변경 1건', { timeout: 20_000 });
  // both at once: neither has heard of the other
  await Promise.all([typeCommand(page, allow(8082)), typeCommand(other, allow(8083))]);
  for (const each of [page, other]) {
    await expect(each.getByTestId('draft-count')).toHaveText('변경 3건', { timeout: 20_000 });
    await expectDraftKept(each);
  }
});

test('a second administrator sees that there is a draft, and not what is in it', {
  tag: '@firewall',
}, async ({ page, browser, installation, signInAs, api }) => {
  await signInAs('member');
  await openFirewall(page, api.idOf(host));
  await typeCommand(page, allow(8081));
  await expectDraftKept(page);
  const context = await browser.newContext({ baseURL: installation.url });
  const second = await context.newPage();
  await second.goto('/');
  await second.getByTestId('seeded-admin').click();
  await expect(second.getByRole('heading', { name: 'Instance', level: 1 })).toBeVisible();
  await openFirewall(second, api.idOf(host));
  await expect(second.getByTestId('others-drafts')).toContainText('member 님의 초안이 있습니다.');
  await expect(second.getByTestId('draft-bar')).toBeHidden();
  await expect(second.getByTestId('rule-row')).toHaveCount(1);
  // it is gone for the others once it is discarded
  await page.getByRole('button', { name: '버리기' }).click();
  await page.getByRole('button', { name: '모두 버리기' }).click();
  await expect(second.getByTestId('others-drafts')).toBeHidden({ timeout: 20_000 });
  await context.close();
});

test('a reload in the middle of a trial: reverted, the draft is as it was', { tag: '@firewall' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  const before = await outside.rulesOf(host);
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await typeCommand(page, allow(8081));
  await startTrial(page, await openReview(page));
  await page.reload();
  await expect(page.getByTestId('trial-band')).toBeVisible();
  await page.getByTestId('revert-trial').click();
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'reverted', { timeout: 30_000 });
  expect(await outside.rulesOf(host)).toBe(before);
  await page.getByTestId('leave-outcome').click();
  await expect(page.getByTestId('draft-count')).toHaveText('변경 1건');
  await expect(ruleRow(page, 2)).toHaveAttribute('data-mark', 'added');
});

test('a rule that is switched off leaves the host, and its place is kept for whoever looks', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  test.slow();
  for (const port of ['8081', '8082', '8083']) {
    await outside.onHost(host, 'iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', port, '-j', 'ACCEPT');
  }
  const before = await outside.rulesOf(host);
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await ruleRow(page, 3).getByTestId('rule-menu').click();
  await expect(page.getByTestId('menu-turn-rule')).toBeVisible();
  await expectAccessible();
  await page.getByTestId('menu-turn-rule').click();
  await applyDraft(page);
  expect(await outside.rulesOf(host)).toBe(before.replace(/\n.*8082.*/, ''));
  await page.reload();
  const rows = page.getByTestId('rule-row');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(2)).toContainText('8082');
  await rows.nth(2).getByTestId('rule-menu').click();
  await page.getByTestId('menu-turn-rule').click();
  await applyDraft(page);
  expect(await outside.rulesOf(host)).toBe(before);
});
