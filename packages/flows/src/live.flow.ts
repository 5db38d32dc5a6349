import { apiPaths } from '@moru/types';
import type { Page } from '@playwright/test';
import { test, expect as within } from './fixtures.ts';
import { installationApi } from './testing/api.ts';
import { instanceRow, openFirewall, ruleRow } from './verbs.ts';

// how soon a change shows is measured elsewhere; here it has to show at all, on a busy machine too
const expect = within.configure({ timeout: 30_000 });

/** Counts how often a page loads anew: what is shown has to come by itself. */
async function expectNoReload(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate('window.stillHere = true');
  await act();
  expect(await page.evaluate('window.stillHere')).toBe(true);
}

test('a rule typed on the host shows by itself', { tag: '@instances' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  await outside.resetHost('web-01');
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-01'));
  await expectNoReload(page, async () => {
    const rule = ['INPUT', '-p', 'udp', '--dport', '9', '-j', 'DROP'];
    await outside.onHost('web-01', 'iptables', '-A', ...rule);
    await expect(ruleRow(page, 2)).toContainText('DROP');
    await outside.onHost('web-01', 'iptables', '-D', ...rule);
    await expect(ruleRow(page, 2)).toBeHidden();
  });
});

test('what the cloud’s API changes shows by itself, in eight tabs with one stream', {
  tag: '@instances',
}, async ({ page, context, signInAs, api }) => {
  test.slow();
  const streams: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === apiPaths.events) streams.push(request.url());
  });
  await signInAs('admin');
  const pages = [page];
  for (let tab = 1; tab < 8; tab += 1) {
    const next = await context.newPage();
    await next.goto('/instances');
    await expect(instanceRow(next, 'batch-01')).toContainText('Stopped');
    pages.push(next);
  }
  expect(streams).toHaveLength(1);
  const name = 'batch-renamed';
  const rename = (to: string) => api.call('PUT', apiPaths.instance(api.idOf('batch-01')), { name: to });
  await rename(name);
  for (const each of pages) await expect(instanceRow(each, name)).toBeVisible();
  // the tab that holds the stream is closed: the next one takes over
  await page.close();
  await expect.poll(() => streams.length).toBe(2);
  await rename('batch-01');
  for (const each of pages.slice(1)) await expect(instanceRow(each, 'batch-01')).toBeVisible();
});

test('what another browser does shows by itself, a trial as well', { tag: '@instances' }, async ({
  page,
  browser,
  baseURL,
  signInAs,
  api,
  outside,
}) => {
  test.slow();
  await outside.resetHost('web-01');
  await signInAs('reader');
  const other = await installationApi(baseURL ?? '', 'admin');
  const nic = (await api.instance('web-01')).networkInterfaces[0]?.id ?? '';
  const path = apiPaths.interfacePublicIp(api.idOf('web-01'), nic);
  await expectNoReload(page, async () => {
    await other.call('POST', path, { mode: 'new' });
    await expect(instanceRow(page, 'web-01')).toContainText(/203\.0\.113\.\d+/);
    const held = (await api.instance('web-01')).networkInterfaces[0]?.publicIp;
    await expect
      .poll(async () => (await api.instance('web-01')).networkInterfaces[0]?.publicIp?.status)
      .toBe('in_use');
    // refused while the operation that connected it is still at its last look
    const disconnect = { publicIpId: held?.id, deletePublicIp: true };
    await expect.poll(async () => (await other.call('DELETE', path, disconnect)).status).toBeLessThan(300);
    await expect(instanceRow(page, 'web-01')).not.toContainText(/203\.0\.113\.\d+/);
  });
  const context = await browser.newContext({ baseURL: baseURL ?? '', locale: 'ko-KR' });
  const second = await context.newPage();
  await second.goto('/');
  await second.getByTestId('seeded-admin').click();
  await openFirewall(second, api.idOf('web-01'));
  await second.getByTestId('command-bar').fill('iptables -A INPUT -p udp --dport 9 -j DROP');
  await second.getByTestId('command-bar').press('Enter');
  await second.getByTestId('to-review').click();
  await expect(second.getByTestId('verdict')).not.toHaveAttribute('data-state', 'checking', {
    timeout: 30_000,
  });
  await second.getByTestId('start-trial').click();
  await expect(page.getByTestId('trial-notice')).toContainText('web-01', { timeout: 30_000 });
  await second.getByTestId('revert-trial').click();
  await expect(page.getByTestId('trial-notice')).toBeHidden({ timeout: 30_000 });
  await context.close();
});

test('without the console’s server the page says so, keeps what it has, and goes on by itself', {
  tag: '@instances',
}, async ({ page, signInAs, api }) => {
  test.slow();
  await signInAs('admin');
  await expect(instanceRow(page, 'batch-01')).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByTestId('stale-band')).toContainText('실시간 연결이 끊겼습니다', { timeout: 60_000 });
  await expect(instanceRow(page, 'batch-01')).toBeVisible();
  await api.call('PUT', apiPaths.instance(api.idOf('batch-01')), { name: 'batch-away' });
  await page.context().setOffline(false);
  await expect(instanceRow(page, 'batch-away')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('stale-band')).toBeHidden();
  await api.call('PUT', apiPaths.instance(api.idOf('batch-01')), { name: 'batch-01' });
  await expect(instanceRow(page, 'batch-01')).toBeVisible();
});
