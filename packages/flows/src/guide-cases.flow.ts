import { expect, test } from './fixtures.ts';
import { startTwin } from './testing/twin.ts';
import {
  applyDraft,
  deleteRule,
  fillRule,
  openFirewall,
  openRuleForm,
  ruleRow,
  submitRule,
} from './verbs.ts';

const hosts = [
  { name: 'web-01', backend: 'legacy', address: '198.168.0.10' },
  { name: 'db-01', backend: 'nft', address: '10.10.0.21' },
] as const;

for (const { name, backend, address } of hosts) {
  test(`the guide's cases through the console equal the typed commands (${backend})`, {
    tag: '@smoke',
  }, async ({ page, signInAs, api, outside }) => {
    // four changes, each tried and kept on the host
    test.slow();
    await outside.resetHost(name);
    const twin = await startTwin(backend);
    try {
      await signInAs('admin');
      await openFirewall(page, api.idOf(name));
      const created = [
        'sudo iptables -A INPUT -i lo -j ACCEPT',
        'sudo iptables -A INPUT -p tcp --dport 22 -j ACCEPT',
        'sudo iptables -A INPUT -p tcp --dport 80 -j ACCEPT',
        'sudo iptables -A INPUT -p tcp --dport 443 -j ACCEPT',
        `sudo iptables -A INPUT -d ${address} -p tcp --dport 22 -j ACCEPT`,
      ];
      for (const [index, command] of created.entries()) {
        await page
          .getByTestId(`case-${index + 1}`)
          .first()
          .click();
        const form = page.getByTestId('rule-form');
        if (index === 4) await fillRule(page, form, { destination: address });
        await submitRule(form);
        await twin.type(command);
      }
      const form = await openRuleForm(page);
      await fillRule(page, form, { protocol: 'tcp', port: '22', target: 'REJECT' });
      await submitRule(form);
      await twin.type('sudo iptables -A INPUT -p tcp -m tcp --dport 22 -j REJECT');
      // nothing of it is on the host until it is tried and kept
      expect(await outside.onHost(name, 'iptables', '-S', 'INPUT')).toBe(
        '-P INPUT ACCEPT\n-A INPUT -j sshguard\n',
      );
      await applyDraft(page);
      expect(await outside.rulesOf(name)).toBe(await twin.rules());

      const deleted = [
        { row: ruleRow(page, 4), command: 'sudo iptables -D INPUT 4' },
        { row: ruleRow(page, 6), command: 'sudo iptables -D INPUT -p tcp -m tcp --dport 22 -j REJECT' },
        { row: ruleRow(page, 4), command: 'sudo iptables -D INPUT -p tcp --dport 443 -j ACCEPT' },
      ];
      for (const { row, command } of deleted) {
        await deleteRule(page, row);
        await twin.type(command);
        await applyDraft(page);
        expect(await outside.rulesOf(name)).toBe(await twin.rules());
      }
    } finally {
      twin.end();
    }
  });
}
