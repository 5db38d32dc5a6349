import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';
import { openFirewall } from './verbs.ts';

const dist = fileURLToPath(new URL('../../../apps/console/dist', import.meta.url));

function everyFile(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'latin1') }));
}

test('no secret and no session reaches the page, the logs or a built file', { tag: '@safety' }, async ({
  page,
  context,
  installation,
  api,
}) => {
  const reading: Promise<{ path: string; text: string }>[] = [];
  page.on('response', (response) => {
    const read = async () => {
      // the stream of events has no end to wait for; what it tells are the same rows that the lists answer with
      const streams = response.headers()['content-type']?.startsWith('text/event-stream');
      const text = streams ? '' : await response.text().catch(() => '');
      return { path: response.url(), text: `${JSON.stringify(response.headers())}\n${text}` };
    };
    reading.push(read());
  });
  // by key first: the one way on which a secret leaves the browser at all
  const admin = installation.accounts[0];
  await page.goto('/');
  const form = page.getByTestId('sign-in-form');
  await form.getByLabel('액세스 키 ID').fill(admin?.accessKeyId ?? '');
  await form.getByLabel('보안 액세스 키').fill(admin?.secret ?? '');
  await form.getByRole('button', { name: '로그인' }).click();
  await expect(page.getByTestId('instance-row').first()).toBeVisible();
  await openFirewall(page, api.idOf('web-01'));
  await page.goto('/public-ips');
  await expect(page.getByTestId('public-ip-row').first()).toBeVisible();

  const seen = await Promise.all(reading);
  for (const path of ['/api/session', '/api/instances', '/firewall?', '/api/public-ips']) {
    expect(seen.filter((answer) => answer.path.includes(path) && answer.text.length > 100)).not.toEqual([]);
  }
  const cookies = await context.cookies();
  expect(
    cookies.map(({ httpOnly, secure, sameSite, path }) => ({ httpOnly, secure, sameSite, path })),
  ).toEqual([{ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' }]);
  const kept = await page.evaluate<string>(
    'JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie',
  );
  const secrets = [...installation.accounts.map(({ secret }) => secret), cookies[0]?.value ?? ''];
  const places = [
    ...seen,
    ...everyFile(installation.folders.logs),
    ...everyFile(dist),
    { path: 'storage', text: kept },
  ];
  expect(places.length).toBeGreaterThan(30);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20);
    const leaks = places.filter(({ text }) => text.replace(/set-cookie":"[^"]*/g, '').includes(secret));
    expect(leaks.map(({ path }) => path)).toEqual([]);
  }
  // what an IAM token would come in
  expect(seen.filter(({ text }) => /x-(subject|auth)-token/i.test(text)).map(({ path }) => path)).toEqual([]);
});
