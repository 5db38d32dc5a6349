import { runInHost } from '@moru/stack';
import { apiPaths, problemCatalog } from '@moru/types';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { expectToast, instanceRow, openInstanceMenu } from './verbs.ts';

// a host of an instance is built, started and asked several times
const settled = { timeout: 90_000 };

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByTestId('create-form').getByRole('button', { name: label }).click();
  await page.getByRole('option', { name: option }).first().click();
}

test('an instance is made, renamed, stopped, started, rebooted, rebuilt and deleted', {
  tag: ['@instances', '@a11y'],
}, async ({ page, signInAs, api, installation, expectAccessible }) => {
  test.slow();
  test.setTimeout(420_000);
  const pid = async (name: string) => installation.hosts.hostPid((await api.instance(name)).id);
  const onHost = async (name: string, ...command: string[]) => {
    const [program = '', ...args] = command;
    return runInHost((await pid(name)) ?? 0, program, args);
  };

  await signInAs('admin');
  await page.getByTestId('create-instance').click();
  await expect(page.getByTestId('create-page')).toBeVisible();
  await expectAccessible();
  await expect(page.getByTestId('create-submit')).toHaveAttribute('aria-disabled', 'true');
  await page.getByTestId('create-form').getByLabel('이름').fill('made-01');
  await choose(page, 'type', /./);
  await choose(page, '이미지', /./);
  await choose(page, '첫 번째 네트워크 인터페이스의 Subnet', /198\.168/);
  // its answer is lost on the way, and whoever presses again gets it, with nothing made twice
  const creations = (url: URL) => url.pathname === apiPaths.instances;
  let lost = 0;
  await page.route(creations, async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.fallback();
    lost += 1;
    expect((await route.fetch()).status()).toBe(200);
    await route.abort('internetdisconnected');
  });
  await page.getByTestId('create-submit').click();
  await expect(page.getByTestId('create-page').getByRole('alert')).toContainText(
    problemCatalog['outcome.unknown'].ko,
  );
  await page.getByTestId('create-submit').click();
  await expect(instanceRow(page, 'made-01')).toContainText('Active', settled);
  await expectToast(page, '만들었습니다');
  await expect(instanceRow(page, 'made-01')).toHaveCount(1);
  await page.unroute(creations);
  expect(await onHost('made-01', 'hostname')).toContain('made-01');

  await openInstanceMenu(page, 'made-01');
  await expectAccessible();
  await page.getByTestId('menu-rename').click();
  const rename = page.getByTestId('rename-dialog');
  await rename.getByLabel('이름').fill('made--02');
  await expect(rename.getByTestId('field-error')).toBeVisible();
  await rename.getByLabel('이름').fill('made-02');
  await expectAccessible();
  await page.keyboard.press('Enter');
  await expect(instanceRow(page, 'made-02')).toBeVisible();
  expect(await onHost('made-02', 'hostname')).toContain('made-01');

  const order = async (entry: string, dialog: string) => {
    await openInstanceMenu(page, 'made-02');
    await page.getByTestId(entry).click();
    const shown = page.getByTestId(dialog);
    await expect(shown.getByRole('button', { name: '취소' })).toBeFocused();
    await expectAccessible();
    return shown;
  };
  const stop = await order('menu-stop', 'stop-dialog');
  await expect(stop).toContainText('꺼져 있어도');
  await stop.getByTestId('submit-order').click();
  // what is under way, and for how long already
  await expect(instanceRow(page, 'made-02')).toContainText(/정지하는 중\s*0:\d\d/);
  await expect(instanceRow(page, 'made-02')).toContainText('Stopped', settled);
  expect(await pid('made-02')).toBeUndefined();

  await (await order('menu-start', 'start-dialog')).getByTestId('submit-order').click();
  await expect(instanceRow(page, 'made-02')).toContainText('Active', settled);
  await onHost('made-02', 'iptables', '-A', 'INPUT', '-p', 'udp', '--dport', '9', '-j', 'DROP');
  await onHost('made-02', 'touch', '/etc/marker');

  const before = await pid('made-02');
  await (await order('menu-hardReboot', 'hardReboot-dialog')).getByTestId('submit-order').click();
  await expectToast(page, '다시 시작했습니다');
  await expect.poll(() => pid('made-02'), settled).not.toBe(before);
  expect(await onHost('made-02', 'iptables', '-S', 'INPUT')).not.toContain('--dport 9');
  expect(await onHost('made-02', 'ls', '/etc/marker')).toContain('marker');

  const rebuild = await order('menu-rebuild', 'rebuild-dialog');
  await expect(rebuild.getByTestId('losses')).toContainText('SSH 호스트 키');
  await expect(rebuild.getByTestId('submit-order')).toHaveAttribute('aria-disabled', 'true');
  await rebuild.getByRole('textbox').fill(' 영구 삭제 ');
  await rebuild.getByTestId('submit-order').click();
  await expect(page.getByTestId('toast').filter({ hasText: '리빌드했습니다' })).toBeVisible(settled);
  await expect(instanceRow(page, 'made-02')).toContainText('Active', settled);
  await expect(onHost('made-02', 'ls', '/etc/marker')).rejects.toThrow();

  const remove = await order('menu-delete', 'delete-dialog');
  await remove.getByRole('textbox').fill('영구 삭제');
  await remove.getByTestId('submit-order').click();
  await expect(instanceRow(page, 'made-02')).toBeHidden(settled);
  await expectToast(page, '삭제했습니다');
});

for (const role of ['member', 'reader'] as const) {
  test(`${role}: the menu says what cannot be done and why`, { tag: ['@instances', '@anywhere'] }, async ({
    page,
    signInAs,
  }) => {
    await signInAs(role);
    await openInstanceMenu(page, 'web-01');
    for (const entry of ['rename', 'rebuild', 'delete']) {
      await expect(page.getByTestId(`menu-${entry}`)).toContainText('프로젝트 관리자만 할 수 있습니다.');
    }
    await expect(page.getByTestId('menu-start')).toHaveAttribute('aria-disabled', 'true');
    const stop = page.getByTestId('menu-stop');
    if (role === 'member') await expect(stop).not.toHaveAttribute('aria-disabled', 'true');
    else await expect(stop).toHaveAttribute('aria-disabled', 'true');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('create-instance')).toHaveAttribute('aria-disabled', 'true');
  });
}
