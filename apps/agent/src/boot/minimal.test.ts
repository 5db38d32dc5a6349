import { parseSave } from '@moru/netfilter';
import { expect, it } from 'vitest';
import { minimalSets } from './minimal.ts';

const ports = { ssh: [22, 2222], agent: 7443 };
const last = [
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ':sshguard - [0:0]',
  '-A INPUT -j sshguard',
  '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT',
  '-A INPUT -s 10.0.0.0/8 -p udp -m udp --dport 53 -j ACCEPT',
  '-A INPUT -p tcp -m set --match-set gone src -j ACCEPT',
  '-A INPUT -j ACCEPT',
  '-A INPUT -p tcp -m tcp --dport 25 -j DROP',
  'COMMIT',
  '',
].join('\n');

it('keeps SSH, the agent and what was let in, with its conditions; never lets everything in', () => {
  const [first = '', second = '', third = ''] = minimalSets('ipv4', ports, last);
  const rules = (text: string) => parseSave(text).tables[0]?.chains.find(({ name }) => name === 'INPUT');
  expect(rules(first)?.policy).toBe('DROP');
  expect(first).toContain('-A INPUT -j sshguard\n-A INPUT -i lo -j ACCEPT');
  for (const port of ['22', '2222', '7443', '80']) expect(first).toContain(`--dport ${port} -j ACCEPT`);
  expect(first).toContain('-A INPUT -s 10.0.0.0/8 -p udp -m udp --dport 53 -j ACCEPT');
  for (const text of [first, second, third]) {
    expect(text).not.toMatch(/^-A INPUT -j ACCEPT$|gone|--dport 25/m);
    expect(text).toContain('--dport 7443');
  }
  expect(second).not.toContain('--dport 80');
  // where the kernel knows no connections
  expect(third).not.toContain('conntrack');
});

it('does with nothing to go by', () => {
  expect(minimalSets('ipv6', ports, null)[0]).toContain('-p ipv6-icmp -j ACCEPT');
  expect(minimalSets('ipv4', ports, 'no rules at all')[0]).toContain('--dport 22');
});
