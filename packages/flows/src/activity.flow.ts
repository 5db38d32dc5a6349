import { readFile } from 'node:fs/promises';
import { apiPaths, problemOf } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { installationApi } from './testing/api.ts';
import { expectFits } from './testing/fits.ts';
import { expectToast } from './verbs.ts';

test('what was done and what was refused stands in the activity log, found by its address and kept as a file', {
  tag: ['@safety', '@a11y'],
}, async ({ page, installation, api, signInAs, expectAccessible }) => {
  const web = await api.instance('web-01');
  const path = apiPaths.interfacePublicIp(web.id, web.networkInterfaces[0]?.id ?? '');
  const connected = await api.call('POST', path, { mode: 'new' });
  expect(connected.status).toBe(200);
  const { publicIp, operation } = connected.body as {
    publicIp: { id: string; address: string };
    operation: { id: string };
  };
  // its outcome is recorded a moment after the answer, and would come after the sign-in
  await expect
    .poll(async () => (await api.call('GET', apiPaths.operation(operation.id))).body, { timeout: 20_000 })
    .toMatchObject({ state: 'succeeded' });
  const member = await installationApi(installation.url, 'member');
  const refused = await member.call('DELETE', path, { publicIpId: publicIp.id, deletePublicIp: true });
  const { requestId } = refused.body as { requestId: string };

  await signInAs('reader');
  await page.getByRole('link', { name: '활동 기록' }).click();
  const rows = page.getByTestId('activity-row');
  await expect(rows.first()).toContainText('로그인');
  await expect(page.getByText('기록이 온전합니다')).toBeVisible();
  await expect(page.getByText(/요청과 결과를 따로 세어 모두 [\d,]+건/)).toBeVisible();
  await expectAccessible();

  await page.getByRole('button', { name: '종류' }).click();
  await expectAccessible();
  await page.getByRole('option', { name: 'Public IP' }).click();
  // each change once, though the log has its intent as well
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: '거부' })).toContainText('프로젝트 관리자만 할 수 있습니다.');
  const done = rows.filter({ hasText: '성공' });
  await done.getByRole('button', { name: /^자세히/ }).click();
  const details = page.getByTestId('activity-details');
  await expect(details.getByRole('listitem')).toHaveCount(2);
  await expect(details).toContainText(publicIp.address);
  // in words, with the protocol's own behind a button
  await expect(details).toContainText('새 주소 생성');
  await expect(details).not.toContainText('networkInterfaceId');
  await details
    .getByRole('button', { name: /^기록 \d+번의 원본$/ })
    .first()
    .click();
  await expect(details).toContainText('"networkInterfaceId"');
  await expectAccessible();

  const filter = page.getByRole('searchbox', { name: '사람, 대상, 내용, 요청 ID로 찾기' });
  await filter.fill(requestId);
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('member');
  await expect(page).toHaveURL(new RegExp(`kind=publicIp&q=${requestId}|q=${requestId}&kind=publicIp`));
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expect(filter).toHaveValue(requestId);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV 내려받기' }).click(),
  ]);
  const file = await readFile(await download.path(), 'utf8');
  expect(file.startsWith('\ufeffseq,at,phase,action')).toBe(true);
  const [, line = '', ...rest] = file.trimEnd().split('\r\n');
  expect(line).toContain(`refused,publicIp.disconnect,member,member,`);
  expect(line).toContain(requestId);
  expect(rest).toEqual([]);

  await filter.fill('nobody did this');
  await expect(page.getByText('조건에 맞는 기록이 없습니다')).toBeVisible();
  await page.getByRole('button', { name: '모두 보기' }).click();
  await expect(rows.first()).toBeVisible();
  await api.call('DELETE', path, { publicIpId: publicIp.id, deletePublicIp: true });
});

test('the log in English, dark and on a narrow screen; a failed reading is told, with a way to try again', {
  tag: ['@safety', '@a11y'],
}, async ({ page, signInAs, expectAccessible }) => {
  await signInAs('admin');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/activity?kind=session');
  const rows = page.getByTestId('activity-row');
  await expect(rows.first()).toContainText('Sign in');
  await rows
    .first()
    .getByRole('button', { name: /^Details/ })
    .click();
  await expect(page.getByTestId('activity-details')).toContainText('Request ID');
  await expectAccessible();
  await expectFits(page);

  await page.route(/\/api\/audit/, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify(problemOf('store.unavailable')),
    }),
  );
  await page.getByRole('button', { name: 'Download CSV' }).click();
  await expectToast(page, problemOf('store.unavailable').title);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
  await expect(rows.first()).toBeVisible();
  await page.unroute(/\/api\/audit/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toBeHidden();
});
