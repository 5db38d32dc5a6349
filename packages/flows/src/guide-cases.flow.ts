import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { plainRules } from './testing/outside.ts';
import { startTwin } from './testing/twin.ts';
import {
  applyDraft,
  deleteRule,
  editText,
  fillRule,
  openFirewall,
  openRuleForm,
  ruleRow,
  submitRule,
  switchText,
  typeCommand,
  writtenText,
} from './verbs.ts';

const hosts = {
  legacy: { name: 'web-01', address: '198.168.0.10' },
  nft: { name: 'db-01', address: '10.10.0.21' },
} as const;

/** The guide's cases 1 to 5, and the rule that its deletions are shown with. */
const createdOn = (address: string) => [
  'sudo iptables -A INPUT -i lo -j ACCEPT',
  'sudo iptables -A INPUT -p tcp --dport 22 -j ACCEPT',
  'sudo iptables -A INPUT -p tcp --dport 80 -j ACCEPT',
  'sudo iptables -A INPUT -p tcp --dport 443 -j ACCEPT',
  `sudo iptables -A INPUT -d ${address} -p tcp --dport 22 -j ACCEPT`,
  'sudo iptables -A INPUT -p tcp -m tcp --dport 22 -j REJECT',
];

/** Its three ways to delete: by number, by what the rule says, and by the rule without its match's name. */
const deleted = [
  { number: 4, says: '80', command: 'sudo iptables -D INPUT 4' },
  { number: 6, says: 'REJECT', command: 'sudo iptables -D INPUT -p tcp -m tcp --dport 22 -j REJECT' },
  { number: 4, says: '443', command: 'sudo iptables -D INPUT -p tcp --dport 443 -j ACCEPT' },
];

interface Editor {
  create(page: Page, command: string, index: number, address: string): Promise<void>;
  remove(page: Page, deletion: (typeof deleted)[number]): Promise<void>;
}

const byForm: Editor = {
  async create(page, _command, index, address) {
    if (index < 5) {
      await page
        .getByTestId(`case-${index + 1}`)
        .first()
        .click();
      const form = page.getByTestId('rule-form');
      if (index === 4) {
        // without the address that the guide leaves open there is no rule yet
        await expect(form.getByTestId('rule-preview')).not.toContainText('iptables');
        await form.getByRole('button', { name: '초안에 반영', exact: true }).click({ force: true });
        await expect(form.getByRole('textbox', { name: 'Destination IP', exact: true })).toBeFocused();
        await expect(form.getByTestId('field-error')).toBeVisible();
        await fillRule(page, form, { destination: address });
      }
      return submitRule(form);
    }
    const form = await openRuleForm(page);
    await fillRule(page, form, { protocol: 'tcp', port: '22', target: 'REJECT' });
    await submitRule(form);
  },
  async remove(page, { number, says }) {
    const row = ruleRow(page, number);
    // whoever deletes by a number looks at the row: what was kept a moment ago has moved it
    await expect(row).toContainText(says);
    await deleteRule(page, row);
  },
};

const byCommand: Editor = {
  create: (page, command) => typeCommand(page, command),
  remove: (page, { command }) => typeCommand(page, command),
};

const byText: Editor = {
  create: (page, command) =>
    editText(page, (text) => text.replace('COMMIT', `${command.replace('sudo iptables ', '')}\nCOMMIT`)),
  remove: (page, { number }) =>
    editText(page, (text) => {
      const lines = text.split('\n');
      const rules = lines.filter((line) => line.startsWith('-A INPUT '));
      return lines.toSpliced(lines.indexOf(rules[number - 1] ?? ''), 1).join('\n');
    }),
};

/** The draft in the form of iptables-save, without counters. */
async function draftRules(page: Page): Promise<string> {
  await switchText(page, true);
  const text = await writtenText(page);
  await switchText(page, false);
  return plainRules(text.replaceAll(' [0:0]', ''));
}

const runs = [
  { by: 'the form', editor: byForm, backend: 'legacy' },
  { by: 'the form', editor: byForm, backend: 'nft' },
  { by: 'the command bar', editor: byCommand, backend: 'nft' },
  { by: 'text mode', editor: byText, backend: 'legacy' },
] as const;

for (const { by, editor, backend } of runs) {
  test(`the guide's cases by ${by} equal the typed commands (${backend})`, {
    tag: ['@smoke', '@firewall'],
  }, async ({ page, signInAs, api, outside }) => {
    // four changes, each tried and kept on the host
    test.slow();
    const { name, address } = hosts[backend];
    await outside.resetHost(name);
    const twin = await startTwin(backend);
    try {
      await signInAs('admin');
      await openFirewall(page, api.idOf(name));
      for (const [index, command] of createdOn(address).entries()) {
        await editor.create(page, command, index, address);
        await twin.type(command);
        expect(await draftRules(page)).toBe((await twin.rules()).replaceAll(' [0:0]', ''));
      }
      // nothing of it is on the host until it is tried and kept
      expect(await outside.onHost(name, 'iptables', '-S', 'INPUT')).toBe(
        '-P INPUT ACCEPT\n-A INPUT -j sshguard\n',
      );
      await applyDraft(page);
      expect(await outside.rulesOf(name)).toBe(await twin.rules());
      for (const deletion of deleted) {
        await editor.remove(page, deletion);
        await twin.type(deletion.command);
        await switchText(page, false);
        await applyDraft(page);
        expect(await outside.rulesOf(name)).toBe(await twin.rules());
      }
    } finally {
      twin.end();
    }
  });
}
