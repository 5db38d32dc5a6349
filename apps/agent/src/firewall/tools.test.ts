import { expect, it } from 'vitest';
import { parseVersion, strategyOf } from './tools.ts';

it.each([
  ['iptables v1.6.1', '1.6.1', 'legacy'],
  ['iptables v1.6.2', '1.6.2', 'legacy'],
  ['iptables v1.8.4 (legacy)', '1.8.4', 'legacy'],
  ['iptables v1.8.11 (nf_tables)', '1.8.11', 'nf_tables'],
  ['ip6tables v1.8.9 (nf_tables)\n', '1.8.9', 'nf_tables'],
  ['iptables v1.4.21', '1.4.21', 'legacy'],
] as const)('reads %j', (text, version, backend) => {
  expect(parseVersion(text)).toEqual({ raw: text.trim(), version, backend });
});

it('holds a lock of its own where restore knows none, and none where there is none', () => {
  expect(strategyOf({ backend: 'legacy' }, true)).toBe('lock');
  expect(strategyOf({ backend: 'legacy' }, false)).toBe('outerLock');
  expect(strategyOf({ backend: 'nf_tables' }, true)).toBe('verify');
});

it.each(['', 'iptables', 'iptables v1.8.9 (other)', 'nft v1.0.6', 'iptables v1.8.9 (legacy)\nmore'])(
  'does not guess at %j',
  (text) => {
    expect(parseVersion(text)).toBeNull();
  },
);
