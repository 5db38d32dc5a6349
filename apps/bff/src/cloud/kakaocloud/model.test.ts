import { instanceSchema, networkInterfaceSchema, publicIpDetailSchema } from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { assembleInstance, indexPublicIps, publicIpOf } from './model.ts';

const nothing = { interfaces: new Map(), subnets: new Map() };
const instance = (fields: object) => instanceSchema.parse({ id: 'i', ...fields });
const ip = (fields: object) =>
  publicIpDetailSchema.parse({
    id: 'ip',
    status: 'in_use',
    public_ip: '203.0.113.9',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    ...fields,
  });
const onNic = { id: 'nic', name: 'eth0', device_id: 'i' };

test('an instance of which the cloud says only its id is shown all the same', () => {
  expect(assembleInstance(instance({}), indexPublicIps([]), nothing)).toMatchObject({
    id: 'i',
    name: 'i',
    status: 'unknown',
    networkInterfaces: [],
  });
});

test('states are lower case, whichever field has them', () => {
  expect(assembleInstance(instance({ status: 'ACTIVE' }), indexPublicIps([]), nothing).status).toBe('active');
  expect(assembleInstance(instance({ vm_state: 'Stopped' }), indexPublicIps([]), nothing).status).toBe(
    'stopped',
  );
});

test('devices count up in the order of the addresses; the first is the primary one', () => {
  const addresses = ['a', 'b'].map((network_interface_id) => ({ network_interface_id }));
  const { networkInterfaces } = assembleInstance(instance({ addresses }), indexPublicIps([]), nothing);
  expect(networkInterfaces.map(({ id, device, primary }) => [id, device, primary])).toEqual([
    ['a', 'eth0', true],
    ['b', 'eth1', false],
  ]);
});

test.each([
  [
    'in the list with its place',
    [ip({ related_resource: onNic })],
    '203.0.113.9',
    { id: 'ip', status: 'in_use' },
  ],
  [
    'a status of tomorrow',
    [ip({ related_resource: onNic, status: 'detaching' })],
    null,
    { status: 'detaching' },
  ],
  ['listed as idle: the instance lags behind', [ip({ status: 'available' })], '203.0.113.9', null],
  ['named by the instance alone', [], '203.0.113.9', { id: '', address: '203.0.113.9', status: 'unknown' }],
  ['nowhere', [], null, null],
])('a Public IP %s', (_name, listed, public_ip, shown) => {
  const addresses = [{ network_interface_id: 'nic', public_ip }];
  const [nic] = assembleInstance(instance({ addresses }), indexPublicIps(listed), nothing).networkInterfaces;
  if (shown === null) expect(nic?.publicIp).toBeNull();
  else expect(nic?.publicIp).toMatchObject(shown);
});

test('a Public IP that is deleted is gone, also where the interface was read before that', () => {
  const interfaces = new Map([
    ['nic', networkInterfaceSchema.parse({ id: 'nic', public_ip: '203.0.113.9' })],
  ]);
  const addresses = [{ network_interface_id: 'nic', public_ip: null }];
  const known = { ...nothing, interfaces };
  const [nic] = assembleInstance(instance({ addresses }), indexPublicIps([]), known).networkInterfaces;
  expect(nic?.publicIp).toBeNull();
});

test('a Public IP of something that is no instance keeps its place', () => {
  const balancer = ip({ related_resource: { id: 'nic', device_owner: 'network:f5listener' } });
  expect(publicIpOf(balancer, new Map()).attachedTo).toEqual({
    instanceId: null,
    instanceName: null,
    networkInterfaceId: 'nic',
    networkInterfaceName: null,
  });
});
