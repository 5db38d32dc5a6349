import { expect, test } from 'vitest';
import { firewallSearch, outputSearch } from '../firewall/firewall-search.ts';
import { instanceListSearch } from '../instances/instance-queries.ts';
import { parseSearch, printSearch, understood } from './list-search.ts';

test('a list’s address keeps what is understood and drops the rest', () => {
  expect(instanceListSearch({ q: 'web', sort: 'status', direction: 'desc', page: 3, other: 1 })).toEqual({
    q: 'web',
    sort: 'status',
    direction: 'desc',
    page: 3,
  });
  expect(instanceListSearch({ q: ['x'], sort: 'toString', direction: 'up', page: -1 })).toEqual({});
  expect(instanceListSearch({ q: '10', page: '2' })).toEqual({ q: '10', page: 2 });
  expect(instanceListSearch({ status: ['active', 'error', 'active', ''], image: 'Debian 12' })).toEqual({
    status: ['active', 'error'],
    image: ['Debian 12'],
  });
  expect(instanceListSearch({ firewall: ['open', 'ajar'], publicIp: 'perhaps', size: '100' })).toEqual({
    firewall: ['open'],
    size: 100,
  });
  expect(instanceListSearch({ size: 50 })).toEqual({});
  expect(instanceListSearch({ size: 51, subnet: Array.from({ length: 210 }, (_, at) => `s${at}`) })).toEqual({
    subnet: Array.from({ length: 200 }, (_, at) => `s${at}`),
  });
});

test('what stands in an address comes back as it was', () => {
  const search = { q: '203 & "x"', page: 2 };
  expect(printSearch(search)).toBe('?q=203+%26+%22x%22&page=2');
  expect(instanceListSearch(parseSearch(printSearch(search)))).toEqual(search);
  expect(printSearch({ q: undefined })).toBe('');
  const several = { status: ['active', 'error'], image: ['a & b'] };
  expect(printSearch(several)).toBe('?status=active&status=error&image=a+%26+b');
  expect(instanceListSearch(parseSearch(printSearch(several)))).toEqual(several);
});

test('what a route does not understand is laid over with nothing', () => {
  const read = understood(instanceListSearch);
  expect({ ...read({ sort: 'colour', q: 'web', other: 'x' }) }).toEqual({ q: 'web' });
  expect(Object.keys(read({ sort: 'colour' }))).toContain('sort');
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
