import { expect, test } from './fixtures.ts';
import { cutFromInternet } from './testing/cloud-api.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { resetGateways } from './testing/gateways.ts';
import { freeInterface } from './testing/public-ips.ts';
import { openInstanceMenu } from './verbs.ts';

const words = {
  ko: {
    gateway: 'Subnet back에는 인터넷 게이트웨이로 가는 경로가 없습니다',
    tag: '인터넷 경로 없음',
    answers: '응답은 eth0 인터페이스로 나갑니다',
  },
  en: {
    gateway: 'Subnet back has no route to an internet gateway',
    tag: 'No way to the internet',
    answers: 'Answers leave by eth0',
  },
} as const;

for (const [language, said] of Object.entries(words)) {
  test(`before an address is bought in ${language}: whether anything can arrive by it, and by which way answers leave`, {
    tag: ['@public-ip', '@routes', '@a11y'],
  }, async ({ page, signInAs, api, installation, outside, expectAccessible }) => {
    test.slow();
    await outside.resetHost('web-02');
    await resetGateways(outside);
    await freeInterface(api, 'web-02');
    await page.addInitScript((chosen) => localStorage.setItem('moru.language', chosen), language);
    await signInAs('admin');
    await openInstanceMenu(page, 'web-02');
    await page.getByTestId('menu-connect').click();
    const dialog = page.getByTestId('connect-dialog');
    const choice = dialog.getByTestId('interface-choice');
    // the interface that answers, whose subnet reaches the internet
    await expect(dialog).not.toContainText(said.gateway);
    await expect(dialog).not.toContainText(said.answers);
    await choice.getByText('eth1').click();
    await expect(dialog).toContainText(said.answers);
    await expect(dialog).not.toContainText(said.gateway);

    // taken away in the cloud's own console meanwhile
    const mend = await cutFromInternet(installation, 'back');
    try {
      await expect(choice).toContainText(said.tag);
      await expect(dialog).toContainText(said.gateway);
      await expectAccessible();
      if (language === 'en') await expectEnglishOnly(page);
      await choice.getByText('eth0').click();
      await expect(dialog).not.toContainText(said.gateway);
      await page.keyboard.press('Escape');

      await page.goto(`/instances/${api.idOf('web-02')}/network`);
      const picture = page.getByTestId('network-picture');
      await expect(picture.getByTestId('picture-eth1')).toContainText(said.tag);
      await expect(picture.getByRole('listitem').last()).toContainText(said.tag);
      await expect(picture.getByTestId('picture-eth0')).not.toContainText(said.tag);
      await expectAccessible();
    } finally {
      await mend();
    }
    await expect(page.getByTestId('picture-eth1')).not.toContainText(said.tag);
  });
}
