import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { randomRules } from './testing/random-rules.ts';

/** How many random states are compared: a few each time, more where somebody asks for them. */
const states = Number(process.env.MORU_GRID_STATES ?? 3);
const seed = Number(process.env.MORU_GRID_SEED ?? 1);

const hosts = [
  { name: 'web-02', backend: 'legacy' },
  { name: 'db-01', backend: 'nft' },
] as const;

const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** The rows that the grid shows in the tool's columns, each as the tool would print it. */
async function gridRows(page: Page): Promise<string[]> {
  const rows = await page.getByTestId('rule-row').evaluateAll((found) =>
    found
      .toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
      // the last cell is the menu
      .map((row) =>
        [...row.children]
          .slice(0, -1)
          .map((cell) => cell.textContent ?? '')
          .join(' '),
      ),
  );
  return rows.map(words);
}

for (const { name, backend } of hosts) {
  test(`the grid shows what iptables -nvL shows, in random states (${backend})`, {
    tag: '@firewall',
  }, async ({ page, signInAs, api, outside }) => {
    test.setTimeout(60_000 + states * 30_000);
    await outside.resetHost(name);
    await signInAs('admin');
    const id = api.idOf(name);
    for (let state = 0; state < states; state += 1) {
      await outside.restoreOnHost(name, randomRules(seed + state));
      for (const chain of ['FORWARD', 'web1']) {
        const listed = await outside.onHost(name, 'iptables', '-nvL', chain, '--line-numbers');
        const [head = '', , ...lines] = listed.trimEnd().split('\n');
        await page.goto(`/instances/${id}/firewall?columns=iptables&chain=${chain}`);
        await expect(page.getByTestId('policy-row')).toBeVisible({ timeout: 30_000 });
        await expect
          .poll(() => gridRows(page), { message: `state ${seed + state}, ${chain}`, timeout: 30_000 })
          .toEqual(lines.map(words));
        const [, policy] = /policy (\w+)/.exec(head) ?? [];
        if (policy) await expect(page.getByTestId('policy-row')).toContainText(policy);
      }
    }
    await outside.resetHost(name);
  });
}

test('hostile names and comments from a host are shown as text', { tag: '@firewall' }, async ({
  page,
  signInAs,
  api,
  outside,
}) => {
  const name = 'web-02';
  await outside.resetHost(name);
  const comment = '<img src=x onerror=alert(1)>"\'$(id) {{x}}';
  const chain = '<img/src=x/onerror=alert(1)>';
  await outside.onHost(name, 'iptables', '-N', chain);
  await outside.onHost(
    name,
    'iptables',
    '-A',
    'INPUT',
    '-m',
    'comment',
    '--comment',
    comment,
    '-j',
    'ACCEPT',
  );
  await outside.onHost(name, 'iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '8081', '-j', chain);
  await signInAs('admin');
  const id = api.idOf(name);
  const unharmed = async () => {
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.locator('main script').count()).toBe(0);
  };
  page.on('dialog', (dialog) => {
    throw new Error(`a dialog opened: ${dialog.message()}`);
  });
  await page.goto(`/instances/${id}/firewall`);
  await expect(page.getByTestId('rule-row')).toHaveCount(3);
  await expect(page.getByRole('main')).toContainText(chain);
  await page.getByTestId('rule-row').nth(1).click();
  await expect(page.getByRole('main')).toContainText('<img src=x onerror=alert(1)>');
  await unharmed();
  await page.goto(`/instances/${id}/firewall?columns=iptables`);
  await expect(page.getByTestId('rule-row').nth(1)).toContainText('<img src=x onerror=alert(1)>');
  await unharmed();
  await page.goto(`/instances/${id}/firewall?mode=text`);
  await expect(page.getByTestId('text-editor')).toContainText('<img src=x onerror=alert(1)>');
  await unharmed();
  await page.goto(`/instances/${id}/firewall/output?kind=save`);
  await expect(page.getByTestId('output-text')).toContainText('<img src=x onerror=alert(1)>');
  await unharmed();
  await outside.resetHost(name);
});
