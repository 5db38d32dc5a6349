import { expect, test } from './fixtures.ts';
import { confirmTrial, openFirewall, openReview, startTrial, submitRule, typeCommand } from './verbs.ts';

const hosts = [
  { name: 'web-02', backend: 'legacy' },
  { name: 'db-01', backend: 'nft' },
] as const;

for (const { name, backend } of hosts) {
  test(`22, 80, 443, then DROP: the review offers what is missing, and nobody is cut off (${backend})`, {
    tag: '@firewall',
  }, async ({ page, signInAs, api, outside }) => {
    test.slow();
    await outside.resetHost(name);
    await signInAs('admin');
    await openFirewall(page, api.idOf(name));
    for (const number of [2, 3, 4]) {
      await page.getByTestId(`case-${number}`).first().click();
      await submitRule(page.getByTestId('rule-form'));
    }
    await typeCommand(page, '-A INPUT -j DROP');
    const review = await openReview(page);
    await review.getByTestId('keep-access').click();
    const verdict = review.getByTestId('verdict');
    await expect(verdict).toHaveAttribute('data-state', /^(kept|unknown)$/, { timeout: 30_000 });
    // no name has to be typed
    await expect(review.getByRole('textbox', { name: /호스트 이름/ })).toBeHidden();
    await startTrial(page, review);
    await confirmTrial(page);
    const rules = await outside.rulesOf(name);
    for (const port of [22, 80, 443]) expect(rules).toContain(`--dport ${port} -j ACCEPT`);
    expect(
      rules
        .trimEnd()
        .split('\n')
        .filter((line) => line.startsWith('-A INPUT'))
        .at(-1),
    ).toBe('-A INPUT -j DROP');
    // and the console still reads the host
    await page.getByTestId('leave-outcome').click();
    await expect(page.getByTestId('state-strip')).toContainText('tcp/22');
    await outside.resetHost(name);
  });
}
