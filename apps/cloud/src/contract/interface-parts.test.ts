import { type Fact, hold, nameOf, nowhere, type Places } from '../testing/facts.ts';
import { exactly } from '../testing/shapes.ts';
import { publicIp } from './wire.ts';

const bcs = (at: Places, rest: string) => `/api/v1/instances/${at.web01.id}/network-interfaces${rest}`;

/** What only a project's admin may do. */
const writes: [method: 'POST' | 'PUT' | 'DELETE', path: (at: Places) => string][] = [
  ['POST', (at) => bcs(at, `/${at.web01.nic}/security-groups/${at.group}`)],
  ['DELETE', (at) => bcs(at, `/${at.web01.nic}/security-groups/${at.group}`)],
  ['POST', (at) => bcs(at, `/${at.web01.nic}/public-ips`)],
  ['PUT', (at) => bcs(at, `/${at.web01.nic}/public-ips/${at.idleIp}`)],
  ['DELETE', (at) => bcs(at, `/${at.web01.nic}/public-ips`)],
];

const facts: Fact[] = [
  ...writes.flatMap(([method, path]): Fact[] =>
    (
      [
        ['member', 403],
        ['reader', 403],
        ['stranger', 404],
      ] as const
    ).map(([as, status]) => ({
      says: `A.9 ${as}: ${method} ${nameOf(path)} is a ${status}`,
      method,
      path,
      as,
      status,
    })),
  ),
  {
    says: 'C.5 attaching a security group',
    method: 'POST',
    path: (at) => bcs(at, `/${at.web01.nic}/security-groups/${at.group}`),
    status: 200,
    answer: (at) => ({ security_group: { ids: exactly([at.group]) } }),
  },
  {
    says: 'C.5 attaching it twice is a 409',
    method: 'POST',
    path: (at) => bcs(at, `/${at.web01.nic}/security-groups/${at.group}`),
    status: 409,
  },
  {
    says: 'C.5 attaching none is a 404',
    method: 'POST',
    path: (at) => bcs(at, `/${at.web01.nic}/security-groups/${nowhere}`),
    status: 404,
  },
  {
    says: 'C.6 a group that an interface has is not deleted',
    method: 'DELETE',
    path: (at) => `/api/v1/security-groups/${at.group}`,
    status: 409,
  },
  {
    says: 'C.5 detaching a security group',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.web01.nic}/security-groups/${at.group}`),
    status: 200,
    answer: { security_group: { ids: exactly([]) } },
  },
  {
    says: 'C.5 detaching what is not attached is a 404',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.web01.nic}/security-groups/${at.group}`),
    status: 404,
  },
  {
    says: 'C.5 a new Public IP for an interface',
    method: 'POST',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips`),
    status: 200,
    answer: {
      public_ip: {
        ...publicIp,
        description: exactly(''),
        private_ip: exactly('198.168.0.10'),
        status: exactly('attaching'),
      },
    },
    keep: { as: 'ip', field: 'public_ip.id' },
  },
  {
    says: 'C.5 only one for each interface',
    method: 'POST',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips`),
    status: 409,
  },
  {
    says: 'C.5 nor an idle one beside it',
    method: 'PUT',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips/${at.idleIp}`),
    status: 409,
  },
  {
    says: 'C.5 detaching keeps the address unless told otherwise',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips?is_delete=false`),
    status: 200,
    answer: { public_ip: { ...publicIp, status: exactly('available'), private_ip: exactly(null) } },
  },
  {
    says: 'C.5 detaching without one is a 409',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips`),
    status: 409,
  },
  {
    says: 'C.5 is_delete takes a truth value',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips?is_delete=perhaps`),
    status: 400,
  },
  {
    says: 'C.5 attaching an idle one',
    method: 'PUT',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips/${at.made.ip}`),
    status: 200,
    answer: { public_ip: { ...publicIp, status: exactly('attaching') } },
  },
  {
    says: 'C.5 attaching one that is busy is a 409',
    method: 'PUT',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips/${at.dbIp}`),
    status: 409,
  },
  {
    says: 'C.5 attaching one that is not there is a 404',
    method: 'PUT',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips/${nowhere}`),
    status: 404,
  },
  {
    says: 'C.5 detaching with is_delete tells of the address once more',
    method: 'DELETE',
    path: (at) => bcs(at, `/${at.web01.nic}/public-ips?is_delete=true`),
    status: 200,
    answer: { public_ip: { ...publicIp, status: exactly('available') } },
  },
  { says: 'C.6 and then it is gone', path: (at) => `/api/v1/public-ips/${at.made.ip}`, status: 404 },
];

hold(facts, { attachMs: 60_000 });
