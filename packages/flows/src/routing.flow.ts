import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { gatewaysOf, resetGateways, twoGateways } from './testing/gateways.ts';
import { confirmTrial, instanceRow, openInstanceMenu, pressMenuEntry, startTrial, tabTo } from './verbs.ts';

const [first = '', second = ''] = twoGateways;

test.beforeEach(async ({ outside }) => {
  await outside.resetHost('web-02');
  await resetGateways(outside);
});

/** From the tab to the review of the repair that keeps the gateway of `device`; the host has been asked. */
async function keepOnly(page: Page, device: string) {
  await page.locator(`[data-testid="gateway"][data-device="${device}"]`).getByTestId('keep-only').click();
  return reviewed(page);
}

async function reviewed(page: Page) {
  const review = page.getByTestId('routes-review');
  await expect(review).toBeVisible();
  await expect(review.getByTestId('verdict')).not.toHaveAttribute('data-state', 'checking', {
    timeout: 30_000,
  });
  return review;
}

test('two interfaces repaired: the gateway of eth1 goes, is kept, and can be put back', {
  tag: ['@smoke', '@routes', '@a11y'],
}, async ({ page, signInAs, outside, expectAccessible }) => {
  test.slow();
  await signInAs('admin');
  await openInstanceMenu(page, 'web-02');
  await page.getByTestId('menu-routing').click();
  await expect(page.getByTestId('way-out')).toContainText('기본 게이트웨이가 2개입니다');
  await expect(page.getByTestId('route-table')).toContainText('Genmask');
  await expect(page.getByTestId('net-route')).toHaveCount(4);
  await expect(page.getByTestId('net-route').nth(0)).toContainText('이 줄이 쓰입니다');
  await expect(page.getByTestId('host-interface')).toHaveCount(2);
  await expectAccessible();

  const review = await keepOnly(page, 'eth0');
  await expect(review.getByTestId('route-steps')).toContainText(
    'sudo route del default gw 10.10.0.1 dev eth1',
  );
  await expect(review.getByTestId('losers')).toContainText('길을 잃는 상대가 없습니다.');
  const afterReboot = '재부팅하면 호스트가 제 설정대로 경로를 다시 만듭니다.';
  await expect(review.getByTestId('keep-choice')).toContainText(afterReboot);
  await expect(review.getByTestId('verdict')).toHaveAttribute('data-state', 'kept');
  await expectAccessible();
  expect(await gatewaysOf(outside)).toEqual([first, second]);

  await startTrial(page, review);
  await expect(page.getByTestId('trial-band')).toContainText('이전 경로로 돌아갑니다');
  await expectAccessible();
  expect(await gatewaysOf(outside)).toEqual([first]);
  await confirmTrial(page);
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'unsaved');
  await expect(page.getByTestId('outcome')).toContainText('유지됨 · 파일에 적지 않음');
  await expect(page.getByTestId('outcome')).toContainText(afterReboot);
  await expectAccessible();
  expect(await gatewaysOf(outside)).toEqual([first]);
  await page.getByTestId('leave-outcome').click();
  await expect(page.getByTestId('way-out')).toContainText('198.168.0.1');
  await expect(page.getByTestId('gateways')).toBeHidden();
  // what is deleted is not suggested to be deleted again
  await expect(page.getByRole('list', { name: '보기' })).not.toContainText('route del');

  // undo: with everything that it had, and behind the one that stayed
  await page.getByTestId('put-back').getByRole('button', { name: '되돌려 놓기' }).click();
  await startTrial(page, await reviewed(page));
  await confirmTrial(page);
  expect(await gatewaysOf(outside)).toEqual([first, second]);
});

for (const [language, words] of [
  ['ko', '기본 게이트웨이가 2개입니다'],
  ['en', 'There are 2 default gateways'],
] as const) {
  test(`by keyboard alone, in ${language}: the menu, the repair, the trial and its confirmation`, {
    tag: '@routes',
  }, async ({ page, signInAs, outside }) => {
    test.slow();
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    await pressMenuEntry(page, 'web-02', 'routing');
    await expect(page.getByTestId('way-out')).toContainText(words);
    const inOneLanguage = async () => {
      if (language === 'en') await expectEnglishOnly(page);
    };
    await inOneLanguage();
    await tabTo(page, page.locator('[data-testid="gateway"][data-device="eth0"]').getByTestId('keep-only'));
    await page.keyboard.press('Enter');
    await reviewed(page);
    await inOneLanguage();
    await tabTo(page, page.getByTestId('start-trial'));
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('trial-band')).toBeVisible({ timeout: 30_000 });
    // the safe way out has the focus
    await expect(page.getByTestId('revert-trial')).toBeFocused();
    await inOneLanguage();
    await tabTo(page, page.getByTestId('own-yes'));
    await page.keyboard.press('Enter');
    const confirm = page.getByTestId('confirm-trial');
    await expect(confirm).not.toHaveAttribute('aria-disabled', 'true', { timeout: 30_000 });
    await tabTo(page, confirm);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'unsaved', { timeout: 30_000 });
    await inOneLanguage();
    expect(await gatewaysOf(outside)).toEqual([first]);
    await tabTo(page, page.getByTestId('leave-outcome'));
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('way-out')).toHaveAttribute('data-gateways', '1');
  });
}

test('in English and dark: the other gateway’s review warns, and a trial is taken back at once', {
  tag: ['@routes', '@a11y'],
}, async ({ page, signInAs, outside, expectAccessible }) => {
  test.slow();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.addInitScript(() => localStorage.setItem('moru.language', 'en'));
  await signInAs('admin');
  await instanceRow(page, 'web-02').getByRole('link', { name: 'web-02' }).click();
  await page.getByRole('link', { name: 'Network', exact: true }).click();
  await page.getByRole('link', { name: 'Fix in Routing' }).click();
  await expect(page.getByTestId('way-out')).toContainText('There are 2 default gateways');
  await expectAccessible();
  const review = await keepOnly(page, 'eth1');
  // the console comes by eth0, and would be answered by eth1
  await expect(review.getByTestId('verdict')).toHaveAttribute('data-state', 'unknown');
  await expect(review.getByTestId('peer-way').filter({ hasText: 'Console' })).toContainText('by another way');
  await expect(review.getByTestId('start-trial')).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible();
  await review.getByTestId('back').click();
  await startTrial(page, await keepOnly(page, 'eth0'));
  expect(await gatewaysOf(outside)).toEqual([first]);
  await page.getByTestId('revert-trial').click();
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'reverted', { timeout: 60_000 });
  await expect(page.getByTestId('outcome')).toContainText('the old routes are back');
  expect(await gatewaysOf(outside)).toEqual([first, second]);
});

test('without any gateway everybody is cut off, is named before, and the host reverts by itself', {
  tag: '@routes',
}, async ({ page, signInAs, api, outside }) => {
  test.slow();
  await signInAs('admin');
  const edits = twoGateways.map((route) => {
    const [, , gateway, , device, , metric] = route.split(' ');
    return {
      type: 'delete',
      family: 'ipv4',
      specification: `default via ${gateway} dev ${device} proto boot scope global metric ${metric}`,
    };
  });
  const search = new URLSearchParams({ edits: JSON.stringify(edits) });
  await page.goto(`/instances/${api.idOf('web-02')}/routing/review?${search}`);
  const review = await reviewed(page);
  await expect(review.getByTestId('verdict')).toHaveAttribute('data-state', 'lost');
  await expect(review.getByTestId('losers')).toContainText('콘솔');
  await review.getByRole('button', { name: /기다리는 시간/ }).click();
  await page.getByRole('option', { name: '30초' }).click();
  await review.getByRole('textbox', { name: /호스트 이름/ }).fill('web-02');
  await review.getByTestId('start-trial').click();
  await expect(page.getByTestId('trial-band')).toContainText('호스트와 연결이 끊겼습니다.', {
    timeout: 60_000,
  });
  expect(await gatewaysOf(outside)).toEqual([]);
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'reverted', { timeout: 120_000 });
  expect(await gatewaysOf(outside)).toEqual([first, second]);
});

test('kept after a reboot: the difference is shown first, then written', {
  tag: ['@routes', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  test.slow();
  const lease = (device: string) => `    ${device}:\n      dhcp4: true\n`;
  const netplan = `network:\n  version: 2\n  ethernets:\n${lease('eth0')}${lease('eth1')}`;
  // as cloud-init writes it; the host has an /etc of its own
  await outside.onHost('web-02', 'mkdir', '-p', '/etc/netplan');
  const write = `printf '%s' "$1" > /etc/netplan/50-cloud-init.yaml`;
  await outside.onHost('web-02', 'sh', '-c', write, 'sh', netplan);
  const written = () => outside.onHost('web-02', 'sh', '-c', 'cat /etc/netplan/*moru*');
  await signInAs('admin');
  await page.goto(`/instances/${api.idOf('web-02')}/routing`);
  await expect(page.getByTestId('way-out')).toContainText('netplan');
  const review = await keepOnly(page, 'eth0');
  const difference = review.getByTestId('file-difference');
  await expect(difference).toContainText('+         use-routes: false');
  await review.getByText('확인되면 재부팅 뒤에도 유지').click();
  await expectAccessible();
  await startTrial(page, review);
  await expect(written()).rejects.toThrow();
  await confirmTrial(page);
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'saved');
  expect(await written()).toMatch(/"eth1":\n +dhcp4-overrides:\n +use-routes: false/);
  expect(await outside.onHost('web-02', 'cat', '/etc/netplan/50-cloud-init.yaml')).toBe(netplan);
  await outside.onHost('web-02', 'rm', '-r', '/etc/netplan');
});

for (const role of ['member', 'reader'] as const) {
  test(`${role}: sees the routes, and why they cannot be changed`, { tag: '@routes' }, async ({
    page,
    signInAs,
    api,
  }) => {
    await signInAs(role);
    await page.goto(`/instances/${api.idOf('web-02')}/routing`);
    await expect(page.getByTestId('net-route')).toHaveCount(4);
    const keep = page.getByTestId('keep-only').first();
    if (role === 'reader') {
      await expect(keep).toHaveAttribute('aria-disabled', 'true');
      return;
    }
    await keep.click();
    const start = (await reviewed(page)).getByTestId('start-trial');
    await expect(start).toHaveAttribute('aria-disabled', 'true');
    await expect(start).toHaveAccessibleDescription('프로젝트 관리자만 할 수 있습니다.');
  });
}
