import { expect, test } from './fixtures.ts';
import {
  applyDraft,
  editText,
  openFirewall,
  ruleRow,
  switchText,
  typeCommand,
  writeText,
  writtenText,
} from './verbs.ts';

const host = 'web-02';

test.beforeEach(({ outside }) => outside.resetHost(host));

test('wrong text is told at its line and word, and nothing of it reaches the draft', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, expectAccessible }) => {
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await switchText(page, true);
  const text = await writtenText(page);
  const state = page.getByTestId('text-state');
  const wrong = [
    ['-A INPUT -p tcp --dport 99999 -j ACCEPT', '“99999”'],
    ['-A INPUT --no-such-option -j ACCEPT', '“--no-such-option”'],
    ['-A NOWHERE -j ACCEPT', '“NOWHERE”'],
    ['sudo iptables -A INPUT -j ACCEPT', '-A 줄이나 COMMIT만'],
    ['-A INPUT -s 10.0.0.300 -j DROP', '“10.0.0.300”'],
  ] as const;
  for (const [line, word] of wrong) {
    await writeText(page, text.replace('COMMIT', `${line}\nCOMMIT`));
    await expect(state).toContainText(word);
    await expect(state).toContainText('7행');
    await expect(page.locator('.cm-lintRange-error')).toBeVisible();
    await expect(page.getByTestId('apply-text')).toHaveAttribute('aria-disabled', 'true');
  }
  await expectAccessible();
  await page.getByRole('button', { name: '되돌리기' }).click();
  await expect(state).toHaveText('초안과 같습니다.');
  await expect(page.getByTestId('draft-bar')).toBeHidden();
});

test('text, commands and grid edit one draft; a line commented out is a rule switched off', {
  tag: '@firewall',
}, async ({ page, signInAs, api, outside }) => {
  test.slow();
  const id = api.idOf(host);
  await signInAs('admin');
  await openFirewall(page, id);
  await typeCommand(page, '-A INPUT -p tcp --dport 8081 -j ACCEPT');
  await editText(page, (text) =>
    text.replace(
      'COMMIT',
      '#-A INPUT -p tcp -m tcp --dport 8082 -j ACCEPT\n-A INPUT -p tcp --dport 8083 -j ACCEPT\nCOMMIT',
    ),
  );
  // what is typed while the text is open stands in the text
  await typeCommand(page, '-I INPUT -p udp --dport 53 -j ACCEPT');
  await expect(page.getByTestId('text-editor')).toContainText('--dport 53');
  await switchText(page, false);
  await expect(ruleRow(page, 1)).toContainText('udp/53');
  await expect(ruleRow(page, 4)).toContainText('tcp/8083');
  await expect(page.getByTestId('rule-row')).toHaveCount(5);
  await applyDraft(page);
  const rules = await outside.rulesOf(host);
  expect(rules).toContain('--dport 8083');
  expect(rules).not.toContain('8082');
  await switchText(page, true);
  await expect(page.getByTestId('text-editor')).toContainText(
    '#-A INPUT -p tcp -m tcp --dport 8082 -j ACCEPT',
  );

  // other programs' chains are shown, and never written
  await outside.onHost(host, 'iptables', '-A', 'sshguard', '-s', '192.0.2.66', '-j', 'DROP');
  await expect(page.getByTestId('text-editor')).toContainText('192.0.2.66', { timeout: 20_000 });
  await writeText(
    page,
    (await writtenText(page)).replace(/.*192\.0\.2\.66.*\n/, '').replace(/#-A.*8082.*\n/, ''),
  );
  await expect(page.getByTestId('text-foreign')).toContainText('sshguard');
  await page.keyboard.press('Control+Enter');
  await switchText(page, false);
  await expect(page.locator('[data-testid="rule-row"][data-mark="deleted"]')).toHaveCount(1);
  await typeCommand(page, '-D INPUT -p tcp --dport 8083 -j ACCEPT');
  await applyDraft(page);
  await expect(page.getByTestId('rule-row')).toHaveCount(3);
  expect(await outside.rulesOf(host)).toContain('-A sshguard -s 192.0.2.66/32 -j DROP');
});

test('a pasted million characters is read beside the page, which goes on', { tag: '@firewall' }, async ({
  page,
  signInAs,
  api,
}) => {
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await switchText(page, true);
  const text = await writtenText(page);
  const count = 20_000;
  const lines = Array.from({ length: count }, (_, index) => {
    const source = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    return `-A INPUT -s ${source}/32 -p tcp -m tcp --dport 443 -j ACCEPT`;
  });
  const long = text.replace('COMMIT', `${lines.join('\n')}\nCOMMIT`);
  expect(long.length).toBeGreaterThan(1_000_000);
  await writeText(page, long);
  const bar = page.getByTestId('command-bar');
  await bar.fill('-A INPUT -p tcp');
  await expect(bar).toHaveValue('-A INPUT -p tcp');
  await expect(page.getByTestId('text-state')).toContainText(`Rule ${count + 1}`, { timeout: 60_000 });
  // and one line of a million characters, which is no rule at all
  await writeText(page, 'x'.repeat(1_000_000));
  await expect(page.getByTestId('text-state')).toContainText('1행', { timeout: 60_000 });
  await page.getByRole('button', { name: '되돌리기' }).click();
  await expect(page.getByTestId('text-state')).toHaveText('초안과 같습니다.');
});
