import type { FirewallChain, FirewallState } from '@moru/types';
import { describe, expect, test } from 'vitest';
import { listingOf, numberNow, rowsOf } from './rule-set.ts';

function chain(name: string, rules: string[]): FirewallChain {
  return {
    name,
    builtIn: name === 'INPUT',
    policy: name === 'INPUT' ? 'ACCEPT' : null,
    packets: '451',
    bytes: '44136',
    owner: name === 'INPUT' ? 'moru' : 'foreign',
    rules: rules.map((text, index) => ({ number: index + 1, text, packets: '123456', bytes: '9' })),
  };
}

function stateOf(chains: FirewallChain[]): FirewallState {
  return {
    family: 'ipv4',
    readAt: '2026-03-10T12:00:00Z',
    revision: '0'.repeat(64),
    iptables: { raw: 'iptables v1.8.9 (legacy)', version: '1.8.9', backend: 'legacy' },
    tables: [{ name: 'filter', chains }],
    saved: { path: '/etc/iptables.rules', exists: false, matches: null, modifiedAt: null },
    sshguard: { chain: true, jump: true, blocked: 0 },
    otherBackend: false,
  };
}

test('the listing has the tool’s columns, also for a rule without target', () => {
  const input = chain('INPUT', ['-j sshguard', '-p tcp -m tcp --dport 22', '! -s 10.0.0.0/8 -j DROP']);
  const state = stateOf([input, chain('sshguard', ['-s 192.0.2.1/32 -j DROP'])]);
  expect(listingOf(state, 'filter', input)).toEqual([
    ['1', '123K', '9', 'sshguard', '0', '--', '*', '*', '0.0.0.0/0', '0.0.0.0/0', ''],
    ['2', '123K', '9', '', '6', '--', '*', '*', '0.0.0.0/0', '0.0.0.0/0', 'tcp dpt:22'],
    ['3', '123K', '9', 'DROP', '0', '--', '*', '*', '!10.0.0.0/8', '0.0.0.0/0', ''],
  ]);
});

test('a rule that cannot be read is shown as it stands', () => {
  const text = '-p tcp --no-such-option';
  const input = chain('INPUT', [text]);
  const [row] = rowsOf(stateOf([input]), 'filter', input);
  expect(row).toMatchObject({ number: 1, text, packets: '123K', exactPackets: '123456' });
  expect(row?.rule.verbatim).toBe(text);
});

describe('a rule whose number moved', () => {
  const rules = (...texts: string[]) => chain('INPUT', texts).rules;
  const marked = (number: number, ...texts: string[]) => {
    const input = chain('INPUT', texts);
    const row = rowsOf(stateOf([input]), 'filter', input)[number - 1];
    if (!row) throw new Error(`no rule ${number}`);
    return row;
  };

  test('is found behind a rule that was inserted above', () => {
    const mark = marked(2, '-j ACCEPT', '-j DROP');
    expect(numberNow(rules('-j LOG', '-j ACCEPT', '-j DROP'), mark)).toBe(3);
  });

  test('is the one of the same rank among equals', () => {
    const mark = marked(3, '-j LOG', '-j DROP', '-j LOG');
    expect(numberNow(rules('-j ACCEPT', '-j LOG', '-j DROP', '-j LOG'), mark)).toBe(4);
  });

  test('is the nearest equal when there are fewer of them', () => {
    const mark = marked(4, '-j LOG', '-j LOG', '-j DROP', '-j LOG');
    expect(numberNow(rules('-j LOG', '-j DROP', '-j LOG'), mark)).toBe(3);
  });

  test('is gone when no equal rule is left, whatever has its number', () => {
    expect(numberNow(rules('-j ACCEPT'), marked(1, '-j DROP', '-j ACCEPT'))).toBeNull();
  });
});
