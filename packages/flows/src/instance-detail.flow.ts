import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { expectFits } from './testing/fits.ts';
import { choose, instanceRow, tabTo } from './verbs.ts';

// a host is switched on and off
const settled = { timeout: 90_000 };

test('what an instance is, what may be done with it, and what was done: by us, by the cloud, or by both', {
  tag: ['@instances', '@a11y'],
}, async ({ page, signInAs, api, expectAccessible }) => {
  test.slow();
  await signInAs('admin');
  await instanceRow(page, 'batch-01').getByRole('link', { name: 'batch-01' }).click();
  await expect(page.getByTestId('instance-facts')).toContainText(api.idOf('batch-01'));
  await expect(page.getByTestId('instance-cost')).toContainText('정지해 두어도 같습니다');
  await expect(page.getByTestId('order-stop')).toContainText('Active 상태일 때만 할 수 있습니다.');
  // a host that is off answers nobody, and that is no fault
  await expect(page.getByTestId('instance-host')).toContainText('오프라인');
  // its keys lie with the embedded cloud: no file of one's own is named
  await expect(page.getByTestId('instance-host')).toContainText('ssh ubuntu@203.0.113.31');
  await expect(page.getByTestId('instance-host')).toContainText('cloud/keys');
  await expect(page.getByTestId('instance-host').locator('[data-kind=lost]')).toHaveCount(0);
  await expectAccessible();
  await page.getByTestId('order-start').getByRole('button', { name: '시작' }).click();
  const dialog = page.getByTestId('start-dialog');
  await expect(dialog.getByRole('button', { name: '취소' })).toBeFocused();
  await expectAccessible();
  await dialog.getByTestId('submit-order').click();
  await expect(page.getByTestId('instance-facts')).toContainText('Active', settled);

  await page.getByTestId('boot-output').getByRole('button', { name: '부팅 출력 보기' }).click();
  await expect(page.getByTestId('boot-output').getByRole('button', { name: '새로 고침' })).toBeVisible();
  await expectAccessible();

  await page.getByRole('link', { name: '작업 이력' }).click();
  const rows = page.getByTestId('history-row');
  const started = rows.filter({ hasText: '시작' }).first();
  await expect(started).toContainText('성공');
  await expect(started).toContainText('Moru');
  await expect(started).toContainText('클라우드');
  await started.getByRole('button', { name: /자세히/ }).click();
  await expect(page.getByTestId('history-details')).toContainText('요청 ID');
  await expectAccessible();
  // what is done elsewhere comes by itself
  expect((await api.call('POST', apiPaths.instanceStop(api.idOf('batch-01')))).status).toBe(204);
  await expect(rows.first()).toContainText('정지');
  await expect.poll(async () => (await api.instance('batch-01')).status, settled).toBe('stopped');

  await choose(page.getByTestId('instance-history'), '클라우드');
  await expect(page).toHaveURL(/\?source=cloud$/);
  await expect(rows.first()).toContainText('정지');
  await page.reload();
  await expect(rows.first()).toContainText('정지');
  await expect(rows.first()).not.toContainText('Moru');
});

test('where the cloud’s log cannot be read, ours stands alone and says so; without either there is a way on', {
  tag: ['@instances', '@a11y'],
}, async ({ page, signInAs, api, fault, heal, expectAccessible }) => {
  await signInAs('admin');
  const path = `/instances/${api.idOf('db-01')}/history`;
  await page.goto(`${path}?source=cloud`);
  await expect(page.getByTestId('instance-history')).toContainText('아직 이력이 없습니다');
  await expectAccessible();
  await fault('GET /api/v1/instances/*/action-logs', 'status', { status: 500 });
  await page.goto(path);
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('아래에는 Moru의 기록만 있습니다.', { timeout: 60_000 });
  await expect(page.getByTestId('history-row').filter({ hasText: '등록 토큰' }).first()).toBeVisible();
  await expectAccessible();
  const again = notice.getByRole('button', { name: '다시 시도' });
  const read = page.waitForResponse((answer) => answer.url().includes('/action-log'));
  await again.click();
  expect((await read).ok()).toBe(false);
  await expect(again).toBeVisible();
  await heal();
  await expect(async () => {
    // a page that hears of something reads it anew by itself
    if (await again.isVisible()) await again.click({ timeout: 1_000 });
    await expect(notice).toBeHidden({ timeout: 2_000 });
  }).toPass();
});

test('by keyboard alone: to an order, out of its dialog, and to the log’s own line', {
  tag: '@instances',
}, async ({ page, signInAs, api }) => {
  await signInAs('admin');
  await page.goto(`/instances/${api.idOf('web-01')}/details`);
  const stop = page.getByTestId('order-stop').getByRole('button', { name: '정지' });
  await tabTo(page, stop);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('stop-dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(stop).toBeFocused();
  await page.getByRole('link', { name: '작업 이력' }).focus();
  await page.keyboard.press('Enter');
  const detail = page
    .getByTestId('history-row')
    .last()
    .getByRole('button', { name: /자세히/ });
  await tabTo(page, detail);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('history-details')).toBeVisible();
  await expect(detail).toBeFocused();
  await expect(page).toHaveURL(/open=\d+/);
});

test('a reader sees everything, and why nothing can be done', { tag: ['@instances', '@a11y'] }, async ({
  page,
  signInAs,
  api,
  expectAccessible,
}) => {
  await signInAs('reader');
  await page.goto(`/instances/${api.idOf('web-01')}/details`);
  const orders = page.getByTestId('instance-orders').getByRole('listitem');
  await expect(orders).toHaveCount(6);
  for (const order of await orders.all()) {
    await expect(order).toContainText('할 수 있습니다.');
    await expect(order.getByRole('button')).toHaveAttribute('aria-disabled', 'true');
  }
  await expectAccessible();
  await page.getByRole('link', { name: '작업 이력' }).click();
  await expect(page.getByTestId('history-row').first()).toBeVisible();
});

test('in English, dark, with less motion and on a phone', { tag: ['@instances', '@a11y'] }, async ({
  page,
  signInAs,
  api,
  expectAccessible,
}) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.addInitScript(() => localStorage.setItem('moru.language', 'en'));
  await signInAs('admin');
  const { description } = await api.instance('web-02');
  for (const tab of ['details', 'history']) {
    for (const width of [1440, 768, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`/instances/${api.idOf('web-02')}/${tab}`);
      await expect(
        page.getByTestId(tab === 'details' ? 'instance-facts' : 'history-row').first(),
      ).toBeVisible();
      await expectEnglishOnly(page, description ?? '');
      await expectFits(page);
      await expectAccessible();
    }
  }
});
