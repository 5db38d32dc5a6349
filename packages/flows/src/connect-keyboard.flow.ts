import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { freeInterface } from './testing/public-ips.ts';
import { expectToast, instanceRow, pressMenuEntry, tabTo } from './verbs.ts';

// the guide's first chapter by keyboard alone, from the list to the host and back, in both languages
const languages = {
  ko: {
    connected: 'Public IP를 연결했습니다',
    kept: '연결을 해제했습니다. 주소는 남아 있습니다',
    deleted: '연결을 해제하고 Public IP를 삭제했습니다',
    submit: '확인',
    disconnect: '연결 해제',
  },
  en: {
    connected: 'Public IP connected',
    kept: 'Disconnected. The address was kept',
    deleted: 'Disconnected, and the Public IP was deleted',
    submit: 'Confirm',
    disconnect: 'Disconnect',
  },
} as const;

for (const [language, words] of Object.entries(languages)) {
  test(`by keyboard alone, in ${language}: connect, disconnect and keep, connect again, disconnect and delete`, {
    tag: ['@public-ip', '@a11y'],
  }, async ({ page, signInAs, api, outside, expectAccessible }) => {
    test.slow();
    await outside.resetHost('web-01');
    await freeInterface(api, 'web-01');
    const held = async () => (await api.instance('web-01')).networkInterfaces[0]?.publicIp?.address;
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    const menu = instanceRow(page, 'web-01').getByTestId('instance-menu');

    await pressMenuEntry(page, 'web-01', 'connect');
    const connect = page.getByTestId('connect-dialog');
    await expect(connect).toBeVisible();
    await expectAccessible();
    if (language === 'en') await expectEnglishOnly(page);
    // left without a change, the focus is where it was
    await page.keyboard.press('Escape');
    await expect(connect).toBeHidden();
    await expect(menu).toBeFocused();
    await pressMenuEntry(page, 'web-01', 'connect');
    await tabTo(page, connect.getByRole('button', { name: words.submit }));
    await page.keyboard.press('Enter');
    await expectToast(page, words.connected);
    const address = (await held()) ?? '';
    expect(await outside.fetchFromInternet(address)).toContain('web-01');

    const disconnect = page.getByTestId('disconnect-dialog');
    await pressMenuEntry(page, 'web-01', 'disconnect');
    await expect(disconnect).toContainText(address);
    await expectAccessible();
    if (language === 'en') await expectEnglishOnly(page);
    await tabTo(page, disconnect.getByRole('button', { name: words.disconnect }));
    await page.keyboard.press('Enter');
    await expectToast(page, words.kept);
    expect(await outside.fetchFromInternet(address)).toBeNull();
    const kept = (await api.publicIps()).find((ip) => ip.address === address);
    expect(kept?.status).toBe('available');

    // the same address again, out of the idle ones
    await pressMenuEntry(page, 'web-01', 'connect');
    const choices = connect.getByTestId('address-choice').getByRole('radio');
    await tabTo(page, choices.first());
    const existing = choices.last();
    for (let step = 0; step < 4 && !(await existing.isChecked()); step += 1) {
      await page.keyboard.press('ArrowDown');
    }
    await tabTo(page, connect.getByRole('searchbox'));
    await page.keyboard.type(address);
    const idle = connect.getByTestId('held-list').getByRole('radio');
    await expect(idle).toHaveCount(1);
    await tabTo(page, idle);
    await page.keyboard.press('Space');
    await expect(idle).toBeChecked();
    await tabTo(page, connect.getByRole('button', { name: words.submit }));
    await page.keyboard.press('Enter');
    await expectToast(page, words.connected);
    // the notice of the first time may still be there
    await expect.poll(held).toBe(address);

    await pressMenuEntry(page, 'web-01', 'disconnect');
    await tabTo(page, disconnect.getByRole('checkbox'));
    await page.keyboard.press('Space');
    await expect(disconnect.getByRole('checkbox')).toBeChecked();
    await tabTo(page, disconnect.getByRole('button', { name: words.disconnect }));
    await page.keyboard.press('Enter');
    await expectToast(page, words.deleted);
    expect(await outside.fetchFromInternet(address)).toBeNull();
    expect((await api.publicIps()).map((ip) => ip.address)).not.toContain(address);
  });
}
