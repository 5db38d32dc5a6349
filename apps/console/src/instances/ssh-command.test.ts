import type { NetworkInterface } from '@moru/types';
import { expect, test } from 'vitest';
import { sshCommand } from './ssh-command.ts';

function nic(privateIp: string | null, publicIp?: { address: string; status: string }): NetworkInterface {
  return {
    id: 'nic',
    name: 'nic',
    device: 'eth0',
    primary: true,
    macAddress: null,
    privateIp,
    subnet: null,
    publicIp: publicIp ? { id: 'ip', ...publicIp } : null,
  };
}

const real = { embedded: false, hosts: 'real' } as const;

test('the Public IP comes before the private one, once it is in use', () => {
  const image = 'Ubuntu 22.04';
  const used = nic('10.0.0.5', { address: '203.0.113.10', status: 'in_use' });
  const pending = nic('10.0.0.5', { address: '203.0.113.10', status: 'attaching' });
  expect(sshCommand({ image, keyName: null, networkInterfaces: [used] }, real)).toEqual({
    command: 'ssh ubuntu@203.0.113.10',
    notes: [],
  });
  expect(sshCommand({ image, keyName: null, networkInterfaces: [pending] }, real)).toEqual({
    command: 'ssh ubuntu@10.0.0.5',
    notes: ['private'],
  });
});

test('account and key follow image and key pair', () => {
  const networkInterfaces = [nic('10.0.0.5')];
  expect(sshCommand({ image: 'Rocky Linux 9', keyName: 'ops', networkInterfaces }, real)).toEqual({
    command: 'ssh -i ~/.ssh/ops.pem rocky@10.0.0.5',
    notes: ['private', 'key'],
  });
});

test('the embedded cloud has its keys elsewhere, and simulated hosts no server', () => {
  const instance = {
    image: 'Ubuntu 22.04',
    keyName: 'ops',
    networkInterfaces: [nic('10.0.0.5', { address: '203.0.113.10', status: 'in_use' })],
  };
  expect(sshCommand(instance, { embedded: true, hosts: 'namespaces' })).toEqual({
    command: 'ssh ubuntu@203.0.113.10',
    notes: ['embedded'],
  });
  expect(sshCommand(instance, { embedded: true, hosts: 'simulated' })?.notes).toEqual(['simulated']);
});

test('a key name that a shell would read otherwise is left out', () => {
  const networkInterfaces = [nic('10.0.0.5')];
  expect(sshCommand({ image: null, keyName: 'a; reboot', networkInterfaces }, real)).toEqual({
    command: 'ssh ubuntu@10.0.0.5',
    notes: ['private'],
  });
});

test('without an address there is no command', () => {
  expect(sshCommand({ image: null, keyName: null, networkInterfaces: [nic(null)] }, real)).toBeNull();
  expect(sshCommand({ image: null, keyName: null, networkInterfaces: [] }, real)).toBeNull();
});
