import { type Fact, hold, nameOf, nowhere, type Places } from '../testing/facts.ts';
import { cidr, exactly, type Fields, flag, listOf, nullable, text, time, uuid } from '../testing/shapes.ts';
import { pagination, zone } from './wire.ts';

const provisioning = exactly(
  'ACTIVE',
  'DELETED',
  'ERROR',
  'PENDING_CREATE',
  'PENDING_UPDATE',
  'PENDING_DELETE',
);

const vpc: Fields = {
  id: uuid,
  name: text,
  description: text,
  region: exactly('kr-central-2'),
  igw: {
    id: uuid,
    name: text,
    description: text,
    region: exactly('kr-central-2'),
    nat_ip: nullable(text),
    project_id: text,
    operating_status: exactly('ONLINE'),
    provisioning_status: provisioning,
    created_at: time,
    updated_at: time,
  },
  default_route_table: {
    id: uuid,
    name: text,
    description: text,
    provisioning_status: provisioning,
    created_at: time,
    updated_at: time,
  },
  project_id: text,
  project_name: text,
  cidr_block: cidr,
  is_default: flag,
  provisioning_status: provisioning,
  is_enable_dns_support: flag,
  created_at: time,
  updated_at: time,
};

const subnet: Fields = {
  id: uuid,
  name: text,
  is_shared: flag,
  availability_zone: zone,
  cidr_block: cidr,
  project_id: text,
  project_name: text,
  owner_project_id: text,
  operating_status: exactly('ONLINE', 'OFFLINE', 'IN_MAINTENANCE', 'ERROR'),
  provisioning_status: provisioning,
  vpc_id: uuid,
  vpc_name: text,
  route_table_id: uuid,
  route_table_name: text,
  created_at: time,
  updated_at: time,
};

const vpcs = (rows: number): Fields => ({ vpcs: listOf(vpc, rows), pagination });
const subnets = (rows: number): Fields => ({ subnets: listOf(subnet, rows), pagination });

const vpcFilters: [query: string | ((at: Places) => string), rows: number][] = [
  [(at) => `id=${at.vpc}`, 1],
  ['name=VPC', 2],
  ['cidr_block=10.10.0.0/16', 1],
  ['provisioning_status=ACTIVE', 2],
  ['provisioning_status=ERROR', 0],
  ['is_default=false', 2],
  ['created_at=2020-01-01T00:00:00Z', 0],
  ['updated_at=2020-01-01T00:00:00Z', 0],
];

const subnetFilters: [query: string | ((at: Places) => string), rows: number][] = [
  [(at) => `id=${at.subnet}`, 1],
  ['name=front', 1],
  ['availability_zone=kr-central-2-a', 2],
  ['provisioning_status=ACTIVE', 2],
  ['operating_status=ONLINE', 2],
  ['operating_status=OFFLINE', 0],
  ['cidr_block=10.10.0.0/24', 1],
  [(at) => `vpc_id=${at.vpc}`, 1],
  ['vpc_name=back', 1],
  [(at) => `route_table_id=${at.routeTable}`, 1],
  ['route_table_name=front', 1],
  ['is_shared=true', 0],
  ['created_at=2020-01-01T00:00:00Z', 0],
  ['updated_at=2020-01-01T00:00:00Z', 0],
];

const writes: [method: 'POST' | 'PUT' | 'DELETE', path: (at: Places) => string, body?: unknown][] = [
  ['POST', () => `/api/v1/vpcs`, { vpc: {} }],
  ['PUT', (at) => `/api/v1/vpcs/${at.vpc}`, { vpc: { name: 'mine' } }],
  ['DELETE', (at) => `/api/v1/vpcs/${at.vpc}`],
  ['POST', () => `/api/v1/subnets`, { subnet: {} }],
  ['PUT', (at) => `/api/v1/subnets/${at.subnet}`, { subnet: { name: 'mine' } }],
  ['DELETE', (at) => `/api/v1/subnets/${at.subnet}`],
];

const zoneA = 'kr-central-2-a';
const addVpc = (what: string, change: Record<string, unknown>, status: number): Fact => ({
  says: `C.7 a VPC with ${what} is a ${status}`,
  method: 'POST',
  path: '/api/v1/vpcs',
  body: { vpc: { name: 'vpc-third', cidr_block: '172.16.0.0/16', ...change } },
  status,
});
const addSubnet = (what: string, change: Record<string, unknown>, status: number): Fact => ({
  says: `C.7 a subnet with ${what} is a ${status}`,
  method: 'POST',
  path: '/api/v1/subnets',
  body: (at: Places) => ({
    subnet: {
      name: 'subnet-b',
      vpc_id: at.made.vpc,
      cidr_block: '172.16.1.0/24',
      availability_zone: zoneA,
      ...change,
    },
  }),
  status,
});

const facts: Fact[] = [
  { says: 'C.7 VPCs, every field', path: '/api/v1/vpcs', status: 200, answer: vpcs(2) },
  ...vpcFilters.map(
    ([query, rows]): Fact => ({
      says: `C.7 VPCs: filter ${nameOf(query)}: ${rows} rows`,
      path: (at) => `/api/v1/vpcs?${typeof query === 'string' ? query : query(at)}`,
      status: 200,
      answer: vpcs(rows),
    }),
  ),
  {
    says: 'C.7 one VPC, every field',
    path: (at) => `/api/v1/vpcs/${at.vpc}`,
    as: 'reader',
    status: 200,
    answer: { vpc: { ...vpc, name: exactly('vpc-front') } },
  },
  { says: 'C.7 subnets, every field', path: '/api/v1/subnets', status: 200, answer: subnets(2) },
  ...subnetFilters.map(
    ([query, rows]): Fact => ({
      says: `C.7 subnets: filter ${nameOf(query)}: ${rows} rows`,
      path: (at) => `/api/v1/subnets?${typeof query === 'string' ? query : query(at)}`,
      status: 200,
      answer: subnets(rows),
    }),
  ),
  {
    says: 'C.7 one subnet, every field',
    path: (at) => `/api/v1/subnets/${at.subnet}`,
    as: 'reader',
    status: 200,
    answer: { subnet: { ...subnet, name: exactly('front'), vpc_name: exactly('vpc-front') } },
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
    .filter(([method]) => method !== 'POST')
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
  addVpc('no name', { name: undefined }, 400),
  addVpc('a block that is none', { cidr_block: '172.16.0.0' }, 400),
  addVpc('host bits in its block', { cidr_block: '172.16.0.1/16' }, 400),
  addVpc('a block of /15', { cidr_block: '172.16.0.0/15' }, 400),
  addVpc('a block of /25', { cidr_block: '172.16.0.0/25' }, 400),
  addVpc('link-local addresses', { cidr_block: '169.254.0.0/16' }, 400),
  addVpc('another’s addresses', { cidr_block: '10.10.64.0/18' }, 409),
  addVpc('a subnet outside', { subnet: { cidr_block: '10.0.0.0/24', availability_zone: zoneA } }, 400),
  addVpc('a subnet without a zone', { subnet: { cidr_block: '172.16.0.0/24' } }, 400),
  { says: 'C.7 what was refused has left nothing', path: '/api/v1/vpcs', status: 200, answer: vpcs(2) },
  {
    says: 'C.7 creating a VPC with its first subnet',
    method: 'POST',
    path: '/api/v1/vpcs',
    body: {
      vpc: {
        name: 'vpc-third',
        cidr_block: '172.16.0.0/16',
        subnet: { cidr_block: '172.16.0.0/24', availability_zone: zoneA },
      },
    },
    status: 201,
    answer: { vpc: { ...vpc, name: exactly('vpc-third'), cidr_block: exactly('172.16.0.0/16') } },
    keep: { as: 'vpc', field: 'vpc.id' },
  },
  addVpc('a fourth VPC beside it', { cidr_block: '172.17.0.0/16' }, 409),
  {
    says: 'C.7 its subnet is there',
    path: (at) => `/api/v1/subnets?vpc_id=${at.made.vpc}`,
    status: 200,
    answer: subnets(1),
  },
  addSubnet('a VPC that is not there', { vpc_id: nowhere }, 400),
  addSubnet('a block of another VPC', { cidr_block: '10.10.7.0/24' }, 400),
  addSubnet('a block of /19', { cidr_block: '172.16.32.0/19' }, 400),
  addSubnet('a block of /27', { cidr_block: '172.16.1.0/27' }, 400),
  addSubnet('addresses of its neighbour', { cidr_block: '172.16.0.128/25' }, 409),
  addSubnet('a zone that is none', { availability_zone: 'kr-central-2-d' }, 400),
  {
    says: 'C.7 creating a subnet, which follows the main route table',
    method: 'POST',
    path: '/api/v1/subnets',
    body: (at: Places) => ({
      subnet: {
        name: 'subnet-b',
        vpc_id: at.made.vpc,
        cidr_block: '172.16.1.0/24',
        availability_zone: 'kr-central-2-b',
      },
    }),
    status: 201,
    answer: { subnet: { ...subnet, route_table_name: exactly('vpc-third-routes') } },
    keep: { as: 'subnet', field: 'subnet.id' },
  },
  {
    says: 'C.7 renaming a subnet',
    method: 'PUT',
    path: (at) => `/api/v1/subnets/${at.made.subnet}`,
    body: { subnet: { name: 'subnet-c' } },
    status: 200,
    answer: { subnet: { ...subnet, name: exactly('subnet-c') } },
  },
  {
    says: 'C.7 renaming a VPC',
    method: 'PUT',
    path: (at) => `/api/v1/vpcs/${at.made.vpc}`,
    body: { vpc: { name: 'vpc-3' } },
    status: 200,
    answer: { vpc: { ...vpc, name: exactly('vpc-3') } },
  },
  ...['vpcs', 'subnets'].map(
    (kind): Fact => ({
      says: `C.7 renaming one of the ${kind} to rubbish is a 400`,
      method: 'PUT',
      path: (at) => `/api/v1/${kind}/${kind === 'vpcs' ? at.made.vpc : at.made.subnet}`,
      body: { [kind.slice(0, -1)]: { name: '!' } },
      status: 400,
    }),
  ),
  {
    says: 'C.7 a VPC with subnets is not deleted',
    method: 'DELETE',
    path: (at) => `/api/v1/vpcs/${at.made.vpc}`,
    status: 409,
  },
  {
    says: 'C.7 a subnet with network interfaces is not deleted',
    method: 'DELETE',
    path: (at) => `/api/v1/subnets/${at.subnet}`,
    status: 409,
  },
  {
    says: 'C.7 deleting a subnet',
    method: 'DELETE',
    path: (at) => `/api/v1/subnets/${at.made.subnet}`,
    status: 204,
  },
  { says: 'C.7 a deleted subnet is a 404', path: (at) => `/api/v1/subnets/${at.made.subnet}`, status: 404 },
];

hold(facts);
