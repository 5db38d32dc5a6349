import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { expectFits } from './testing/fits.ts';
import { expectToast } from './verbs.ts';

/** Long enough for a machine that has other work. */
const soon = { timeout: 60_000 };

test('a host is revoked, enrolled again by the command shown, approved by its fingerprint, and answers', {
  tag: ['@safety', '@a11y'],
}, async ({ page, api, outside, signInAs, expectAccessible }) => {
  test.slow();
  const id = api.idOf('db-01');
  const firewall = async () =>
    (await api.call('GET', `${apiPaths.firewall(id)}?family=ipv4`)).body as {
      revision?: string;
      code?: string;
    };
  const rules = await outside.rulesOf('db-01');

  await signInAs('admin');
  await page.getByRole('link', { name: '호스트', exact: true }).click();
  const row = page.getByTestId('host-row').filter({ hasText: 'db-01' });
  await expect(row).toContainText('등록됨');
  await expectAccessible();

  await row.getByTestId('host-menu').click();
  await expect(page.getByTestId('menu-compare')).toContainText('기다리는 요청이 없습니다');
  await page.getByTestId('menu-revoke').click();
  const revoke = page.getByTestId('revoke-dialog');
  await expect(revoke.getByRole('button', { name: '취소' })).toBeFocused();
  await expect(revoke).toContainText('Rule은 그대로 남아');
  await expectAccessible();
  await revoke.getByRole('button', { name: '등록 해지' }).click();
  await expectToast(page, '등록을 해지했습니다');
  await expect(row).toContainText('해지됨');
  expect((await firewall()).code).toBe('agent.revoked');
  expect(await outside.rulesOf('db-01')).toBe(rules);

  await row.getByRole('button', { name: '등록: db-01' }).click();
  const enrol = page.getByTestId('enrol-dialog');
  await expectAccessible();
  await enrol.getByRole('button', { name: '토큰 만들기' }).click();
  const shown = enrol.getByRole('code').filter({ hasText: 'moru-agent enrol' });
  await expect(shown).toBeVisible();
  await expectAccessible();
  const authority = (await enrol.getByTestId('fingerprint').textContent()) ?? '';
  const [, program = '', ...args] = ((await shown.textContent()) ?? '').split(' ');
  const command = outside.onHost('db-01', program, ...args);
  command.catch(() => {});

  await expect(enrol).toContainText('스스로 밝힌 이름', soon);
  await expect(enrol).toContainText('이 Instance의 주소');
  await expectAccessible();
  const fingerprint = (await enrol.getByTestId('fingerprint').textContent()) ?? '';
  await enrol.getByRole('button', { name: '지문이 같습니다: 승인' }).click();
  await expect(enrol).toContainText('등록되었습니다.', soon);
  const said = await command;
  expect(said).toContain(authority);
  expect(said).toContain(fingerprint);
  await enrol.getByRole('button', { name: '닫기' }).last().click();
  await expect(row).toContainText('등록됨');
  await expect.poll(async () => (await firewall()).revision, soon).toBeTruthy();
});

test('a request that nobody knows is refused, and a token that is not needed is ended', {
  tag: ['@safety', '@a11y'],
}, async ({ page, api, outside, signInAs, expectAccessible }) => {
  const id = api.idOf('web-02');
  const made = (await api.call('POST', apiPaths.hostTokens(id), {})).body as { enrolCommand: string };
  const [, program = '', ...args] = made.enrolCommand.split(' ');
  await signInAs('admin');
  await page.goto(`/hosts?host=${id}&task=enrol`);
  const enrol = page.getByTestId('enrol-dialog');
  await expect(enrol.getByTestId('open-token')).toHaveCount(1);
  await page.keyboard.press('Escape');

  const command = outside.onHost('web-02', program, ...args).catch((error: unknown) => String(error));
  const row = page.getByTestId('host-row').filter({ hasText: 'web-02' });
  await expect(row).toContainText('새 등록 요청', soon);
  await expect(page.getByText('승인을 기다립니다')).toBeHidden();
  await row.getByRole('button', { name: '지문 비교: web-02' }).click();
  const compare = page.getByTestId('compare-dialog');
  await expect(compare.getByRole('button', { name: '거절' })).toBeVisible();
  await expectAccessible();
  await compare.getByRole('button', { name: '거절' }).click();
  await expectToast(page, '호스트의 요청을 거절했습니다');
  expect(await command).toContain('refused');
  // the certificate of before is as good as it was
  await expect(row).toContainText('등록됨');

  await row.getByTestId('host-menu').click();
  await expect(page.getByTestId('menu-enrol')).toBeVisible();
  await expectAccessible();
  await page.getByTestId('menu-enrol').click();
  await enrol.getByRole('button', { name: '토큰 만들기' }).click();
  await enrol.getByRole('button', { name: '닫고 나중에' }).click();
  await expect(row).toContainText('쓸 수 있는 토큰 1개');
  await row.getByTestId('host-menu').click();
  await page.getByTestId('menu-enrol').click();
  await enrol.getByRole('button', { name: /토큰 폐기$/ }).click();
  await expect(enrol.getByTestId('open-token')).toHaveCount(0);
});

test('hosts in English, dark and on a narrow screen, for somebody who may only look', {
  tag: ['@safety', '@a11y'],
}, async ({ page, signInAs, expectAccessible }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await signInAs('reader');
  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.goto('/hosts?state=notEnrolled');
  const row = page.getByTestId('host-row');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('batch-01');
  const button = row.getByRole('button', { name: 'Enrol: batch-01' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await button.focus();
  await expect(row.getByRole('tooltip')).toContainText('Only project admins');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/hosts');
  await expect(row.first()).toBeVisible();
  await expectAccessible();
  await expectFits(page);
});
