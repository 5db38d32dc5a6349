import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { parseRule } from '../read/parse-rule.ts';
import { commandOf } from './command.ts';
import { backendOf, dialectOf, dialects, parseVersion, within } from './dialect.ts';

describe('dialectOf', () => {
  it.each([
    ['1.4.21', 'legacy', '1.6.1'],
    ['1.6.1', 'legacy', '1.6.1'],
    ['1.6.2', 'legacy', '1.6.1'],
    ['1.8.4', 'legacy', '1.8.4'],
    ['1.8.5', 'legacy', '1.8.4'],
    ['1.8.7', 'legacy', '1.8.7-legacy'],
    ['1.8.7', 'nft', '1.8.7-nft'],
    ['1.8.2', 'nft', '1.8.7-nft'],
    ['v1.8.9', 'legacy', '1.8.9-legacy'],
    ['1.8.9', 'nft', '1.8.9-nft'],
    ['1.8.10', 'nft', '1.8.9-nft'],
    ['1.8.11', 'legacy', '1.8.11'],
    ['1.8.11', 'nft', '1.8.11-nft'],
    ['1.9', 'legacy', '1.8.11'],
    ['2.0.0', 'nft', '1.8.11-nft'],
  ] as const)('%s %s speaks as %s', (version, backend, dialect) => {
    expect(dialectOf(version, backend)).toBe(dialect);
    expect(backendOf(dialect)).toBe(backend);
  });

  it('refuses what is no version', () => {
    for (const text of ['', 'nft', '1', 'x1.8.9'])
      expect(() => dialectOf(text, 'nft')).toThrow(NetfilterError);
  });
});

describe('parseVersion', () => {
  it.each([
    ['iptables v1.8.9 (nf_tables)\n', { version: '1.8.9', backend: 'nft' }],
    ['iptables v1.8.7 (legacy)\n\n', { version: '1.8.7', backend: 'legacy' }],
    ['iptables v1.6.1\n', { version: '1.6.1', backend: 'legacy' }],
    ['ip6tables v1.8.11 (nf_tables)', { version: '1.8.11', backend: 'nft' }],
    ['iptables: command not found', null],
    ['', null],
  ])('%j', (text, parsed) => {
    expect(parseVersion(text)).toEqual(parsed);
  });
});

it('counts versions by number, not by letter', () => {
  expect(dialects.filter((dialect) => within(dialect, { since: '1.8.9', before: '1.8.11' }))).toEqual([
    '1.8.9-legacy',
    '1.8.9-nft',
  ]);
});

it('gives the command in the words of the host', () => {
  const edit = {
    type: 'append',
    table: 'filter',
    chain: 'INPUT',
    rule: parseRule('-p 47 -j ACCEPT'),
  } as const;
  expect(commandOf(edit)).toBe('sudo iptables -A INPUT -p gre -j ACCEPT');
  expect(commandOf(edit, 'iptables', '1.8.11')).toBe('sudo iptables -A INPUT -p 47 -j ACCEPT');
});
