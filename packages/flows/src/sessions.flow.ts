import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { installationApi } from './testing/api.ts';
import { sessionClock } from './testing/clock.ts';
import { expectFits } from './testing/fits.ts';
import { freeInterface } from './testing/public-ips.ts';
import {
  choose,
  expectToast,
  fillRule,
  instanceRow,
  openFirewall,
  openInstanceMenu,
  openRuleForm,
  submitRule,
} from './verbs.ts';

test('a session that another browser ends asks for the key in place: page and draft stay, nothing is sent', {
  tag: ['@sessions', '@a11y'],
}, async ({ page, browser, baseURL, signInAs, api, installation, outside, expectAccessible }) => {
  await outside.resetHost('web-01');
  const before = await outside.rulesOf('web-01');
  // flows before this one have left sessions of the same account
  await (await installationApi(installation.url, 'member')).call('DELETE', apiPaths.sessions);
  await signInAs('member');
  const there = await browser.newContext({ baseURL: baseURL ?? '' });
  const other = await there.newPage();
  await other.goto('/');
  await other.getByTestId('seeded-member').click();
  await expect(instanceRow(other, 'web-01')).toBeVisible();
  await openFirewall(other, api.idOf('web-01'));
  const form = await openRuleForm(other);
  await fillRule(other, form, { protocol: 'tcp', port: '8080', target: 'DROP' });
  await submitRule(form);
  await expect(other.getByTestId('draft-bar')).toBeVisible();
  const address = other.url();

  await page.goto('/sessions');
  const rows = page.getByTestId('session-row');
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: '이 세션' })).toHaveCount(1);
  await expectAccessible();
  await rows
    .filter({ hasNotText: '이 세션' })
    .getByRole('button', { name: /끝내기$/ })
    .click();
  await expectToast(page, '세션을 끝냈습니다');
  await expect(rows).toHaveCount(1);

  const again = other.getByTestId('session-dialog');
  await expect(again).toBeVisible({ timeout: 30_000 });
  await expectAccessible(other);
  expect((await there.request.get(apiPaths.instances, { headers: { 'x-moru-request': '1' } })).status()).toBe(
    401,
  );
  await again.getByTestId('seeded-member').click();
  await expect(again).toBeHidden();
  expect(other.url()).toBe(address);
  await expect(other.getByTestId('draft-bar')).toBeVisible();
  await expect(other.getByText('8080').first()).toBeVisible();
  expect(await outside.rulesOf('web-01')).toBe(before);
  await there.close();
});

test('signing out everywhere, by keyboard alone', { tag: ['@sessions', '@a11y'] }, async ({
  page,
  browser,
  baseURL,
  signInAs,
  expectAccessible,
}) => {
  await signInAs('reader');
  const there = await browser.newContext({ baseURL: baseURL ?? '' });
  const other = await there.newPage();
  await other.goto('/');
  await other.getByTestId('seeded-reader').click();
  await expect(instanceRow(other, 'web-01')).toBeVisible();

  await page.getByRole('link', { name: '세션' }).focus();
  await page.keyboard.press('Enter');
  const all = page.getByRole('button', { name: '모든 곳에서 로그아웃' });
  await all.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByTestId('end-all-dialog');
  await expect(dialog.getByRole('button', { name: '취소' })).toBeFocused();
  await expectAccessible();
  await page.keyboard.press('Escape');
  await expect(all).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: '모두 로그아웃' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Moru에 로그인' })).toBeVisible();
  await other.reload();
  await expect(other.getByRole('heading', { name: 'Moru에 로그인' })).toBeVisible();
  await there.close();
});

test('what cannot be taken back asks for the key again after a while, and then goes on', {
  tag: ['@sessions', '@a11y'],
}, async ({ page, installation, api, outside, signInAs, expectAccessible }) => {
  await freeInterface(api, 'web-01');
  await signInAs('admin');
  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-connect').click();
  const connect = page.getByTestId('connect-dialog');
  await choose(connect, '새로운 Public IP를 생성하고 자동으로 할당');
  await connect.getByRole('button', { name: '확인' }).click();
  await expectToast(page, 'Public IP를 연결했습니다');
  const address = (await api.instance('web-01')).networkInterfaces[0]?.publicIp?.address ?? '';
  expect(await outside.fetchFromInternet(address)).toContain('web-01');
  sessionClock(installation).forgetProofs();

  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-disconnect').click();
  const disconnect = page.getByTestId('disconnect-dialog');
  await choose(disconnect, 'Instance와 연결된 Public IP를 연결 해제한 후 자동으로 삭제합니다.');
  const submit = disconnect.getByRole('button', { name: '연결 해제' });
  await submit.click();
  const proof = page.getByTestId('proof-dialog');
  await expect(proof).toContainText('되돌릴 수 없는');
  await expectAccessible();
  await page.keyboard.press('Escape');
  await expect(disconnect).toContainText('액세스 키를 다시 확인한 뒤에');
  expect(await outside.fetchFromInternet(address)).toContain('web-01');

  await submit.click();
  const form = proof.getByTestId('sign-in-form');
  const key = installation.accounts.find(({ id }) => id === 'admin');
  await form.getByLabel('액세스 키 ID').fill(key?.accessKeyId ?? '');
  await form.getByLabel('보안 액세스 키').fill('wrong');
  await form.getByRole('button', { name: '확인하고 계속' }).click();
  await expect(proof).toContainText('맞지 않습니다');
  await form.getByLabel('보안 액세스 키').fill(key?.secret ?? '');
  await form.getByRole('button', { name: '확인하고 계속' }).click();
  await expectToast(page, '연결을 해제하고 Public IP를 삭제했습니다');
  expect(await outside.fetchFromInternet(address)).toBeNull();
  expect((await api.publicIps()).map((ip) => ip.address)).not.toContain(address);
});

test('the end of a session is announced, and the key keeps it going where one is', {
  tag: ['@sessions', '@a11y'],
}, async ({ page, installation, signInAs, expectAccessible }) => {
  await signInAs('admin');
  await expect(page.getByTestId('session-ending')).toBeHidden();
  sessionClock(installation).endIn(570);
  await page.goto('/public-ips?q=203');
  const notice = page.getByTestId('session-ending');
  await expect(notice).toContainText(/(10|9)분 뒤에 세션이 끝납니다/);
  await expectAccessible();
  await notice.getByRole('button', { name: '세션 이어 가기' }).click();
  await page.getByTestId('proof-dialog').getByTestId('seeded-admin').click();
  await expect(notice).toBeHidden();
  await expect(page.getByTestId('proof-dialog')).toBeHidden();
  expect(new URL(page.url()).search).toBe('?q=203');
});

test('a session that nobody uses says so before it ends, and any key keeps it', {
  tag: ['@sessions', '@a11y'],
}, async ({ page, installation, signInAs, expectAccessible }) => {
  await signInAs('reader');
  const clock = sessionClock(installation);
  const notice = page.getByTestId('session-ending');
  await expect(async () => {
    // again where the page was still reading what signing in had begun, which is use
    clock.leaveFor(52);
    // the stream looks at its sessions every ten seconds
    await expect(notice).toContainText('한동안 쓰지 않았습니다', { timeout: 15_000 });
  }).toPass({ timeout: 60_000 });
  await expectAccessible();
  await page.keyboard.press('Shift');
  await expect(notice).toBeHidden();
  await expect.poll(() => clock.usedSecondsAgo()).toBeLessThan(60 * 50);
});

test('a program gets a token of its own, uses it, and is ended', async ({
  page,
  request,
  signInAs,
  expectAccessible,
}) => {
  await signInAs('admin');
  await page.goto('/sessions');
  await page.getByRole('button', { name: 'API 토큰 만들기' }).click();
  const dialog = page.getByTestId('api-token-dialog');
  await expect(dialog.getByLabel('이름')).toBeFocused();
  await expectAccessible();
  await dialog.getByTestId('seeded-admin').click();
  await expect(dialog.getByTestId('field-error').first()).toBeVisible();
  await expect(dialog.getByLabel('이름')).toBeFocused();
  await page.keyboard.type('야간 점검');
  await dialog.getByTestId('seeded-admin').click();
  const issued = page.getByTestId('api-token-issued');
  await expect(issued).toBeVisible();
  await expectAccessible();
  await expectFits(page);
  const token = (await issued.locator('code').first().textContent()) ?? '';
  const asProgram = { headers: { authorization: `Bearer ${token}` } };
  expect((await request.get(apiPaths.instances, asProgram)).status()).toBe(200);
  const stopped = await request.post(apiPaths.instanceStop('x'), asProgram);
  expect((await stopped.json()).code).toBe('role.insufficient');

  await dialog.getByRole('button', { name: '닫기' }).last().click();
  const row = page.getByTestId('session-row').filter({ hasText: '야간 점검' });
  await expect(row).toContainText('API 토큰');
  expect(await page.content()).not.toContain(token);
  await row.getByRole('button', { name: /끝내기$/ }).click();
  await expect(row).toHaveCount(0);
  expect((await request.get(apiPaths.instances, asProgram)).status()).toBe(401);
});
