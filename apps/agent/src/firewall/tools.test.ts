import { expect, it } from 'vitest';
import { parseVersion, strategyOf } from './tools.ts';

it.each([
  ['iptables v1.6.1', '1.6.1', 'legacy', 'outerLock'],
  ['iptables v1.6.2', '1.6.2', 'legacy', 'lock'],
  ['iptables v1.8.4 (legacy)', '1.8.4', 'legacy', 'lock'],
  ['iptables v1.8.11 (nf_tables)', '1.8.11', 'nf_tables', 'verify'],
  ['ip6tables v1.8.9 (nf_tables)\n', '1.8.9', 'nf_tables', 'verify'],
  ['iptables v1.4.21', '1.4.21', 'legacy', 'outerLock'],
] as const)('reads %j', (text, version, backend, strategy) => {
  const parsed = parseVersion(text);
  expect(parsed).toEqual({ raw: text.trim(), version, backend });
  expect(parsed && strategyOf(parsed)).toBe(strategy);
});

it.each(['', 'iptables', 'iptables v1.8.9 (other)', 'nft v1.0.6', 'iptables v1.8.9 (legacy)\nmore'])(
  'does not guess at %j',
  (text) => {
    expect(parseVersion(text)).toBeNull();
  },
);
