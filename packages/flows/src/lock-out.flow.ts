import { auditListSchema } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { openFirewall, openReview, typeCommand } from './verbs.ts';

const hosts = [
  { name: 'web-01', backend: 'legacy' },
  { name: 'db-01', backend: 'nft' },
] as const;

for (const { name, backend } of hosts) {
  test(`a rule that cuts everybody off is named, applied all the same, and reverts by itself (${backend})`, {
    tag: ['@firewall', '@safety', '@a11y'],
  }, async ({ page, signInAs, api, outside, expectAccessible }) => {
    test.slow();
    await outside.resetHost(name);
    const before = await outside.rulesOf(name);
    await signInAs('admin');
    await openFirewall(page, api.idOf(name));
    const bar = page.getByTestId('command-bar');
    await bar.fill('sudo iptables -I INPUT –p tcp -j DROP');
    await expect(page.getByTestId('repairs')).toContainText('–p → -p');
    await bar.press('Enter');
    await expect(page.getByTestId('draft-count')).toHaveText('변경 1건');
    expect(await outside.rulesOf(name)).toBe(before);

    const review = await openReview(page);
    await expect(review.getByTestId('verdict')).toHaveAttribute('data-state', 'lost');
    await expectAccessible();
    await review.getByRole('button', { name: /기다리는 시간/ }).click();
    await page.getByRole('option', { name: '30초' }).click();
    await expect(review.getByTestId('start-trial')).toHaveAttribute('aria-disabled', 'true');
    await review.getByRole('textbox', { name: /호스트 이름/ }).fill(name);
    for (const tick of await review.locator('footer').getByRole('checkbox').all()) {
      await tick.check({ force: true });
    }
    await review.getByTestId('start-trial').click();

    const band = page.getByTestId('trial-band');
    await expect(band).toBeVisible({ timeout: 60_000 });
    await expect(band).toContainText('호스트와 연결이 끊겼습니다.', { timeout: 60_000 });
    expect(await outside.rulesOf(name)).toContain('-A INPUT -p tcp -j DROP');
    // somebody at the machine's own console, who does not know of the trial
    await outside.onHost(name, 'iptables', '-A', 'INPUT', '-s', '192.0.2.99', '-j', 'DROP');

    const outcome = page.getByTestId('outcome');
    await expect(outcome).toHaveAttribute('data-kind', 'reverted', { timeout: 120_000 });
    expect(await outside.rulesOf(name)).toBe(before);
    await expect(outcome.getByTestId('undone').getByRole('listitem')).toHaveText([
      '추가됨iptables -t filter -A INPUT -s 192.0.2.99/32 -j DROP',
    ]);
    await expectAccessible();
    // nobody's request has put the rules back, and the log says so all the same
    const found = await api.call('GET', `/api/audit?action=trial.revert&target=${api.idOf(name)}`);
    const { records } = auditListSchema.parse(found.body);
    expect(records.filter(({ actor }) => actor.role === 'host')).toMatchObject([
      { phase: 'succeeded', detail: { reason: 'expired' } },
    ]);
    // the draft is still there, to be mended
    await page.getByTestId('leave-outcome').click();
    await expect(page.getByTestId('draft-count')).toHaveText('변경 1건');
  });
}

test('SSH that is shut for everybody is told where nobody knows from where it is used', {
  tag: ['@firewall', '@safety', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  test.slow();
  await outside.resetHost('web-01');
  const before = await outside.rulesOf('web-01');
  await signInAs('admin');
  await openFirewall(page, api.idOf('web-01'));
  await typeCommand(page, '-I INPUT 2 -p tcp --dport 22 -j DROP');
  await expect(page.getByTestId('worst-check')).toContainText('콘솔의 SSH가 끊깁니다');

  const review = await openReview(page);
  await expect(review.getByTestId('verdict')).toHaveAttribute('data-state', 'lost');
  await expect(review.getByTestId('start-trial')).toHaveAttribute('aria-disabled', 'true');
  await review.getByRole('textbox', { name: /호스트 이름/ }).fill('web-01');
  await review.getByTestId('start-trial').click();
  const band = page.getByTestId('trial-band');
  await expect(band).toContainText('2번이 실패했습니다.', { timeout: 60_000 });
  await expectAccessible();
  await page.getByTestId('revert-trial').click();
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'reverted', { timeout: 60_000 });
  expect(await outside.rulesOf('web-01')).toBe(before);

  // with the step taken back there is nothing to say of the draft
  await page.getByTestId('leave-outcome').click();
  await expect(page.getByTestId('worst-check')).toContainText('콘솔의 SSH가 끊깁니다');
  await page.getByTestId('draft-bar').getByRole('button', { name: '실행 취소' }).click();
  await expect(page.getByTestId('draft-count')).toHaveText('변경 0건');
  await expect(page.getByTestId('worst-check')).toBeEmpty();
});
