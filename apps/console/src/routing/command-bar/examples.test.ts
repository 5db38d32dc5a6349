import type { DefaultGateway } from '@moru/types';
import { expect, test } from 'vitest';
import { exampleCommands } from './examples.ts';

const gateway = (address: string, device: string, standing: DefaultGateway['standing']) =>
  ({ route: { gateway: address, device }, standing }) as DefaultGateway;
const examples = (...ipv4: DefaultGateway[]) => exampleCommands({ defaults: { ipv4, ipv6: [] } });

test('the gateway that is not used is the one to delete', () => {
  expect(examples(gateway('198.168.0.1', 'eth0', 'wins'), gateway('10.10.0.1', 'eth1', 'loses'))).toEqual([
    'route del default gw 10.10.0.1 dev eth1',
    'route -n',
    'ip route add 10.20.0.0/16 via 198.168.0.1',
  ]);
  expect(examples(gateway('198.168.0.1', 'eth0', 'shares'), gateway('10.10.0.1', 'eth1', 'shares'))[0]).toBe(
    'route del default gw 10.10.0.1 dev eth1',
  );
});

test('once it is deleted nobody is told to delete it again', () => {
  expect(examples(gateway('198.168.0.1', 'eth0', 'wins'))).toEqual([
    'route -n',
    'ip route add 10.20.0.0/16 via 198.168.0.1',
  ]);
  expect(examples()).toEqual(['route -n']);
});
