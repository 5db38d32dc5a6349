import { type Fact, hold, nameOf, nowhere, type Places } from '../testing/facts.ts';
import { exactly, type Fields, listOf, nullable, text, time, uuid } from '../testing/shapes.ts';
import { changedInstance, instance, pagination } from './wire.ts';

const instances = '/api/v1/instances';
const of = (at: Places, rest = '') => `${instances}/${at.web01.id}${rest}`;
const found = (length: number): Fields => ({ instances: listOf(instance, length), pagination });

const filters: [query: string | ((at: Places) => string), rows: number][] = [
  [(at) => `id=${at.web01.id}`, 1],
  ['name=web', 2],
  ['name=WEB', 2],
  ['vm_state=stopped', 1],
  ['vm_state=ACTIVE', 3],
  ['flavor_name=r2a.baremetal', 3],
  ['image_name=Ubuntu%2022.04', 1],
  ['private_ip=10.10.0.11', 1],
  ['public_ip=203.0.113.21', 1],
  ['availability_zone=kr-central-2-a', 4],
  ['availability_zone=kr-central-2-b', 0],
  ['instance_type=bm', 4],
  ['instance_type=vm', 0],
  ['status=active', 3],
  ['user_id=user-of-admin', 4],
  ['hostname=db-01', 1],
  ['os_type=linux', 4],
  ['is_hadoop=false', 4],
  ['is_k8se=true', 0],
  ['created_at=2020-01-01T00:00:00Z', 0],
  ['updated_at=2020-01-01T00:00:00Z', 0],
];

const wanted = (at: Places, change: Record<string, unknown> = {}) => ({
  instance: {
    name: 'api-01',
    description: '새 서버',
    count: 1,
    image_id: at.newerImage,
    flavor_id: at.flavor,
    availability_zone: 'kr-central-2-a',
    subnets: [{ id: at.subnet }],
    volumes: [],
    key_name: 'ops-key',
    security_groups: [{ name: 'default' }],
    ...change,
  },
});

const refusedBodies: [what: string, change: (at: Places) => Record<string, unknown>, status: number][] = [
  ['a name of 3 letters', () => ({ name: 'abc' }), 400],
  ['a name of 64 letters', () => ({ name: 'a'.repeat(64) }), 400],
  ['a name that ends with -', () => ({ name: 'api-' }), 400],
  ['a name with two marks in a row', () => ({ name: 'api--01' }), 400],
  ['a name in Hangul', () => ({ name: '웹서버01' }), 400],
  ['a description of 101 letters', () => ({ description: 'a'.repeat(101) }), 400],
  ['a description of two lines', () => ({ description: 'a\nb' }), 400],
  ['no count at all', () => ({ count: 0 }), 400],
  ['a count of 21', () => ({ count: 21 }), 400],
  ['an image that is not there', () => ({ image_id: nowhere }), 400],
  ['a flavor that is not there', () => ({ flavor_id: nowhere }), 400],
  ['a zone that is none', () => ({ availability_zone: 'kr-central-1-a' }), 400],
  ['a zone that the subnet is not in', () => ({ availability_zone: 'kr-central-2-b' }), 400],
  ['no subnet', () => ({ subnets: [] }), 400],
  ['a subnet that is not there', () => ({ subnets: [{ id: nowhere }] }), 400],
  ['more interfaces than the flavor takes', (at) => ({ subnets: Array(5).fill({ id: at.subnet }) }), 400],
  ['an address of another network', (at) => ({ subnets: [{ id: at.subnet, private_ip: '10.10.0.5' }] }), 400],
  ['the gateway’s address', (at) => ({ subnets: [{ id: at.subnet, private_ip: '198.168.0.1' }] }), 400],
  ['the broadcast address', (at) => ({ subnets: [{ id: at.subnet, private_ip: '198.168.0.255' }] }), 400],
  ['an address that is taken', (at) => ({ subnets: [{ id: at.subnet, private_ip: '198.168.0.10' }] }), 409],
  [
    'one address for two',
    (at) => ({ count: 2, subnets: [{ id: at.subnet, private_ip: '198.168.0.9' }] }),
    400,
  ],
  [
    'an interface that an instance has',
    (at) => ({ subnets: [{ id: at.subnet, network_interface_id: at.web01.nic }] }),
    409,
  ],
  [
    'an interface of another subnet',
    (at) => ({ subnets: [{ id: at.subnet, network_interface_id: at.db01.nic }] }),
    400,
  ],
  ['a key pair that is not there', () => ({ key_name: 'made-up' }), 400],
  ['a security group that is not there', () => ({ security_groups: [{ name: 'made-up' }] }), 400],
  ['volumes, which are not for bare metal', () => ({ volumes: [{ size: 10 }] }), 400],
  ['a script that is not base64', () => ({ user_data: '#!/bin/sh' }), 400],
];

const facts: Fact[] = [
  { says: 'C.4 the list, every field', path: instances, status: 200, answer: found(4) },
  ...filters.map(
    ([query, rows]): Fact => ({
      says: `A.2 filter ${nameOf(query)}: ${rows} rows`,
      path: (at) => `${instances}?${typeof query === 'string' ? query : query(at)}`,
      status: 200,
      answer: found(rows),
    }),
  ),
  { says: 'C.4 one, every field', path: (at) => of(at), status: 200, answer: { instance } },
  { says: 'C.3 one of another project is a 404', path: (at) => of(at), as: 'stranger', status: 404 },
  ...refusedBodies.map(
    ([what, change, status]): Fact => ({
      says: `A.7 creating with ${what} is a ${status}`,
      method: 'POST',
      path: instances,
      body: (at: Places) => wanted(at, change(at)),
      status,
    }),
  ),
  { says: 'A.7 what was refused has left nothing', path: instances, status: 200, answer: found(4) },
  {
    says: 'C.4 creating answers id, groups, password and disk',
    method: 'POST',
    path: instances,
    body: wanted,
    status: 201,
    answer: {
      instance: {
        id: uuid,
        security_groups: listOf({ name: exactly('default') }, 1),
        admin_pass: exactly(null),
        disk_config: exactly('MANUAL'),
      },
    },
    keep: { as: 'api', field: 'instance.id' },
  },
  {
    says: 'C.4 what was created is what was asked for',
    path: (at) => `${instances}/${at.made.api}`,
    status: 200,
    answer: {
      instance: {
        ...instance,
        name: exactly('api-01'),
        description: exactly('새 서버'),
        hostname: exactly('api-01'),
        key_name: exactly('ops-key'),
        user_id: exactly('user-of-admin'),
        addresses: listOf(
          { private_ip: exactly('198.168.0.4'), public_ip: exactly(null), network_interface_id: uuid },
          1,
        ),
        security_groups: listOf({ id: uuid, name: exactly('default') }, 1),
      },
    },
  },
  {
    says: 'A.9 a member creates too, and names may be the same',
    method: 'POST',
    path: instances,
    as: 'member',
    body: (at: Places) => wanted(at, { key_name: null, security_groups: null, description: null }),
    status: 201,
    answer: {
      instance: { id: uuid, security_groups: exactly([]), admin_pass: exactly(null), disk_config: text },
    },
    keep: { as: 'second', field: 'instance.id' },
  },
  {
    says: 'A.7 host names are not the same',
    path: (at) => `${instances}/${at.made.second}`,
    status: 200,
    answer: {
      instance: {
        ...instance,
        name: exactly('api-01'),
        hostname: exactly('api-01-2'),
        key_name: exactly(null),
      },
    },
  },
  {
    says: 'A.7 a key pair is its user’s',
    method: 'POST',
    path: instances,
    as: 'member',
    body: wanted,
    status: 400,
  },
  {
    says: 'A.7 several at once are numbered',
    method: 'POST',
    path: instances,
    body: (at: Places) => wanted(at, { name: 'Worker_x', count: 3 }),
    status: 201,
    answer: {
      instance: {
        id: uuid,
        security_groups: listOf({ name: text }),
        admin_pass: nullable(text),
        disk_config: text,
      },
    },
  },
  {
    says: 'A.7 several at once: three of them',
    path: `${instances}?name=Worker_x-`,
    status: 200,
    answer: found(3),
  },
  {
    says: 'A.7 host names are small, without _',
    path: `${instances}?hostname=worker-x-3`,
    status: 200,
    answer: found(1),
  },
  {
    says: 'C.4 renaming and describing',
    method: 'PUT',
    path: (at) => of(at),
    as: 'member',
    body: { instance: { name: 'web-front', description: 'a' } },
    status: 200,
    answer: {
      instance: {
        ...changedInstance,
        name: exactly('web-front'),
        description: exactly('a'),
        // the host has its name from when it was made
        hostname: exactly('web-01'),
      },
    },
  },
  {
    says: 'C.4 a null description is an empty one, and the name stays',
    method: 'PUT',
    path: (at) => of(at),
    body: { instance: { description: null } },
    status: 200,
    answer: { instance: { ...changedInstance, name: exactly('web-front'), description: exactly('') } },
  },
  {
    says: 'C.4 changing nothing is a 400',
    method: 'PUT',
    path: (at) => of(at),
    body: { instance: {} },
    status: 400,
  },
  {
    says: 'A.7 a bad name is a 400 here too',
    method: 'PUT',
    path: (at) => of(at),
    body: { instance: { name: 'a b c d' } },
    status: 400,
  },
  {
    says: 'C.4 renaming one of another project is a 404',
    method: 'PUT',
    path: (at) => of(at),
    as: 'stranger',
    body: { instance: { name: 'mine' } },
    status: 404,
  },
  {
    says: 'C.4 no log of actions before the first one',
    path: (at) => of(at, '/action-logs'),
    status: 200,
    answer: { actions: exactly([]) },
  },
  {
    says: 'A.8 the log of actions, every field',
    path: (at) => `${instances}/${at.made.second}/action-logs`,
    as: 'reader',
    status: 200,
    answer: {
      actions: listOf(
        {
          action: exactly('create'),
          request_id: text,
          user_id: exactly('user-of-member'),
          start_time: time,
          message: exactly(null),
          updated_at: time,
        },
        1,
      ),
    },
  },
  { says: 'C.4 action logs of nothing are a 404', path: `${instances}/${nowhere}/action-logs`, status: 404 },
  {
    says: 'C.4 console logs take a number of lines',
    path: (at) => of(at, '/console-logs'),
    status: 400,
  },
  ...['0', '-1', 'all', ''].map(
    (lines): Fact => ({
      says: `C.4 console logs: lines=${lines} is a 400`,
      path: (at) => of(at, `/console-logs?lines=${lines}`),
      status: 400,
    }),
  ),
  {
    says: 'C.4 console logs, the newest line first',
    path: (at) => of(at, '/console-logs?lines=2'),
    as: 'reader',
    status: 200,
    answer: { 'console-logs': exactly('third\nsecond') },
  },
  {
    says: 'C.4 console logs of nothing are a 404',
    path: `${instances}/${nowhere}/console-logs?lines=1`,
    status: 404,
  },
  {
    says: 'C.4 there is no password: images for bare metal take keys',
    path: (at) => of(at, '/password'),
    status: 200,
    answer: { password: exactly('') },
  },
  { says: 'C.4 the password of nothing is a 404', path: `${instances}/${nowhere}/password`, status: 404 },
];

const { cloud } = hold(facts);
cloud.driver.consoleText = 'first\nsecond\nthird\n';
