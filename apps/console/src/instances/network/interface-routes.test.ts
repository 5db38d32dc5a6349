import type { NetworkInterface, RoutingState } from '@moru/types';
import { expect, test } from 'vitest';
import { interfaceRoutes } from './interface-routes.ts';

const nic = (device: string, macAddress: string | null) =>
  ({ id: device, device, macAddress }) as NetworkInterface;
const link = (name: string, mac: string | null) => ({ name, mac, up: true, carrier: true });
const way = (device: string, standing: string) => ({ route: { device, gateway: '10.0.0.1' }, standing });
const routing = (facts: object) =>
  ({ interfaces: [], problems: [], defaults: { ipv4: [], ipv6: [] }, ...facts }) as unknown as RoutingState;

test('interfaces are the same by their MAC address, whatever the host calls them', () => {
  const state = routing({
    interfaces: [link('eno1', 'FA:16:3E:00:00:02'), link('eth0', 'fa:16:3e:00:00:01')],
    defaults: { ipv4: [way('eth0', 'wins'), way('eno1', 'loses')], ipv6: [way('eth0', 'wins')] },
    problems: [{ code: 'repliesElsewhere', family: 'ipv4', device: 'eno1', gateway: null, by: 'eth0' }],
  });
  const nics = [nic('eth0', 'fa:16:3e:00:00:01'), nic('eth1', 'fa:16:3e:00:00:02')];
  expect(interfaceRoutes(nics, state)).toMatchObject([
    { link: { name: 'eth0' }, way: { standing: 'wins' }, answeredBy: null },
    { link: { name: 'eno1' }, way: { standing: 'loses' }, answeredBy: 'eth0' },
  ]);
});

test('where one of the two says no MAC address the name has to do, but never against it', () => {
  const state = routing({ interfaces: [link('eth0', null), link('eth1', 'fa:16:3e:00:00:09')] });
  const found = interfaceRoutes([nic('eth0', 'fa:16:3e:00:00:01'), nic('eth1', 'fa:16:3e:00:00:02')], state);
  expect(found.map(({ link: it }) => it?.name ?? null)).toEqual(['eth0', null]);
  expect(interfaceRoutes([nic('eth1', null)], state)[0]?.link?.name).toBe('eth1');
});

test('a host that was not read tells nothing', () => {
  expect(interfaceRoutes([nic('eth0', null)], undefined)).toMatchObject([
    { link: null, way: null, answeredBy: null },
  ]);
});
