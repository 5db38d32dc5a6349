import { readFile } from 'node:fs/promises';
import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { expectFits } from './testing/fits.ts';
import { expectToast, instanceRow, tabTo } from './verbs.ts';

// hosts are switched off and on
const settled = { timeout: 90_000 };

test('several are chosen, what cannot be done says why, and one task has a result for each', async ({
  page,
  signInAs,
  api,
  installation,
  expectAccessible,
}) => {
  test.slow();
  await signInAs('member');
  await instanceRow(page, 'web-01').getByRole('checkbox').check();
  await instanceRow(page, 'batch-01').getByRole('checkbox').check();
  const bar = page.getByTestId('bulk-bar');
  await expect(bar).toContainText('2개 선택됨');
  await expect(bar.getByTestId('bulk-release')).toHaveAccessibleDescription(
    '프로젝트 관리자만 할 수 있습니다.',
  );
  await expectAccessible();
  await bar.getByTestId('bulk-stop').click();
  const dialog = page.getByTestId('bulk-dialog');
  await expect(dialog.getByRole('button', { name: '취소' })).toBeFocused();
  await expect(dialog.getByTestId('bulk-able')).toContainText('web-01');
  await expect(dialog.getByTestId('bulk-unable')).toContainText('batch-01');
  await expect(dialog.getByTestId('bulk-unable')).toContainText('Active 상태일 때만 할 수 있습니다.');
  await expectAccessible();
  await dialog.getByTestId('submit-bulk').click();
  await expectToast(page, '1개에 정지를 요청했습니다');
  await expect(bar).toBeHidden();
  await expect(instanceRow(page, 'web-01')).toContainText('Stopped', settled);
  expect(installation.hosts.hostPid(api.idOf('web-01'))).toBeUndefined();

  // both are stopped now; the other one stays out, chosen by hand
  await instanceRow(page, 'web-01').getByRole('checkbox').check();
  await page.getByTestId('bulk-start').click();
  await expect(dialog.getByTestId('bulk-able')).toContainText('web-01');
  await expectAccessible();
  await dialog.getByTestId('submit-bulk').click();
  await expectToast(page, '1개에 시작을 요청했습니다');
  await expect(instanceRow(page, 'web-01')).toContainText('Active', settled);

  await page.getByTestId('tasks-link').click();
  const task = page.getByTestId('operation').filter({ hasText: 'Instance 정지' }).first();
  await expect(task).toHaveAttribute('data-state', 'succeeded');
  await task.getByTestId('show-items').click();
  await expect(task.getByTestId('operation').filter({ hasText: 'web-01' })).toContainText('클라우드에 요청');
  await expectAccessible();
});

test('somebody else is quicker: the open dialog leaves out what cannot be done any more, and says why', async ({
  page,
  signInAs,
  api,
  expectAccessible,
}) => {
  test.slow();
  await signInAs('admin');
  await instanceRow(page, 'web-01').getByRole('checkbox').check();
  await instanceRow(page, 'web-02').getByRole('checkbox').check();
  await page.getByTestId('bulk-stop').click();
  const dialog = page.getByTestId('bulk-dialog');
  await expect(dialog.getByTestId('submit-bulk')).toHaveText('2개 정지');
  expect((await api.call('POST', apiPaths.instanceStop(api.idOf('web-02')))).status).toBe(204);
  await expect(dialog.getByTestId('bulk-unable')).toContainText('web-02');
  await expect(dialog.getByTestId('submit-bulk')).toHaveText('1개 정지');
  await expectAccessible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('bulk-stop')).toBeFocused();
  await expect.poll(async () => (await api.instance('web-02')).status, settled).toBe('stopped');
  await api.call('POST', apiPaths.instanceStart(api.idOf('web-02')));
  await expect.poll(async () => (await api.instance('web-02')).status, settled).toBe('active');
});

test('by keyboard alone: addresses of the chosen are released once it is typed out', async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  test.slow();
  const nic = (await api.instance('web-01')).networkInterfaces[0]?.id ?? '';
  await api.call('POST', apiPaths.interfacePublicIp(api.idOf('web-01'), nic), { mode: 'new' });
  const held = async () => (await api.instance('web-01')).networkInterfaces[0]?.publicIp;
  await expect.poll(async () => (await held())?.status).toBe('in_use');
  const address = (await held())?.address ?? 'an address';
  await signInAs('admin');
  await expect(instanceRow(page, 'web-01')).toContainText(address);
  await tabTo(page, instanceRow(page, 'web-01').getByRole('checkbox'));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByTestId('bulk-release'));
  await page.keyboard.press('Enter');
  const dialog = page.getByTestId('bulk-dialog');
  await expect(dialog).toContainText(address);
  const submit = dialog.getByTestId('submit-bulk');
  await expect(submit).toHaveAttribute('aria-disabled', 'true');
  await tabTo(page, dialog.getByRole('textbox'));
  await page.keyboard.insertText('영구 삭제');
  await tabTo(page, submit);
  await page.keyboard.press('Enter');
  await expectToast(page, 'Public IP 1개를 반납했습니다');
  expect((await api.publicIps()).map((ip) => ip.address)).not.toContain(address);
  expect(await outside.fetchFromInternet(address)).toBeNull();
});

test('the filtered list is kept as a file', async ({ page, signInAs }) => {
  await signInAs('reader');
  await page.goto('/instances?q=web&direction=desc');
  await expect(page.getByTestId('instance-row')).toHaveCount(2);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV 내려받기' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  const names = text
    .trim()
    .split('\r\n')
    .map((line) => line.split(',')[1]);
  expect(names).toEqual(['name', 'web-02', 'web-01']);
});

test('in English, dark and on a phone', async ({ page, signInAs, expectAccessible }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.addInitScript(() => localStorage.setItem('moru.language', 'en'));
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAs('admin');
  await instanceRow(page, 'web-01').getByRole('checkbox').check();
  await instanceRow(page, 'db-01').getByRole('checkbox').check();
  await expect(page.getByTestId('bulk-bar')).toContainText('2 selected');
  await expectFits(page);
  await expectEnglishOnly(page);
  await expectAccessible();
  await page.getByTestId('bulk-release').click();
  await expect(page.getByTestId('bulk-dialog')).toContainText('Left out');
  await expectFits(page);
  await expectEnglishOnly(page);
  await expectAccessible();
});
