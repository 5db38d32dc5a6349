import { expect, test } from 'vitest';
import { isDefaultBy, parseNetRoute } from './net-route.ts';

const text = `Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         198.168.0.1     0.0.0.0         UG    100    0        0 eth0
0.0.0.0         10.10.0.1       0.0.0.0         UG    100    0        0 eth1
10.10.0.0       0.0.0.0         255.255.255.0   U     0      0        0 eth1
10.9.0.0        -               255.255.0.0     !H    0      -        0 -
`;

test('the guide’s table is read column by column, in the kernel’s order', () => {
  const rows = parseNetRoute(text);
  expect(rows.map(({ destination, iface }) => `${destination} ${iface}`)).toEqual([
    '0.0.0.0 eth0',
    '0.0.0.0 eth1',
    '10.10.0.0 eth1',
    '10.9.0.0 -',
  ]);
  expect(rows[1]).toEqual({
    destination: '0.0.0.0',
    gateway: '10.10.0.1',
    genmask: '0.0.0.0',
    flags: 'UG',
    metric: '100',
    ref: '0',
    use: '0',
    iface: 'eth1',
  });
  expect(parseNetRoute('')).toEqual([]);
});

test('a default gateway is found by gateway and interface, a subnet is none', () => {
  const rows = parseNetRoute(text);
  expect(rows.map((row) => isDefaultBy(row, '10.10.0.1', 'eth1'))).toEqual([false, true, false, false]);
  expect(rows.some((row) => isDefaultBy(row, '10.10.0.1', 'eth0'))).toBe(false);
});
