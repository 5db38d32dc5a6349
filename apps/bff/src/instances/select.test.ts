import type { FirewallSummary } from '@moru/types';
import { expect, test } from 'vitest';
import { type FirewallOf, selectInstances } from './select.ts';

const row = (id: string, name: string, privateIp: string | null, publicIp: string | null, day: number) => ({
  id,
  name,
  status: 'active',
  flavor: null,
  image: id === 'a' ? 'Ubuntu 22.04' : 'Debian 12',
  availabilityZone: null,
  keyName: null,
  hostname: null,
  createdAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`,
  networkInterfaces: [
    {
      id: `${id}-nic`,
      name: 'eth0',
      device: 'eth0',
      primary: true,
      macAddress: null,
      privateIp,
      subnet: privateIp === null ? null : { id: 'net-1', name: 'front', cidr: '10.0.0.0/24' },
      publicIp: publicIp === null ? null : { id: publicIp, address: publicIp, status: 'in_use' },
    },
  ],
});

const rows = [
  row('a', 'web-10', '10.0.0.9', null, 1),
  row('b', 'web-2', '10.0.0.10', '203.0.113.7', 2),
  row('c', 'DB-1', null, '203.0.113.20', 3),
];
/** One is open and not saved, one does not answer, one has no agent. */
const firewallOf: FirewallOf<(typeof rows)[number]> = ({ id }) => {
  const none: FirewallSummary = {
    ...{ agent: 'none', readAt: null, inputPolicy: null, open: null, openPorts: [], closedPorts: [] },
    ...{ unsaved: null, outside: null },
  };
  const seen = { ...none, readAt: '2026-01-01T00:00:00Z', open: id === 'a', unsaved: true };
  if (id === 'a') return { ...seen, agent: 'connected' };
  return id === 'b' ? { ...seen, agent: 'offline' } : none;
};
const select = (query: Parameters<typeof selectInstances>[1]) => selectInstances(rows, query, firewallOf);
const names = (query: Parameters<typeof selectInstances>[1]) => select(query).rows.map(({ name }) => name);

test('newest first; by name and by address as numbers; rows without a value last, both ways', () => {
  expect(names({})).toEqual(['DB-1', 'web-2', 'web-10']);
  expect(names({ sort: 'name' })).toEqual(['DB-1', 'web-2', 'web-10']);
  expect(names({ sort: 'privateIp' })).toEqual(['web-10', 'web-2', 'DB-1']);
  expect(names({ sort: 'privateIp', direction: 'desc' })).toEqual(['web-2', 'web-10', 'DB-1']);
  expect(names({ sort: 'publicIp', direction: 'desc' })).toEqual(['DB-1', 'web-2', 'web-10']);
  expect(names({ sort: 'flavor' })).toEqual(['web-10', 'web-2', 'DB-1']);
});

test('text is found in name, id, addresses and status, in any case, and never across two of them', () => {
  expect(names({ q: 'db' })).toEqual(['DB-1']);
  expect(names({ q: '203.0.113.7' })).toEqual(['web-2']);
  expect(names({ q: 'ACTIVE' })).toHaveLength(3);
  expect(names({ q: 'web-2b' })).toEqual([]);
});

test('a window says where it stands; beyond the end it is empty', () => {
  expect(select({ limit: 2, offset: 1 })).toMatchObject({
    rows: [{ name: 'web-2' }, { name: 'web-10' }],
    page: { total: 3, offset: 1, limit: 2 },
  });
  expect(select({ offset: 9 }).rows).toEqual([]);
  expect(select({ q: 'web', limit: 1 }).page).toEqual({ total: 2, offset: 0, limit: 1 });
});

test('of several values of a property any will do, and each property must hold', () => {
  expect(names({ image: ['Debian 12'] })).toEqual(['DB-1', 'web-2']);
  expect(names({ image: ['Debian 12', 'Ubuntu 22.04'], subnet: ['net-1'] })).toEqual(['web-2', 'web-10']);
  expect(names({ image: ['Debian 12'], publicIp: ['without'] })).toEqual([]);
  expect(names({ image: ['Debian 12'], q: 'web' })).toEqual(['web-2']);
  expect(names({ status: [] })).toHaveLength(3);
});

test('a host is found by what it was last heard to be; one that does not answer is not said to be unsaved', () => {
  expect(names({ firewall: ['open'] })).toEqual(['web-10']);
  expect(names({ firewall: ['unsaved'] })).toEqual(['web-10']);
  expect(names({ firewall: ['closed'] })).toEqual(['web-2']);
  expect(names({ firewall: ['offline', 'none'] })).toEqual(['DB-1', 'web-2']);
  const off = rows.map((row) => ({ ...row, status: 'stopped' }));
  expect(selectInstances(off, { firewall: ['open', 'offline', 'closed'] }, firewallOf).rows).toEqual([]);
});
