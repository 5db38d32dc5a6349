import { expect, test } from 'vitest';
import { selectInstances } from './select.ts';

const row = (id: string, name: string, privateIp: string | null, publicIp: string | null, day: number) => ({
  id,
  name,
  status: 'active',
  flavor: null,
  createdAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`,
  networkInterfaces: [
    {
      id: `${id}-nic`,
      name: 'eth0',
      device: 'eth0',
      primary: true,
      macAddress: null,
      privateIp,
      subnet: null,
      publicIp: publicIp === null ? null : { id: publicIp, address: publicIp, status: 'in_use' },
    },
  ],
});

const rows = [
  row('a', 'web-10', '10.0.0.9', null, 1),
  row('b', 'web-2', '10.0.0.10', '203.0.113.7', 2),
  row('c', 'DB-1', null, '203.0.113.20', 3),
];
const names = (query: Parameters<typeof selectInstances>[1]) =>
  selectInstances(rows, query).rows.map(({ name }) => name);

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
  expect(selectInstances(rows, { limit: 2, offset: 1 })).toMatchObject({
    rows: [{ name: 'web-2' }, { name: 'web-10' }],
    page: { total: 3, offset: 1, limit: 2 },
  });
  expect(selectInstances(rows, { offset: 9 }).rows).toEqual([]);
  expect(selectInstances(rows, { q: 'web', limit: 1 }).page).toEqual({ total: 2, offset: 0, limit: 1 });
});
