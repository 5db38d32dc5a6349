import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { expectFits } from './testing/fits.ts';

test('a release that stopped half way is shown with its steps, counted, and finished from the list', {
  tag: ['@public-ip', '@a11y'],
}, async ({ page, signInAs, api, fault, heal, expectAccessible }) => {
  test.slow();
  const nic = (await api.instance('web-01')).networkInterfaces[0]?.id ?? '';
  const path = apiPaths.interfacePublicIp(api.idOf('web-01'), nic);
  await api.call('POST', path, { mode: 'new' });
  const held = async () => (await api.instance('web-01')).networkInterfaces[0]?.publicIp;
  await expect.poll(async () => (await held())?.status).toBe('in_use');
  const publicIp = await held();
  await fault('DELETE /api/v1/public-ips/*$', 'status', { status: 500 });
  const disconnect = { publicIpId: publicIp?.id, deletePublicIp: true };
  // refused until the operation that connected it has taken its last look
  await expect
    .poll(async () => {
      await api.call('DELETE', path, disconnect);
      return held();
    })
    .toBeNull();

  await signInAs('admin');
  await expect(page.getByTestId('tasks-link')).toContainText(/\d/);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByTestId('tasks-link').click();
  const row = page.locator('[data-testid="operation"][data-state="halfDone"]').first();
  await expect(row).toContainText(publicIp?.address ?? 'an address');
  await expect(row).toContainText('반만 됨');
  await expect(row.getByRole('list', { name: '단계' })).toContainText('주소 삭제 실패');
  await expectAccessible();
  await heal();
  await row.getByRole('button', { name: '이어서 하기' }).click();
  const done = page
    .getByTestId('operation')
    .filter({ hasText: publicIp?.address ?? 'an address' })
    .filter({ hasText: 'Public IP 연결 해제' });
  await expect(done).toHaveAttribute('data-state', 'succeeded');
  expect((await api.publicIps()).map(({ address }) => address)).not.toContain(publicIp?.address);
});
