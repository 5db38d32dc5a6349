import { expect, test } from 'vitest';
import { firewallSearch, outputSearch } from '../firewall/firewall-search.ts';
import { instanceListSearch } from '../instances/instance-queries.ts';
import { parseSearch, printSearch } from './list-search.ts';

test('a list’s address keeps what is understood and drops the rest', () => {
  expect(instanceListSearch({ q: 'web', sort: 'status', direction: 'desc', page: 3, other: 1 })).toEqual({
    q: 'web',
    sort: 'status',
    direction: 'desc',
    page: 3,
  });
  expect(instanceListSearch({ q: ['x'], sort: 'toString', direction: 'up', page: -1 })).toEqual({});
  expect(instanceListSearch({ q: '10', page: '2' })).toEqual({ q: '10', page: 2 });
});

test('what stands in an address comes back as it was', () => {
  const search = { q: '203 & "x"', page: 2 };
  expect(printSearch(search)).toBe('?q=203+%26+%22x%22&page=2');
  expect(instanceListSearch(parseSearch(printSearch(search)))).toEqual(search);
  expect(printSearch({ q: undefined })).toBe('');
});

test('the firewall’s address names a chain, a rule and how to show them', () => {
  expect(firewallSearch({ table: 'nat', chain: 'PREROUTING', columns: 'iptables', rule: 4 })).toEqual({
    table: 'nat',
    chain: 'PREROUTING',
    columns: 'iptables',
    rule: 4,
  });
  expect(firewallSearch({ table: 'arp', columns: 'all', rule: 0 })).toEqual({});
  expect(outputSearch({ kind: 'file' })).toEqual({ kind: 'file' });
  expect(outputSearch({ kind: 'constructor' })).toEqual({});
});
