import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { expectFits } from './testing/fits.ts';
import { gatewaysOf, resetGateways, twoGateways } from './testing/gateways.ts';
import { freeInterface } from './testing/public-ips.ts';

const [first = '', second = ''] = twoGateways;
const words = {
  ko: { out: 'default 198.168.0.1 여기로 나감', none: 'Public IP 없음', off: '호스트가 꺼져 있어' },
  en: { out: 'default 198.168.0.1 goes out here', none: 'No Public IP', off: 'The host is off' },
} as const;

for (const [language, said] of Object.entries(words)) {
  test(`the network as a picture, in ${language}: the default route as the host has it, and live`, {
    tag: ['@routes', '@public-ip', '@a11y'],
  }, async ({ page, signInAs, api, outside, expectAccessible }) => {
    await outside.resetHost('web-02');
    await resetGateways(outside);
    await freeInterface(api, 'web-02');
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    await page.goto(`/instances/${api.idOf('web-02')}/network`);
    const picture = page.getByTestId('network-picture');
    const drawn = (device: string) => picture.getByTestId(`picture-${device}`);
    await expect(drawn('eth0')).toHaveAttribute('data-line', 'path');
    await expect(drawn('eth1')).toHaveAttribute('data-line', 'unused');
    await expect(drawn('eth1')).toContainText('10.10.0.1');
    // what the picture shows is told as well
    await expect(picture.getByRole('listitem').first()).toContainText(said.out);
    await expect(picture.getByRole('listitem').first()).toContainText(said.none);
    await expectAccessible();
    if (language === 'en') await expectEnglishOnly(page);

    await outside.onHost('web-02', 'ip', 'route', 'del', ...second.split(' '));
    expect(await gatewaysOf(outside)).toEqual([first]);
    await expect(drawn('eth1')).toHaveAttribute('data-line', 'none');
    await expect(drawn('eth0')).toHaveAttribute('data-line', 'path');
    await resetGateways(outside);
    await expect(drawn('eth1')).toHaveAttribute('data-line', 'unused');

    await page.setViewportSize({ width: 390, height: 844 });
    await expectFits(page);
    await page.goto(`/instances/${api.idOf('batch-01')}/network`);
    await expect(picture).toContainText(said.off);
    await expect(drawn('eth0')).toHaveAttribute('data-line', 'none');
    await expect(drawn('eth0')).toContainText('203.0.113.31');
    await expectAccessible();
  });
}
