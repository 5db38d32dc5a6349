import { readFile } from 'node:fs/promises';
import { apiDescriptionSchema } from '@moru/types';
import { expect, test } from './fixtures.ts';

test('a program’s author finds an operation, reads what it takes, and asks it as the page says', {
  tag: ['@console', '@a11y'],
}, async ({ page, context, installation, api, signInAs, expectAccessible }) => {
  await signInAs('reader');
  await page.getByRole('link', { name: 'API', exact: true }).click();
  const operations = page.getByTestId('operation');
  await expect(operations.first()).toBeVisible();
  await expectAccessible();
  await page.getByRole('searchbox').fill('hard-reboot');
  await expect(operations).toHaveCount(1);
  await expect(operations).toContainText('프로젝트 멤버 이상');
  await page.getByRole('searchbox').fill('/api/instances/{instanceId}');
  const detail = page.getByRole('button', { name: /^get \/api\/instances\/\{instanceId\} /i });
  await detail.click();
  await page.getByRole('button', { name: 'NetworkInterface[]', exact: true }).click();
  await expect(page.getByText('macAddress')).toBeVisible();
  await expectAccessible();
  await page.reload();
  await expect(detail).toHaveAttribute('aria-expanded', 'true');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'openapi.json 내려받기' }).click(),
  ]);
  const file = apiDescriptionSchema.parse(JSON.parse(await readFile(await download.path(), 'utf8')));
  expect(Object.keys(file.paths).length).toBeGreaterThan(40);
  const path = '/api/instances/{instanceId}'.replace('{instanceId}', api.idOf('web-01'));
  expect(file.paths['/api/instances/{instanceId}']?.get).toBeDefined();
  const [cookie] = await context.cookies();
  const headers = { 'x-moru-request': '1', cookie: `${cookie?.name}=${cookie?.value}` };
  const answer = await fetch(new URL(path, installation.url), { headers });
  expect(await answer.json()).toMatchObject({ name: 'web-01' });
});

test('the reference in English, dark and on a narrow screen', { tag: ['@console', '@a11y'] }, async ({
  page,
  signInAs,
  expectAccessible,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await signInAs('admin');
  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/reference?q=trials&open=post-instances-instanceId-trials');
  await expect(page.getByText('Answer 200')).toBeVisible();
  await expect(page.getByRole('region', { name: /^Example: / }).first()).toContainText('waitSeconds');
  await expect(page.getByRole('listitem').filter({ hasText: /^Idempotency-Key/ })).toContainText('header');
  await expectAccessible();
  const widths = ['scrollWidth', 'clientWidth'].map((name) => `document.documentElement.${name}`);
  const [wide, room] = await page.evaluate<[number, number]>(`[${widths.join(', ')}]`);
  expect(wide).toBeLessThanOrEqual(room);
});
