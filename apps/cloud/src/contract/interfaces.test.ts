import { type Fact, hold, nameOf, nowhere, type Places } from '../testing/facts.ts';
import { exactly, type Fields, ipv4, listOf, mac, uuid } from '../testing/shapes.ts';
import { networkInterface, pagination } from './wire.ts';

const bcs = (at: Places, rest = '') => `/api/v1/instances/${at.web01.id}/network-interfaces${rest}`;
const vpc = '/api/v1/network-interfaces';

const found = (rows: number): Fields => ({ network_interfaces: listOf(networkInterface, rows), pagination });
const attached: Fields = {
  network_interface: {
    id: uuid,
    status: exactly('in_use'),
    mac_address: mac,
    private_ips: listOf({ ip_address: ipv4, subnet_id: uuid }, 1),
  },
};
const wanted = (at: Places, change: Record<string, unknown> = {}) => ({
  network_interface: { name: 'spare-nic', subnet_id: at.subnet, security_groups: [], ...change },
});

/** What only a project's admin may do. */
const writes: [method: 'POST' | 'PUT' | 'DELETE', path: (at: Places) => string, body?: unknown][] = [
  ['POST', () => vpc, { network_interface: {} }],
  ['PUT', (at) => `${vpc}/${at.web01.nic}`, { network_interface: { name: 'mine' } }],
  ['DELETE', (at) => `${vpc}/${at.web01.nic}`],
  ['PUT', (at) => `${vpc}/${at.web01.nic}/allowed-address-pairs`, { allowed_address_pairs: [] }],
  ['POST', (at) => bcs(at, `/${at.web01.nic}`)],
  ['DELETE', (at) => bcs(at, `/${at.web01.nic}`)],
  ['PUT', (at) => bcs(at, `/${at.web01.nic}/allowed-address-pairs`), { allowed_address_pairs: [] }],
];

const filters: [query: string | ((at: Places) => string), rows: number][] = [
  [(at) => `id=${at.web01.nic}`, 1],
  ['name=web-02', 2],
  ['status=in_use', 5],
  ['status=available', 0],
  ['private_ip=10.10.0.11', 1],
  ['public_ip=203.0.113.21', 1],
  [(at) => `device_id=${at.web02.id}`, 2],
  ['device_owner=compute:kr-central-2-a', 5],
  [(at) => `subnet_id=${at.backSubnet}`, 2],
  ['mac_address=00:00:00:00:00:00', 0],
  [(at) => `security_group_id=${at.group}`, 0],
  ['security_group_name=default', 0],
  ['created_at=2020-01-01T00:00:00Z', 0],
  ['updated_at=2020-01-01T00:00:00Z', 0],
];

const facts: Fact[] = [
  {
    says: 'C.5 those of an instance, every field, paged though it takes no paging',
    path: (at) => bcs(at),
    status: 200,
    answer: found(1),
  },
  {
    says: 'C.5 in use by an instance, in the words that the provider knows',
    path: (at) => bcs(at),
    as: 'reader',
    status: 200,
    answer: (at) => ({
      network_interfaces: listOf({
        ...networkInterface,
        status: exactly('in_use'),
        device_id: exactly(at.web01.id),
        device_owner: exactly('compute:kr-central-2-a'),
      }),
      pagination: { total: exactly(1), offset: exactly(0), limit: exactly(1) },
    }),
  },
  {
    says: 'C.5 those of nothing are a 404',
    path: `/api/v1/instances/${nowhere}/network-interfaces`,
    status: 404,
  },
  { says: 'C.7 all of the project, every field', path: vpc, status: 200, answer: found(5) },
  ...filters.map(
    ([query, rows]): Fact => ({
      says: `C.7 filter ${nameOf(query)}: ${rows} rows`,
      path: (at) => `${vpc}?${typeof query === 'string' ? query : query(at)}`,
      status: 200,
      answer: found(rows),
    }),
  ),
  {
    says: 'C.7 one, every field',
    path: (at) => `${vpc}/${at.db01.nic}`,
    status: 200,
    answer: { network_interface: { ...networkInterface, public_ip: exactly('203.0.113.21') } },
  },
  ...writes.flatMap(([method, path, body]): Fact[] =>
    ['member', 'reader'].map((as) => ({
      says: `A.9 ${as}: ${method} ${nameOf(path)} is a 403`,
      method,
      path,
      body,
      as,
      status: 403,
    })),
  ),
  ...writes.slice(1).map(
    ([method, path, body]): Fact => ({
      says: `C.1 another project: ${method} ${nameOf(path)} is a 404`,
      method,
      path,
      body,
      as: 'stranger',
      status: 404,
    }),
  ),
  ...(
    [
      ['no name', { name: undefined }, 400],
      ['a name of 3 letters', { name: 'nic' }, 400],
      ['no word of security groups', { security_groups: undefined }, 400],
      ['a security group that is not there', { security_groups: [nowhere] }, 400],
      ['a subnet that is not there', { subnet_id: nowhere }, 400],
      ['an address of another network', { private_ip: '10.10.0.99' }, 400],
      ['an address that is taken', { private_ip: '198.168.0.10' }, 409],
    ] as const
  ).map(
    ([what, change, status]): Fact => ({
      says: `C.7 creating with ${what} is a ${status}`,
      method: 'POST',
      path: vpc,
      body: (at: Places) => wanted(at, change),
      status,
    }),
  ),
  {
    says: 'C.7 creating one with an address',
    method: 'POST',
    path: vpc,
    body: (at: Places) =>
      wanted(at, { private_ip: '198.168.0.77', description: 'kept', security_groups: [at.group] }),
    status: 201,
    answer: (at) => ({
      network_interface: {
        ...networkInterface,
        name: exactly('spare-nic'),
        description: exactly('kept'),
        status: exactly('available'),
        private_ip: exactly('198.168.0.77'),
        device_id: exactly(null),
        device_owner: exactly(null),
        security_groups: listOf({ id: exactly(at.group), name: exactly('default') }, 1),
      },
    }),
    keep: { as: 'nic', field: 'network_interface.id' },
  },
  {
    says: 'C.7 filter by security group',
    path: `${vpc}?security_group_name=default`,
    status: 200,
    answer: found(1),
  },
  {
    says: 'C.6 a Public IP takes an interface that an instance has',
    method: 'PUT',
    path: (at) => `/api/v1/public-ips/${at.idleIp}/network-interfaces/${at.made.nic}`,
    status: 409,
  },
  {
    says: 'C.7 renaming one',
    method: 'PUT',
    path: (at) => `${vpc}/${at.made.nic}`,
    body: { network_interface: { name: 'spare-two', description: null, security_groups: [] } },
    status: 200,
    answer: {
      network_interface: {
        ...networkInterface,
        name: exactly('spare-two'),
        description: exactly(''),
        security_groups: exactly([]),
      },
    },
  },
  {
    says: 'C.7 renaming to rubbish is a 400',
    method: 'PUT',
    path: (at) => `${vpc}/${at.made.nic}`,
    body: { network_interface: { name: '--' } },
    status: 400,
  },
  {
    says: 'C.7 the whole list of allowed address pairs',
    method: 'PUT',
    path: (at) => `${vpc}/${at.made.nic}/allowed-address-pairs`,
    body: {
      allowed_address_pairs: [
        { ip_address: '10.0.0.0/8' },
        { ip_address: '10.0.0.9', mac_address: '02:00:00:00:00:09' },
      ],
    },
    status: 200,
    answer: {
      network_interface: {
        ...networkInterface,
        allowed_address_pairs: listOf({ mac_address: mac, ip_address: exactly('10.0.0.0/8', '10.0.0.9') }, 2),
      },
    },
  },
  ...[[{ ip_address: 'x' }], [{}], 'x'].map(
    (pairs): Fact => ({
      says: `C.7 address pairs ${JSON.stringify(pairs)} are a 400`,
      method: 'PUT',
      path: (at) => `${vpc}/${at.made.nic}/allowed-address-pairs`,
      body: { allowed_address_pairs: pairs },
      status: 400,
    }),
  ),
  {
    says: 'C.5 the same on the host of BCS, for an interface that the instance has',
    method: 'PUT',
    path: (at) => bcs(at, `/${at.web01.nic}/allowed-address-pairs`),
    body: { allowed_address_pairs: [] },
    status: 200,
    answer: { network_interface: { ...networkInterface, allowed_address_pairs: exactly([]) } },
  },
  {
    says: 'C.5 and for no other',
    method: 'PUT',
    path: (at) => bcs(at, `/${at.db01.nic}/allowed-address-pairs`),
    body: { allowed_address_pairs: [] },
    status: 404,
  },
  {
    says: 'B.3 attaching to a running instance',
    method: 'POST',
    path: (at) => bcs(at, `/${at.made.nic}`),
    status: 200,
    answer: attached,
  },
  {
    says: 'C.5 attaching twice is a 409',
    method: 'POST',
    path: (at) => bcs(at, `/${at.made.nic}`),
    status: 409,
  },
  {
    says: 'C.5 attaching nothing is a 404',
    method: 'POST',
    path: (at) => bcs(at, `/${nowhere}`),
    status: 404,
  },
  {
    says: 'C.5 attaching to nothing is a 404',
    method: 'POST',
    path: (at) => `/api/v1/instances/${nowhere}/network-interfaces/${at.made.nic}`,
    status: 404,
  },
  {
    says: 'C.7 deleting one in use is a 409',
    method: 'DELETE',
    path: (at) => `${vpc}/${at.made.nic}`,
    status: 409,
  },
  {
    says: 'B.3 the primary one is not detached',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.web01.nic}`),
    status: 409,
  },
  {
    says: 'B.3 none is detached while the instance runs (strict: the reference only recommends it)',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.made.nic}`),
    status: 409,
  },
  {
    says: 'C.5 detaching another’s is a 404',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.db01.nic}`),
    status: 404,
  },
  {
    says: 'B.3 stopped, an interface can be detached',
    method: 'POST',
    path: (at) => `/api/v1/instances/${at.web01.id}/stop`,
    status: 202,
  },
];

const later: Fact[] = [
  {
    says: 'B.3 detaching from a stopped instance',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.made.nic}`),
    status: 204,
  },
  { says: 'C.7 deleting an idle one', method: 'DELETE', path: (at) => `${vpc}/${at.made.nic}`, status: 204 },
  { says: 'C.7 a deleted one is a 404', path: (at) => `${vpc}/${at.made.nic}`, status: 404 },
];

const stopped: Fact = {
  says: 'B.3 the instance has stopped',
  path: (at) => `/api/v1/instances/${at.web01.id}`,
  status: 200,
  answer: { instance: () => null },
  until: { field: 'instance.status', is: 'stopped' },
};

hold([...facts, stopped, ...later], { attachMs: 60_000 });
