import { type Fact, hold, nameOf, nowhere, type Places } from '../testing/facts.ts';
import { cidr, exactly, type Fields, flag, listOf, nullable, text, time, uuid } from '../testing/shapes.ts';
import { pagination, zone } from './wire.ts';

// The reference names the keys and the types of routes only; the fields are the official SDK's.
const tables = '/api/v1/route-tables';
const active = exactly('ACTIVE');

const association: Fields = {
  id: uuid,
  provisioning_status: active,
  vpc_id: uuid,
  vpc_name: text,
  subnet_id: uuid,
  subnet_name: text,
  subnet_cidr_block: cidr,
  availability_zone: zone,
};
const route: Fields = {
  id: uuid,
  destination: cidr,
  provisioning_status: active,
  target_type: exactly('local', 'igw', 'instance', 'tgw'),
  target_id: nullable(text),
  target_name: nullable(text),
  is_local_route: flag,
};
const table: Fields = {
  id: uuid,
  name: text,
  associations: listOf(association),
  routes: listOf(route),
  vpc_id: uuid,
  vpc_name: text,
  vpc_provisioning_status: active,
  provisioning_status: active,
  project_id: text,
  project_name: text,
  is_main: flag,
  created_at: time,
  updated_at: time,
};
const found = (rows: number): Fields => ({ vpc_route_tables: listOf(table, rows), pagination });

const filters: [query: string | ((at: Places) => string), rows: number][] = [
  [(at) => `id=${at.routeTable}`, 1],
  ['name=front', 1],
  ['provisioning_status=ACTIVE', 2],
  [(at) => `vpc_id=${at.vpc}`, 1],
  ['vpc_name=vpc', 2],
  ['vpc_provisioning_status=ERROR', 0],
  [(at) => `subnet_id=${at.subnet}`, 1],
  ['subnet_name=back', 1],
  ['association_count=1', 2],
  ['association_count=0', 0],
  ['destination=0.0.0.0/0', 2],
  ['created_at=2020-01-01T00:00:00Z', 0],
  ['updated_at=2020-01-01T00:00:00Z', 0],
];

const writes: [method: 'POST' | 'PUT' | 'DELETE', path: (at: Places) => string, body?: unknown][] = [
  ['POST', () => `/api/v1/route-tables`, { vpc_route_table: {} }],
  ['DELETE', (at) => `${tables}/${at.routeTable}`],
  ['PUT', (at) => `${tables}/${at.routeTable}/main`],
  ['POST', (at) => `${tables}/${at.routeTable}/routes`, routeOf('igw', nowhere, '0.0.0.0/0')],
  ['PUT', (at) => `${tables}/${at.routeTable}/routes/${nowhere}`, routeOf('igw', nowhere, '0.0.0.0/0')],
  ['DELETE', (at) => `${tables}/${at.routeTable}/routes/${nowhere}`],
  [
    'PUT',
    (at) => `${tables}/${at.routeTable}/associations/${nowhere}`,
    { association: { target_route_table_id: nowhere } },
  ],
];

function routeOf(route_type: string, target_id: string, destination: string): unknown {
  return { vpc_route: { route_type, target_id, destination } };
}

const addRoute = (what: string, body: (at: Places) => unknown, status: number): Fact => ({
  says: `C.7 a route ${what} is a ${status}`,
  method: 'POST',
  path: (at) => `${tables}/${at.routeTable}/routes`,
  body,
  status,
});

const facts: Fact[] = [
  { says: 'C.7 route tables, every field', path: tables, status: 200, answer: found(2) },
  ...filters.map(
    ([query, rows]): Fact => ({
      says: `C.7 filter ${nameOf(query)}: ${rows} rows`,
      path: (at) => `${tables}?${typeof query === 'string' ? query : query(at)}`,
      status: 200,
      answer: found(rows),
    }),
  ),
  {
    says: 'C.7 a main table: the VPC’s own route, and the way to the internet',
    path: (at) => `${tables}/${at.routeTable}`,
    as: 'reader',
    status: 200,
    answer: (at) => ({
      vpc_route_table: {
        ...table,
        is_main: exactly(true),
        associations: listOf({ ...association, subnet_name: exactly('front') }, 1),
        routes: (value) => {
          const routes = value as { target_type: string; destination: string; target_id: string | null }[];
          const seen = routes.map((one) => [one.target_type, one.destination, one.target_id]);
          return exactly([
            ['local', '198.168.0.0/16', null],
            ['igw', '0.0.0.0/0', at.gateway],
          ])(seen);
        },
      },
    }),
    keep: { as: 'local', field: 'vpc_route_table.routes.0.id' },
  },
  {
    says: 'C.7 the associations of a table',
    path: (at) => `${tables}/${at.routeTable}/associations`,
    status: 200,
    answer: { associations: listOf(association, 1), pagination },
    keep: { as: 'association', field: 'associations.0.id' },
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
  {
    says: 'C.7 creating a table for a VPC that is not there is a 400',
    method: 'POST',
    path: tables,
    body: { vpc_route_table: { name: 'private', vpc_id: nowhere } },
    status: 400,
  },
  {
    says: 'C.7 creating a table, which leads within the VPC',
    method: 'POST',
    path: tables,
    body: (at: Places) => ({ vpc_route_table: { name: 'private', vpc_id: at.vpc } }),
    status: 201,
    answer: {
      vpc_route_table: {
        ...table,
        is_main: exactly(false),
        associations: exactly([]),
        routes: listOf({ ...route, target_type: exactly('local'), is_local_route: exactly(true) }, 1),
      },
    },
    keep: { as: 'table', field: 'vpc_route_table.id' },
  },
  addRoute('that is there already', (at) => routeOf('igw', at.gateway, '0.0.0.0/0'), 409),
  addRoute('of another kind', (at) => routeOf('nat', at.gateway, '10.99.0.0/16'), 400),
  addRoute('to no block', (at) => routeOf('igw', at.gateway, '10.99.0.0'), 400),
  addRoute('with host bits', (at) => routeOf('igw', at.gateway, '10.99.0.1/16'), 400),
  addRoute('to link-local addresses', (at) => routeOf('igw', at.gateway, '169.254.0.0/16'), 400),
  addRoute('through another gateway', () => routeOf('igw', nowhere, '10.99.0.0/16'), 400),
  addRoute(
    'through a transit gateway, of which there are none',
    () => routeOf('tgw', nowhere, '10.99.0.0/16'),
    400,
  ),
  addRoute(
    'through an instance of another VPC',
    (at) => routeOf('instance', at.db01.id, '10.99.0.0/16'),
    400,
  ),
  addRoute('through two interfaces', (at) => routeOf('instance', at.web02.id, '10.99.0.0/16'), 400),
  {
    says: 'C.7 a route through an instance',
    method: 'POST',
    path: (at) => `${tables}/${at.routeTable}/routes`,
    body: (at: Places) => routeOf('instance', at.web01.id, '10.99.0.0/16'),
    status: 201,
    answer: (at) => ({
      vpc_route: { ...route, target_id: exactly(at.web01.id), target_name: exactly('web-01') },
    }),
    keep: { as: 'route', field: 'vpc_route.id' },
  },
  {
    says: 'C.7 changing a route',
    method: 'PUT',
    path: (at) => `${tables}/${at.routeTable}/routes/${at.made.route}`,
    body: (at: Places) => routeOf('igw', at.gateway, '10.98.0.0/16'),
    status: 200,
    answer: { vpc_route: { ...route, destination: exactly('10.98.0.0/16'), target_type: exactly('igw') } },
  },
  {
    says: 'C.7 changing it to where another leads is a 409',
    method: 'PUT',
    path: (at) => `${tables}/${at.routeTable}/routes/${at.made.route}`,
    body: (at: Places) => routeOf('igw', at.gateway, '0.0.0.0/0'),
    status: 409,
  },
  {
    says: 'C.7 the VPC’s own route is not changed',
    method: 'PUT',
    path: (at) => `${tables}/${at.routeTable}/routes/${at.made.local}`,
    body: (at: Places) => routeOf('igw', at.gateway, '10.97.0.0/16'),
    status: 409,
  },
  {
    says: 'C.7 nor deleted',
    method: 'DELETE',
    path: (at) => `${tables}/${at.routeTable}/routes/${at.made.local}`,
    status: 409,
  },
  {
    says: 'C.7 deleting a route',
    method: 'DELETE',
    path: (at) => `${tables}/${at.routeTable}/routes/${at.made.route}`,
    status: 204,
  },
  {
    says: 'C.7 deleting it again is a 404',
    method: 'DELETE',
    path: (at) => `${tables}/${at.routeTable}/routes/${at.made.route}`,
    status: 404,
  },
  {
    says: 'C.7 a subnet follows no table of nowhere',
    method: 'PUT',
    path: (at) => `${tables}/${at.routeTable}/associations/${at.made.association}`,
    body: { association: { target_route_table_id: nowhere } },
    status: 400,
  },
  {
    says: 'C.7 a subnet follows another table',
    method: 'PUT',
    path: (at) => `${tables}/${at.routeTable}/associations/${at.made.association}`,
    body: (at: Places) => ({ association: { target_route_table_id: at.made.table } }),
    status: 200,
    answer: { association },
  },
  {
    says: 'C.7 a table that subnets follow is not deleted',
    method: 'DELETE',
    path: (at) => `${tables}/${at.made.table}`,
    status: 409,
  },
  {
    says: 'C.7 a main table is not deleted',
    method: 'DELETE',
    path: (at) => `${tables}/${at.routeTable}`,
    status: 409,
  },
  {
    says: 'C.7 another table becomes the main one',
    method: 'PUT',
    path: (at) => `${tables}/${at.made.table}/main`,
    status: 200,
    answer: { vpc_route_table: { ...table, is_main: exactly(true) } },
  },
  { says: 'C.7 deleting a table', method: 'DELETE', path: (at) => `${tables}/${at.routeTable}`, status: 204 },
  { says: 'C.7 a deleted table is a 404', path: (at) => `${tables}/${at.routeTable}`, status: 404 },
];

hold(facts);
