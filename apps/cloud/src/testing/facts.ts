import { networkPaths, vpcPaths } from '@moru/kakaocloud';
import { beforeAll, expect, test } from 'vitest';
import type { CloudOptions } from '../cloud.ts';
import { differences, type Fields, text } from './shapes.ts';
import { eventually, sharedCloud, type TestCloud } from './test-cloud.ts';

/** Ids of what the seed holds, and under `made` of what earlier facts have made. */
export interface Places {
  web01: { id: string; nic: string };
  web02: { id: string; nic: string; second: string };
  db01: { id: string; nic: string };
  batch01: { id: string; nic: string };
  idleIp: string;
  idleIp2: string;
  /** attached to db01 */
  dbIp: string;
  flavor: string;
  image: string;
  newerImage: string;
  vpc: string;
  gateway: string;
  routeTable: string;
  subnet: string;
  backSubnet: string;
  group: string;
  made: Record<string, string>;
}

type From<Value> = Value | ((at: Places) => Value);

/** One row of the contract: what the reference says, as a request and its answer. */
export interface Fact {
  /** the fact, and its section in reference/kakaocloud.md */
  says: string;
  method?: 'POST' | 'PUT' | 'DELETE';
  path: From<string>;
  body?: From<unknown>;
  headers?: Record<string, string>;
  /** by default the admin; null: nobody */
  as?: string | null;
  status: number;
  /** by default the error of the service above 399, and no body for 202 and 204 */
  answer?: From<Fields>;
  /** asks until a field has this value */
  until?: { field: string; is: string };
  /** puts something of the answer into `made` */
  keep?: { as: string; field: string };
}

export const nowhere = '00000000-0000-4000-8000-000000000000';

const apiError: Fields = { error: { code: text, message: text } };

/** Runs the facts in their order against one cloud, a test for each. */
export function hold(
  facts: Fact[],
  overrides: Partial<CloudOptions> = {},
): { cloud: TestCloud; at: () => Places } {
  const cloud = sharedCloud(overrides);
  let places: Places | undefined;
  beforeAll(async () => {
    places = await findPlaces(cloud);
  });
  const at = () => {
    if (places === undefined) throw new Error('the seed was not read');
    return places;
  };
  for (const fact of facts) {
    test(fact.says, async () => {
      await check(cloud, at(), fact);
    });
  }
  return { cloud, at };
}

/** A path or a query as a fact can say it, before its ids are known. */
export function nameOf(value: From<string>): string {
  return typeof value === 'function' ? (/`([^`]*)`/.exec(String(value))?.[1] ?? 'its path') : value;
}

async function check(cloud: TestCloud, at: Places, fact: Fact): Promise<void> {
  const { method = 'GET', as = 'admin', headers = {}, until } = fact;
  const path = resolved(fact.path, at);
  const options = { headers, ...(fact.body === undefined ? {} : { body: resolved(fact.body, at) }) };
  const ask = () => (as === null ? cloud.call(method, path, options) : cloud.as(as, method, path, options));
  if (until) await eventually(async () => valueAt((await ask()).body, until.field)).toBe(until.is);
  const { status, text: said, body, headers: got } = await ask();
  expect([status, said]).toEqual([fact.status, expect.anything()]);
  const shape = fact.answer === undefined ? undefined : resolved(fact.answer, at);
  if (shape === undefined && status < 400) {
    expect([status, said]).toEqual([status === 202 ? 202 : 204, '']);
    return;
  }
  expect(got.get('content-type')).toMatch(/^application\/json/);
  expect(differences(body, shape ?? apiError)).toEqual([]);
  if (fact.keep) at.made[fact.keep.as] = String(valueAt(body, fact.keep.field));
}

function resolved<Value>(value: From<Value>, at: Places): Value {
  return typeof value === 'function' ? (value as (at: Places) => Value)(at) : value;
}

function valueAt(body: unknown, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}

async function findPlaces(cloud: TestCloud): Promise<Places> {
  const list = async <Row>(path: string, key: string): Promise<Row[]> => {
    const { body } = await cloud.as('admin', 'GET', `${path}?sort_keys=name&sort_dirs=asc`);
    return (body as Record<string, Row[]>)[key] ?? [];
  };
  const server = async (name: string) => {
    const { id, addresses } = await cloud.instance(name);
    return {
      id,
      nic: addresses[0]?.network_interface_id ?? '',
      second: addresses[1]?.network_interface_id ?? '',
    };
  };
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
  const [idleIp = '', idleIp2 = ''] = ids(await cloud.publicIps('?status=available'));
  const [dbIp = ''] = ids(await cloud.publicIps('?public_ip=203.0.113.21'));
  const [image = '', newerImage = ''] = ids(await list('/api/v1/images', 'images'));
  const vpcs = await list<{ id: string; igw: { id: string }; default_route_table: { id: string } }>(
    vpcPaths.vpcs,
    'vpcs',
  );
  const front = vpcs[1];
  const subnets = ids(await list(vpcPaths.subnets, 'subnets'));
  return {
    web01: await server('web-01'),
    web02: await server('web-02'),
    db01: await server('db-01'),
    batch01: await server('batch-01'),
    idleIp,
    idleIp2,
    dbIp,
    flavor: ids(await list('/api/v1/flavors', 'flavors'))[2] ?? '',
    image,
    newerImage,
    vpc: front?.id ?? '',
    gateway: front?.igw.id ?? '',
    routeTable: front?.default_route_table.id ?? '',
    subnet: subnets[1] ?? '',
    backSubnet: subnets[0] ?? '',
    group: ids(await list(networkPaths.securityGroups, 'security_groups'))[0] ?? '',
    made: {},
  };
}
