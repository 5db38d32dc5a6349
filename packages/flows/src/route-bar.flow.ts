import { expect, test } from './fixtures.ts';
import { gatewaysOf, resetGateways, twoGateways } from './testing/gateways.ts';
import { confirmTrial, startTrial } from './verbs.ts';

const [first = '', second = ''] = twoGateways;

test.beforeEach(async ({ outside }) => {
  await outside.resetHost('web-02');
  await resetGateways(outside);
});

test('routes by command: the guide’s repair without “dev”, a route to a subnet, and what cannot be done', {
  tag: ['@routes', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  test.slow();
  await signInAs('admin');
  await page.goto(`/instances/${api.idOf('web-02')}/routing`);
  const bar = page.getByTestId('route-bar');
  await expect(bar).toBeVisible();
  await page.keyboard.press('/');
  await expect(bar).toBeFocused();
  const notes = page.locator('#route-notes');
  const examples = page.getByRole('list', { name: '보기' });
  await expect(examples).toContainText('route del default gw 10.10.0.1 dev eth1');

  // questions show the table, and which of two equal gateways wins
  await bar.fill('ip route');
  await expect(page.getByTestId('route-advice')).toContainText('eth0 쪽 198.168.0.1 게이트웨이로 나갑니다');
  await expectAccessible();
  await bar.press('Enter');
  await expect(page.getByTestId('ip-route')).toHaveCount(4);
  await bar.fill('sudo route -n');
  await bar.press('Enter');
  await expect(page.getByTestId('net-route')).toHaveCount(4);

  for (const [typed, said] of [
    ['route del default gw 192.0.2.1', '그런 경로가 호스트에 없습니다'],
    ['ip route del 10.10.0.0/24', '커널이 만드는 경로'],
    ['route add default gw 203.0.113.1', 'dev로 인터페이스를 적어 주세요'],
    ['route kill default', 'kill'],
    ['iptables -F', '방화벽에서 입력합니다'],
  ] as const) {
    await bar.fill(typed);
    await expect(page.getByTestId('route-error')).toContainText(said);
    await bar.press('Enter');
    await expect(page).toHaveURL(/\/routing$/);
  }
  await expectAccessible();

  // as the guide has it, without `dev`
  await bar.fill('sudo route del default gw 10.10.0.1 eth1 ; ip route add 10.20.0.0/16 via 198.168.0.1');
  await expect(notes).toContainText('변경 2건 검토');
  await bar.press('Enter');
  const review = page.getByTestId('routes-review');
  await expect(review.getByTestId('route-steps')).toContainText(
    'sudo route del default gw 10.10.0.1 dev eth1',
  );
  await expect(review.getByTestId('verdict')).toHaveAttribute('data-state', 'kept', { timeout: 30_000 });
  expect(await gatewaysOf(outside)).toEqual([first, second]);
  await startTrial(page, review);
  expect(await gatewaysOf(outside)).toEqual([first]);
  expect(await outside.onHost('web-02', 'ip', 'route')).toContain('10.20.0.0/16 via 198.168.0.1 dev eth0');
  await confirmTrial(page);
  await expect(page.getByTestId('outcome')).toBeVisible();
  await outside.onHost('web-02', 'ip', 'route', 'del', '10.20.0.0/16');
});

test('a reader is told why a route is only read', { tag: '@routes' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  await signInAs('reader');
  await page.goto(`/instances/${api.idOf('web-02')}/routing`);
  const bar = page.getByTestId('route-bar');
  await bar.fill('route del default eth1');
  await expect(page.locator('#route-notes')).toContainText('프로젝트 멤버와 프로젝트 관리자만');
  await bar.press('Enter');
  await expect(page).toHaveURL(/\/routing$/);
  expect(await gatewaysOf(outside)).toEqual([first, second]);
});
