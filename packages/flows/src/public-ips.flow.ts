import { randomBytes } from 'node:crypto';
import { apiPaths, publicIpSchema } from '@moru/types';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { InstallationApi } from './testing/api.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { freeInterface } from './testing/public-ips.ts';
import { choose, expectToast, openInstanceMenu, pressTo, tabTo } from './verbs.ts';

// what can be done from the list of addresses, by keyboard alone, from the list to the host and back
const languages = {
  ko: {
    connected: 'Public IP를 연결했습니다',
    kept: '연결을 해제했습니다. 주소는 남아 있습니다',
    deleted: 'Public IP를 삭제했습니다',
    taken: '먼저 연결을 해제해 주세요',
    idle: '아무 데도 연결되지 않은 주소입니다',
    next: '다음',
    confirm: '확인',
    disconnect: '연결 해제',
    delete: '삭제',
    forEver: '영구 삭제',
    created: 'Public IP를 생성했습니다',
    described: '설명을 바꿨습니다',
    later: '나중에 쓸 주소',
    changed: '그 사이에 누군가 설명을 바꿨습니다',
    moveLosses: 'db-01에서 분리되면',
    held: '가지고 있는 Public IP에서 선택',
    withConnected: '연결된 주소도 보기',
    movesFrom: '이동 (web-01에서 분리됨)',
    all: '이 쪽의 모든 Public IP 고르기',
    moved: '그 사이에 연결이 바뀌었습니다',
    released: 'Public IP 2개를 반납했습니다',
  },
  en: {
    connected: 'Public IP connected',
    kept: 'Disconnected. The address was kept',
    deleted: 'Public IP deleted',
    taken: 'Disconnect it first',
    idle: 'This address is not connected to anything',
    next: 'Next',
    confirm: 'Confirm',
    disconnect: 'Disconnect',
    delete: 'Delete',
    forEver: 'delete permanently',
    created: 'Public IP created',
    described: 'Description changed',
    later: 'for later',
    changed: 'Somebody has changed the description meanwhile',
    moveLosses: 'What db-01 loses',
    held: 'Choose one that the project already has',
    withConnected: 'Show connected ones too',
    movesFrom: 'Move (from web-01)',
    all: 'Select every Public IP on this page',
    moved: 'Its connection has changed in the meantime',
    released: 'Released 2 Public IPs',
  },
} as const;

const addressRow = (page: Page, address: string): Locator =>
  page.getByTestId('public-ip-row').filter({ hasText: address });

async function openMenu(page: Page, address: string): Promise<void> {
  await tabTo(page, addressRow(page, address).getByTestId('address-menu'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('menu-connect')).toBeFocused();
}

async function pressEntry(page: Page, address: string, entry: string): Promise<void> {
  await openMenu(page, address);
  await pressTo(page, 'ArrowDown', page.getByTestId(`menu-${entry}`));
  await page.keyboard.press('Enter');
}

/** One that nobody else uses, with the place that it was on. */
async function idleAddress(api: InstallationApi) {
  await freeInterface(api, 'web-01');
  const held = async () => (await api.instance('web-01')).networkInterfaces[0]?.publicIp ?? null;
  const nic = (await api.instance('web-01')).networkInterfaces[0]?.id ?? '';
  const place = apiPaths.interfacePublicIp(api.idOf('web-01'), nic);
  expect((await api.call('POST', place, { mode: 'new' })).status).toBeLessThan(300);
  await expect.poll(async () => (await held())?.status).toBe('in_use');
  const { address = '', id = '' } = (await held()) ?? {};
  await freeInterface(api, 'web-01');
  return { address, id, place, held };
}

for (const [language, words] of Object.entries(languages)) {
  test(`the list of addresses, in ${language}: connect an idle one, disconnect it, delete it`, {
    tag: ['@public-ip', '@a11y'],
  }, async ({ page, signInAs, api, outside, expectAccessible }) => {
    test.slow();
    await outside.resetHost('web-01');
    const { address } = await idleAddress(api);
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    await page.goto(`/public-ips?q=${address}`);

    await openMenu(page, address);
    await expectAccessible();
    await expect(page.getByTestId('menu-disconnect')).toContainText(words.idle);
    await page.keyboard.press('Enter');
    const choice = page.getByTestId('connect-address-dialog');
    await expect(choice).toContainText(address);
    await expect(choice.getByTestId('instance-choice')).toBeVisible();
    await expectAccessible();
    if (language === 'en') await expectEnglishOnly(page);
    await page.keyboard.press('Escape');
    await expect(choice).toBeHidden();
    await expect(addressRow(page, address).getByTestId('address-menu')).toBeFocused();

    await pressEntry(page, address, 'connect');
    await tabTo(page, choice.getByRole('searchbox'));
    const { name } = await api.instance('web-01');
    await page.keyboard.type(name);
    const found = choice.getByTestId('instance-choice').getByRole('radio');
    await expect(found).toHaveCount(1);
    await tabTo(page, found);
    await page.keyboard.press('Space');
    await tabTo(page, choice.getByRole('button', { name: words.next }));
    await page.keyboard.press('Enter');
    const connect = page.getByTestId('connect-dialog');
    await expect(connect).toContainText(name);
    await expect(connect.locator('[data-id]').filter({ hasText: address }).getByRole('radio')).toBeChecked();
    await tabTo(page, connect.getByRole('button', { name: words.confirm }));
    await page.keyboard.press('Enter');
    await expectToast(page, words.connected);
    expect(await outside.fetchFromInternet(address)).toContain('web-01');
    await expect(addressRow(page, address)).toContainText(name);

    // one that is in use cannot be deleted, and says why
    await openMenu(page, address);
    await expect(page.getByTestId('menu-delete')).toContainText(words.taken);
    await expect(page.getByTestId('menu-delete')).toHaveAttribute('aria-disabled', 'true');
    await page.keyboard.press('Escape');
    await pressEntry(page, address, 'disconnect');
    const disconnect = page.getByTestId('disconnect-dialog');
    await expect(disconnect).toContainText(name);
    await tabTo(page, disconnect.getByRole('button', { name: words.disconnect }));
    await page.keyboard.press('Enter');
    await expectToast(page, words.kept);
    expect(await outside.fetchFromInternet(address)).toBeNull();
    await expect(addressRow(page, address)).not.toContainText(name);

    await pressEntry(page, address, 'delete');
    const dialog = page.getByTestId('delete-address-dialog');
    await expect(dialog).toContainText(address);
    await expectAccessible();
    if (language === 'en') await expectEnglishOnly(page);
    const submit = dialog.getByRole('button', { name: words.delete });
    await expect(submit).toHaveAttribute('aria-disabled', 'true');
    await tabTo(page, dialog.getByRole('textbox'));
    await page.keyboard.type(words.forEver);
    await tabTo(page, submit);
    await page.keyboard.press('Enter');
    await expectToast(page, words.deleted);
    await expect(dialog).toBeHidden();
    await expect(addressRow(page, address)).toHaveCount(0);
    expect((await api.publicIps()).map((ip) => ip.address)).not.toContain(address);
  });
}

for (const [language, words] of Object.entries(languages)) {
  test(`the list of addresses, in ${language}: create one for later, describe it, and lose nobody’s words`, {
    tag: ['@public-ip', '@a11y'],
  }, async ({ page, signInAs, api, expectAccessible }) => {
    const before = new Set((await api.publicIps()).map(({ id }) => id));
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    await page.goto('/public-ips');
    await tabTo(page, page.getByTestId('create-address'));
    await page.keyboard.press('Enter');
    const creation = page.getByTestId('create-address-dialog');
    await expect(creation.getByRole('textbox')).toBeFocused();
    await expectAccessible();
    await page.keyboard.insertText(words.later);
    await page.keyboard.press('Enter');
    await expectToast(page, words.created);
    const made = (await api.publicIps()).filter(({ id }) => !before.has(id));
    expect(made).toMatchObject([{ description: words.later, attachedTo: null }]);
    const [{ id, address } = { id: '', address: '' }] = made;
    await expect(addressRow(page, address)).toContainText(words.later);

    await pressEntry(page, address, 'describe');
    const dialog = page.getByTestId('describe-address-dialog');
    const field = dialog.getByRole('textbox');
    await expect(field).toHaveValue(words.later);
    await expectAccessible();
    // somebody else was faster: their words stay, and so does what was typed
    const theirs = await api.call('PUT', apiPaths.publicIp(id), { description: 'theirs', was: words.later });
    expect(theirs.status).toBe(204);
    await field.fill('mine');
    await page.keyboard.press('Enter');
    await expect(dialog).toContainText(words.changed);
    await expect(field).toHaveValue('mine');
    await page.keyboard.press('Escape');
    await expect(addressRow(page, address)).toContainText('theirs');
    await pressEntry(page, address, 'describe');
    await field.fill('mine');
    await page.keyboard.press('Enter');
    await expectToast(page, words.described);
    await expect(addressRow(page, address)).toContainText('mine');
    await api.call('POST', apiPaths.publicIpRelease, { publicIps: [{ id, networkInterfaceId: null }] });
    await expect(addressRow(page, address)).toHaveCount(0);
  });

  test(`several addresses are given back at once, in ${language}, but none that moved meanwhile`, {
    tag: ['@public-ip', '@a11y', '@safety'],
  }, async ({ page, signInAs, api, expectAccessible }) => {
    await freeInterface(api, 'web-01');
    const description = `lot ${randomBytes(4).toString('hex')}`;
    const ids: string[] = [];
    for (const _each of [1, 2, 3]) {
      const { body } = await api.call('POST', apiPaths.publicIps, { description });
      ids.push(publicIpSchema.parse(body).id);
    }
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    await page.goto(`/public-ips?q=${encodeURIComponent(description)}`);
    await expect(page.getByTestId('public-ip-row')).toHaveCount(3);
    await tabTo(page, page.getByRole('checkbox', { name: words.all }));
    await page.keyboard.press('Space');
    await expectAccessible();
    await tabTo(page, page.getByTestId('bulk-release'));
    await page.keyboard.press('Enter');
    const dialog = page.getByTestId('bulk-dialog');
    await expect(dialog.getByTestId('bulk-able').getByRole('listitem')).toHaveCount(3);
    await expectAccessible();
    if (language === 'en') await expectEnglishOnly(page);

    const nic = (await api.instance('web-01')).networkInterfaces[0]?.id ?? '';
    const place = apiPaths.interfacePublicIp(api.idOf('web-01'), nic);
    const connected = await api.call('POST', place, { mode: 'existing', publicIpId: ids[0] });
    expect(connected.status).toBeLessThan(300);
    await expect(dialog.getByTestId('bulk-unable')).toContainText(words.moved);
    await expect(dialog.getByTestId('bulk-able').getByRole('listitem')).toHaveCount(2);

    await tabTo(page, dialog.getByRole('textbox'));
    await page.keyboard.insertText(words.forEver);
    await tabTo(page, dialog.getByTestId('submit-bulk'));
    await page.keyboard.press('Enter');
    await expectToast(page, words.released);
    await expect(page.getByTestId('public-ip-row')).toHaveCount(1);
    const left = (await api.publicIps()).filter((ip) => ids.includes(ip.id));
    expect(left).toMatchObject([{ id: ids[0], attachedTo: { instanceName: 'web-01' } }]);
    await freeInterface(api, 'web-01');
    const rest = { publicIps: [{ id: ids[0], networkInterfaceId: null }] };
    expect((await api.call('POST', apiPaths.publicIpRelease, rest)).status).toBeLessThan(300);
  });

  test(`an address moves from the list, and back from the popup, in ${language}`, {
    tag: ['@public-ip', '@a11y'],
  }, async ({ page, signInAs, api, outside, expectAccessible }) => {
    test.slow();
    const address = '203.0.113.21';
    await outside.resetHost('web-01');
    await outside.resetHost('db-01');
    await freeInterface(api, 'web-01');
    // it serves no page: what reaches it is counted there
    await outside.onHost('db-01', 'iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '80');
    const arrivesAtDatabase = async () => {
      await outside.onHost('db-01', 'iptables', '-Z', 'INPUT');
      await outside.fetchFromInternet(address);
      return !(await outside.onHost('db-01', 'iptables', '-vnL', 'INPUT', '1')).trim().startsWith('0 ');
    };
    expect(await arrivesAtDatabase()).toBe(true);
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    await page.goto('/public-ips');
    await pressEntry(page, address, 'move');
    const choice = page.getByTestId('connect-address-dialog');
    const instances = choice.getByTestId('instance-choice').getByRole('radio');
    await tabTo(page, instances);
    await pressTo(page, 'ArrowDown', choice.locator('label', { hasText: 'web-01' }).getByRole('radio'));
    await page.keyboard.press('Space');
    await tabTo(page, choice.getByRole('button', { name: words.next }));
    await page.keyboard.press('Enter');
    const connect = page.getByTestId('connect-dialog');
    await expect(connect.getByTestId('move-consequences')).toContainText(words.moveLosses);
    await expectAccessible();
    const written = (await api.publicIps()).flatMap(({ description }) => description || []);
    if (language === 'en') await expectEnglishOnly(page, ...written);
    await tabTo(page, connect.getByRole('button', { name: words.confirm }));
    await page.keyboard.press('Enter');
    await expectToast(page, words.connected);
    expect(await outside.fetchFromInternet(address)).toContain('web-01');
    expect(await arrivesAtDatabase()).toBe(false);
    await expect(addressRow(page, address)).toContainText('web-01');

    await page.goto('/instances');
    await openInstanceMenu(page, 'db-01');
    await page.getByTestId('menu-connect').click();
    await choose(connect, words.held);
    const held = connect.getByTestId('held-list').locator('[data-id]').filter({ hasText: address });
    await expect(connect.getByTestId('held-list')).toBeVisible();
    await expect(held).toHaveCount(0);
    await connect.getByText(words.withConnected).click();
    await expect(held).toContainText(words.movesFrom);
    await held.click();
    await expect(connect.getByTestId('move-consequences')).toContainText('web-01');
    await expectAccessible();
    await connect.getByRole('button', { name: words.confirm }).click();
    await expectToast(page, words.connected);
    expect(await arrivesAtDatabase()).toBe(true);
    await outside.resetHost('db-01');
  });
}

test('what an address has cost so far is told where a price is configured', {
  tag: ['@public-ip', '@a11y'],
}, async ({ page, signInAs, api, expectAccessible }) => {
  await page.route(/\/api\/installation$/, async (route) => {
    const answer = await route.fetch();
    const publicIpPrice = { perHour: 4.2, currency: 'KRW' };
    await route.fulfill({ response: answer, json: { ...(await answer.json()), publicIpPrice } });
  });
  await freeInterface(api, 'web-01');
  const idle = (await api.publicIps()).find(({ attachedTo }) => attachedTo === null);
  const address = idle?.address ?? '';
  const hours = Math.ceil((Date.now() - Date.parse(idle?.createdAt ?? '')) / 3_600_000);
  // an hour may begin meanwhile
  const amounts = [hours, hours + 1].map((each) => Math.round(each * 4.2).toLocaleString('en'));
  const cost = new RegExp(`₩(${amounts.join('|')})`);
  await signInAs('admin');
  await openInstanceMenu(page, 'web-01');
  await page.getByTestId('menu-connect').click();
  const connect = page.getByTestId('connect-dialog');
  await choose(connect, '가지고 있는 Public IP에서 선택');
  await expect(
    connect.getByTestId('held-list').locator('[data-id]').filter({ hasText: address }),
  ).toContainText(cost);
  await page.keyboard.press('Escape');
  await page.goto('/public-ips');
  await expect(addressRow(page, address)).toContainText(cost);
  await expectAccessible();
  await page.goto(`/instances/${api.idOf('web-01')}/details`);
  await expect(page.getByTestId('instance-cost')).toContainText('시간당 가격: ₩4.2');
});

test('an address that somebody else connects meanwhile is not deleted', {
  tag: ['@public-ip', '@safety'],
}, async ({ page, signInAs, api, outside }) => {
  await outside.resetHost('web-01');
  const { address, id, place, held } = await idleAddress(api);
  await signInAs('admin');
  await page.goto(`/public-ips?q=${address}`);
  await pressEntry(page, address, 'delete');
  const dialog = page.getByTestId('delete-address-dialog');
  await dialog.getByRole('textbox').fill('영구 삭제');
  const connected = await api.call('POST', place, { mode: 'existing', publicIpId: id });
  expect(connected.status).toBeLessThan(300);
  // the page hears of it, and the button says why it does nothing any more
  const submit = dialog.getByRole('button', { name: '삭제' });
  await expect(submit).toHaveAttribute('aria-disabled', 'true');
  await expect(submit).toHaveAccessibleDescription(/먼저 연결을 해제해 주세요/);
  await submit.click({ force: true });
  const left = { publicIps: [{ id, networkInterfaceId: null }] };
  const refused = await api.call('POST', apiPaths.publicIpRelease, left);
  expect(refused).toMatchObject({ status: 409, body: { code: 'publicIp.changed' } });
  await expect.poll(async () => (await held())?.address).toBe(address);
  await freeInterface(api, 'web-01');
});

test('who only looks at addresses is told why nothing can be done', {
  tag: ['@public-ip', '@safety'],
}, async ({ page, signInAs }) => {
  await signInAs('reader');
  await page.goto('/public-ips');
  await page.getByTestId('address-menu').first().click();
  for (const entry of ['connect', 'move', 'disconnect', 'describe', 'delete']) {
    await expect(page.getByTestId(`menu-${entry}`)).toContainText('프로젝트 관리자만 할 수 있습니다.');
  }
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('create-address')).toHaveAccessibleDescription(/프로젝트 관리자만/);
});
