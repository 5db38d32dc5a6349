import { type Fact, hold, nameOf, nowhere, type Places } from '../testing/facts.ts';
import { cidr, exactly, type Fields, flag, listOf, nullable, text, time, uuid } from '../testing/shapes.ts';
import { pagination, publicIp } from './wire.ts';

const ips = '/api/v1/public-ips';
const groups = '/api/v1/security-groups';

const detail: Fields = {
  ...publicIp,
  related_resource: nullable({
    id: uuid,
    name: text,
    status: exactly('available', 'in_use'),
    type: text,
    // another prefix leaves the provider without a device type (C.6)
    device_owner: exactly('compute:kr-central-2-a'),
    device_id: uuid,
    subnet_id: uuid,
    subnet_name: text,
    subnet_cidr: cidr,
    vpc_id: uuid,
    vpc_name: text,
  }),
};
const found = (rows: number): Fields => ({ public_ips: listOf(detail, rows), pagination });

const rule: Fields = {
  id: uuid,
  direction: exactly('ingress', 'egress'),
  protocol: exactly('TCP', 'UDP', 'ICMP', 'IPIP', 'ALL'),
  // texts in answers, numbers in requests
  port_range_min: nullable(text),
  port_range_max: nullable(text),
  remote_ip_prefix: nullable(cidr),
  remote_group_id: nullable(uuid),
  remote_group_name: nullable(text),
  description: text,
  created_at: time,
  updated_at: time,
};
const group: Fields = {
  id: uuid,
  name: text,
  description: text,
  is_stateful: flag,
  tags: exactly([]),
  rules: listOf(rule),
  project_id: text,
  project_name: text,
  created_at: time,
  updated_at: time,
};

const filters: [query: string | ((at: Places) => string), rows: number][] = [
  [(at) => `id=${at.dbIp}`, 1],
  ['status=available', 2],
  ['status=IN_USE', 2],
  ['public_ip=203.0.113.40', 1],
  [(at) => `related_resource_id=${at.db01.nic}`, 1],
  ['related_resource_name=db-01', 1],
  ['created_at=2020-01-01T00:00:00Z', 0],
  ['updated_at=2020-01-01T00:00:00Z', 0],
];

const writes: [method: 'POST' | 'PUT' | 'DELETE', path: (at: Places) => string, body?: unknown][] = [
  ['POST', () => ips, { public_ip: {} }],
  ['PUT', (at) => `${ips}/${at.idleIp}`, { public_ip: { description: 'mine' } }],
  ['DELETE', (at) => `${ips}/${at.idleIp}`],
  ['PUT', (at) => `${ips}/${at.idleIp}/network-interfaces/${at.web01.nic}`],
  ['DELETE', (at) => `${ips}/${at.dbIp}/network-interfaces/${at.db01.nic}`],
  ['POST', () => groups, { security_group: { name: 'web-rules' } }],
  ['PUT', (at) => `${groups}/${at.group}`, { security_group: { name: 'web-rules' } }],
  ['DELETE', (at) => `${groups}/${at.group}`],
  [
    'POST',
    (at) => `${groups}/${at.group}/rules`,
    { security_group_rule: { direction: 'ingress', protocol: 'ALL' } },
  ],
  ['DELETE', (at) => `${groups}/${at.group}/rules/${nowhere}`],
];

const addRule = (what: string, wanted: Record<string, unknown>, status: number): Fact => ({
  says: `C.6 a rule with ${what} is a ${status}`,
  method: 'POST',
  path: (at) => `${groups}/${at.made.group}/rules`,
  body: { security_group_rule: { direction: 'ingress', protocol: 'TCP', ...wanted } },
  status,
});

const facts: Fact[] = [
  { says: 'C.6 the list, every field', path: ips, status: 200, answer: found(4) },
  ...filters.map(
    ([query, rows]): Fact => ({
      says: `C.6 filter ${nameOf(query)}: ${rows} rows`,
      path: (at) => `${ips}?${typeof query === 'string' ? query : query(at)}`,
      status: 200,
      answer: found(rows),
    }),
  ),
  {
    says: 'C.6 an idle one has no resource',
    path: (at) => `${ips}/${at.idleIp}`,
    as: 'reader',
    status: 200,
    answer: { public_ip: { ...detail, related_resource: exactly(null), private_ip: exactly(null) } },
  },
  {
    says: 'C.6 one in use tells where',
    path: (at) => `${ips}/${at.dbIp}`,
    status: 200,
    answer: { public_ip: { ...detail, private_ip: exactly('10.10.0.21'), status: exactly('in_use') } },
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
  ...writes
    .filter(([method, path]) => method !== 'POST' || String(path).includes('rules'))
    .map(
      ([method, path, body]): Fact => ({
        says: `C.1 another project: ${method} ${nameOf(path)} is a 404`,
        method,
        path,
        body,
        as: 'stranger',
        status: 404,
      }),
    ),
  {
    says: 'C.6 creating one; the address is the platform’s choice',
    method: 'POST',
    path: ips,
    body: { public_ip: { description: '예비', public_ip: '203.0.113.99' } },
    status: 201,
    answer: { public_ip: { ...publicIp, description: exactly('예비'), status: exactly('available') } },
    keep: { as: 'ip', field: 'public_ip.id' },
  },
  {
    says: 'C.6 the description may be left out',
    method: 'POST',
    path: ips,
    body: { public_ip: {} },
    status: 201,
    answer: { public_ip: { ...publicIp, description: exactly('') } },
  },
  ...[{}, { public_ip: { description: 1 } }, { public_ip: { description: 'a'.repeat(101) } }].map(
    (body): Fact => ({
      says: `C.6 creating from ${JSON.stringify(body).slice(0, 40)} is a 400`,
      method: 'POST',
      path: ips,
      body,
      status: 400,
    }),
  ),
  {
    says: 'C.6 describing one',
    method: 'PUT',
    path: (at) => `${ips}/${at.made.ip}`,
    body: { public_ip: { description: 'new' } },
    status: 200,
    answer: { public_ip: { ...publicIp, description: exactly('new') } },
  },
  {
    says: 'C.6 describing without a word is a 400',
    method: 'PUT',
    path: (at) => `${ips}/${at.made.ip}`,
    body: { public_ip: {} },
    status: 400,
  },
  {
    says: 'C.6 attaching',
    method: 'PUT',
    path: (at) => `${ips}/${at.made.ip}/network-interfaces/${at.web01.nic}`,
    status: 200,
    answer: { public_ip: { ...publicIp, status: exactly('attaching'), private_ip: exactly('198.168.0.10') } },
  },
  {
    says: 'B.3 attaching comes to in_use',
    path: (at) => `${ips}/${at.made.ip}`,
    status: 200,
    answer: { public_ip: { ...detail, status: exactly('in_use') } },
    until: { field: 'public_ip.status', is: 'in_use' },
  },
  {
    says: 'A.6 one in use is not deleted',
    method: 'DELETE',
    path: (at) => `${ips}/${at.made.ip}`,
    status: 409,
  },
  {
    says: 'C.6 attaching one in use is a 409',
    method: 'PUT',
    path: (at) => `${ips}/${at.made.ip}/network-interfaces/${at.web02.nic}`,
    status: 409,
  },
  {
    says: 'C.6 attaching to nothing is a 404',
    method: 'PUT',
    path: (at) => `${ips}/${at.idleIp}/network-interfaces/${nowhere}`,
    status: 404,
  },
  {
    says: 'C.6 detaching from another interface is a 409',
    method: 'DELETE',
    path: (at) => `${ips}/${at.made.ip}/network-interfaces/${at.web02.nic}`,
    status: 409,
  },
  {
    says: 'C.6 detaching; there is no status on the way',
    method: 'DELETE',
    path: (at) => `${ips}/${at.made.ip}/network-interfaces/${at.web01.nic}`,
    status: 200,
    answer: { public_ip: { ...publicIp, status: exactly('available'), private_ip: exactly(null) } },
  },
  { says: 'C.6 deleting an idle one', method: 'DELETE', path: (at) => `${ips}/${at.made.ip}`, status: 204 },
  { says: 'C.6 a deleted one is a 404', path: (at) => `${ips}/${at.made.ip}`, status: 404 },

  {
    says: 'C.6 security groups, every field',
    path: groups,
    status: 200,
    answer: { security_groups: listOf(group, 1), pagination },
  },
  ...['name=default', 'id=x', 'created_at=x', 'updated_at=x'].map(
    (query, index): Fact => ({
      says: `C.6 security groups: filter ${query}`,
      path: `${groups}?${query}`,
      status: 200,
      answer: { security_groups: listOf(group, index === 0 ? 1 : 0), pagination },
    }),
  ),
  {
    says: 'C.6 creating a security group',
    method: 'POST',
    path: groups,
    body: { security_group: { name: 'web-rules', description: 'for the web' } },
    status: 201,
    answer: {
      security_group: {
        ...group,
        name: exactly('web-rules'),
        description: exactly('for the web'),
        rules: exactly([]),
      },
    },
    keep: { as: 'group', field: 'security_group.id' },
  },
  {
    says: 'C.6 names of security groups are unique',
    method: 'POST',
    path: groups,
    body: { security_group: { name: 'default' } },
    status: 409,
  },
  {
    says: 'C.6 a bad name is a 400',
    method: 'POST',
    path: groups,
    body: { security_group: { name: 'x' } },
    status: 400,
  },
  {
    says: 'C.6 renaming to a taken name is a 409',
    method: 'PUT',
    path: (at) => `${groups}/${at.made.group}`,
    body: { security_group: { name: 'default' } },
    status: 409,
  },
  {
    says: 'C.6 renaming a security group',
    method: 'PUT',
    path: (at) => `${groups}/${at.made.group}`,
    body: { security_group: { name: 'web-rules-2', description: null } },
    status: 200,
    answer: { security_group: { ...group, name: exactly('web-rules-2'), description: exactly('') } },
  },
  {
    says: 'C.6 adding a rule: ports as numbers, told as texts',
    method: 'POST',
    path: (at) => `${groups}/${at.made.group}/rules`,
    body: {
      security_group_rule: {
        direction: 'ingress',
        protocol: 'TCP',
        port_range_min: 80,
        port_range_max: 443,
        remote_ip_prefix: '0.0.0.0/0',
      },
    },
    status: 201,
    answer: {
      security_group_rule: { ...rule, port_range_min: exactly('80'), port_range_max: exactly('443') },
    },
    keep: { as: 'rule', field: 'security_group_rule.id' },
  },
  {
    says: 'C.6 a rule for members of a group',
    method: 'POST',
    path: (at) => `${groups}/${at.made.group}/rules`,
    body: (at: Places) => ({
      security_group_rule: { direction: 'egress', protocol: 'ALL', remote_group_id: at.group },
    }),
    status: 201,
    answer: (at) => ({
      security_group_rule: {
        ...rule,
        remote_group_id: exactly(at.group),
        remote_group_name: exactly('default'),
        port_range_min: exactly(null),
      },
    }),
  },
  addRule(
    'what is there already',
    { port_range_min: 80, port_range_max: 443, remote_ip_prefix: '0.0.0.0/0' },
    409,
  ),
  addRule('another direction', { direction: 'sideways' }, 400),
  addRule('another protocol', { protocol: 'SCTP' }, 400),
  addRule('ports as texts', { port_range_min: '80', port_range_max: '80' }, 400),
  addRule('one end of the ports', { port_range_min: 80 }, 400),
  addRule('ports the wrong way round', { port_range_min: 90, port_range_max: 80 }, 400),
  addRule('ports of ICMP', { protocol: 'ICMP', port_range_min: 1, port_range_max: 1 }, 400),
  addRule('a prefix and a group', { remote_ip_prefix: '10.0.0.0/8', remote_group_id: nowhere }, 400),
  addRule('a group that is not there', { remote_group_id: nowhere }, 400),
  addRule('a prefix that is none', { remote_ip_prefix: '10.0.0.0/33' }, 400),
  {
    says: 'C.6 a group tells its rules',
    path: (at) => `${groups}/${at.made.group}`,
    as: 'reader',
    status: 200,
    answer: { security_group: { ...group, rules: listOf(rule, 2) } },
  },
  {
    says: 'C.6 deleting a rule',
    method: 'DELETE',
    path: (at) => `${groups}/${at.made.group}/rules/${at.made.rule}`,
    status: 204,
  },
  {
    says: 'C.6 deleting it again is a 404',
    method: 'DELETE',
    path: (at) => `${groups}/${at.made.group}/rules/${at.made.rule}`,
    status: 404,
  },
  {
    says: 'C.6 deleting a security group',
    method: 'DELETE',
    path: (at) => `${groups}/${at.made.group}`,
    status: 204,
  },
  { says: 'C.6 a deleted security group is a 404', path: (at) => `${groups}/${at.made.group}`, status: 404 },
];

hold(facts);
