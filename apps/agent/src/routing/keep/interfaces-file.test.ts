import type { NetworkRoute } from '@moru/types';
import { expect, it } from 'vitest';
import { parseRoutes } from '../parse-routes.ts';
import { planInterfaces } from './interfaces-file.ts';

const route = (words: string): NetworkRoute => {
  const [read] = parseRoutes(`unicast ${words}`, words.includes('::') ? 'ipv6' : 'ipv4');
  if (!read) throw new Error(words);
  return read;
};
const gateway = route('default via 10.10.0.1 dev eth1 proto boot metric 100');
const path = '/etc/network/interfaces';

const head = `auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
    address 198.168.0.5/24
    gateway 198.168.0.1

auto eth1
iface eth1 inet static
    address 10.10.0.5/24
`;
const plan = (text: string, deleted: NetworkRoute[], added: NetworkRoute[] = []) =>
  planInterfaces([{ path, text }], { deleted, added, interfaces: [] });

it.each([
  '    gateway 10.10.0.1',
  '    up ip route append default via 10.10.0.1 dev eth1 metric 100',
  '    post-up /sbin/ip -4 route add 0.0.0.0/0 via 10.10.0.1',
  '    up route add default gw 10.10.0.1 dev eth1',
  '    up /sbin/route add default gw 10.10.0.1',
])('takes away the line that makes it: %s', (line) => {
  expect(plan(`${head}${line}\n    mtu 1500\n`, [gateway])).toEqual({
    files: [{ path, before: `${head}${line}\n    mtu 1500\n`, after: `${head}    mtu 1500\n` }],
    byHand: [],
    routes: [{ change: 'deleted', specification: gateway.specification, outcome: 'file' }],
  });
});

it.each([
  '    up ip route append default via 10.10.0.9 dev eth1',
  '    up ip route append default via 10.10.0.1 dev eth0',
  '    down ip route del default via 10.10.0.1 dev eth1',
  '    # gateway 10.10.0.1',
])('leaves another line alone: %s', (line) => {
  expect(plan(`${head}${line}\n`, [gateway])).toMatchObject({ files: [], routes: [{ outcome: 'already' }] });
});

it('a lease, and a line that goes on below, are for a person', () => {
  const dhcp = head.replace('iface eth1 inet static\n    address 10.10.0.5/24', 'iface eth1 inet dhcp');
  expect(plan(dhcp, [gateway])).toMatchObject({
    files: [],
    byHand: [{ path, line: 10, text: 'iface eth1 inet dhcp', code: 'dhcp' }],
    routes: [{ outcome: 'byHand' }],
  });
  const long = `${head}    up ip route append default via 10.10.0.1 \\\n      metric 100\n`;
  expect(plan(long, [gateway])).toMatchObject({ files: [], byHand: [{ line: 12, code: 'unclear' }] });
});

it('adds to the stanza of the interface, once, and takes it away again', () => {
  const added = route('192.0.2.0/24 via 198.168.0.7 dev eth0 proto boot');
  const line = '    up ip route append 192.0.2.0/24 via 198.168.0.7 dev eth0 proto boot scope global\n';
  const [file] = plan(head, [], [added]).files;
  expect(file?.after).toBe(head.replace('gateway 198.168.0.1\n', `gateway 198.168.0.1\n${line}`));
  expect(plan(file?.after ?? '', [], [added])).toMatchObject({ files: [], routes: [{ outcome: 'already' }] });
  expect(plan(file?.after ?? '', [added]).files[0]?.after).toBe(head);
  expect(plan(head, [], [route('192.0.2.0/24 dev eth7 proto boot')])).toMatchObject({
    routes: [{ outcome: 'unsupported' }],
  });
});
