import { apiErrorSchema, bcsPaths, networkPaths, vpcPaths } from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { openCloud, type TestCloud } from '../testing/test-cloud.ts';

const nowhere = '00000000-0000-4000-8000-000000000000';

const reads = [
  bcsPaths.instances,
  bcsPaths.instance(nowhere),
  bcsPaths.networkInterfaces(nowhere),
  networkPaths.publicIps,
  networkPaths.publicIp(nowhere),
  vpcPaths.networkInterfaces,
  vpcPaths.networkInterface(nowhere),
  vpcPaths.vpcs,
  vpcPaths.vpc(nowhere),
  vpcPaths.subnets,
  vpcPaths.subnet(nowhere),
];

/** Every writing route, aimed at things that exist, so that only the role stands in the way. */
async function writes(cloud: TestCloud): Promise<[method: string, path: string, body?: unknown][]> {
  const { instanceId, nicId } = await cloud.nic('web-01');
  const idle = await cloud.idleIp();
  return [
    ['POST', bcsPaths.interfacePublicIps(instanceId, nicId)],
    ['PUT', bcsPaths.interfacePublicIp(instanceId, nicId, idle.id)],
    ['DELETE', bcsPaths.interfacePublicIps(instanceId, nicId)],
    ['POST', networkPaths.publicIps, { public_ip: {} }],
    ['PUT', networkPaths.publicIp(idle.id), { public_ip: { description: 'mine' } }],
    ['DELETE', networkPaths.publicIp(idle.id)],
    ['PUT', networkPaths.publicIpInterface(idle.id, nicId)],
    ['DELETE', networkPaths.publicIpInterface(idle.id, nicId)],
  ];
}

test('without a token nothing answers but 401 in the form of BCS', async () => {
  const cloud = await openCloud();
  const all = [...reads.map((path): [string, string] => ['GET', path]), ...(await writes(cloud))];
  for (const [method, path] of [...all, ['GET', '/api/v1/keypairs'] as const]) {
    for (const headers of [{}, { 'x-auth-token': 'made-up' }]) {
      const answer = await cloud.call(method, path, { headers });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(apiErrorSchema.parse(answer.body).error.code).toBe('Unauthorized');
    }
  }
});

test('member and reader read everything and change no Public IP', async () => {
  const cloud = await openCloud();
  const before = await cloud.publicIps();
  for (const role of ['member', 'reader']) {
    for (const path of reads) expect((await cloud.as(role, 'GET', path)).status).toBeOneOf([200, 404]);
    for (const [method, path, body] of await writes(cloud)) {
      const answer = await cloud.as(role, method, path, body === undefined ? {} : { body });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(apiErrorSchema.parse(answer.body).error.code).toBe('Forbidden');
    }
  }
  expect(await cloud.publicIps()).toEqual(before);
});

test('a reader writes nowhere, not even where no route is yet', async () => {
  const cloud = await openCloud();
  const path = `${bcsPaths.instance(nowhere)}/stop`;
  expect((await cloud.as('reader', 'POST', path)).status).toBe(403);
  expect((await cloud.as('member', 'POST', path)).status).toBe(404);
});

test('another project sees and reaches nothing of this one', async () => {
  const cloud = await openCloud();
  for (const path of [bcsPaths.instances, networkPaths.publicIps, vpcPaths.vpcs, vpcPaths.subnets]) {
    const answer = await cloud.as('stranger', 'GET', path);
    expect(answer.body).toMatchObject({ pagination: { total: 0 } });
  }
  const { instanceId, nicId } = await cloud.nic('web-01');
  const [{ id: subnetId } = { id: '' }] = await subnets(cloud);
  for (const path of [
    bcsPaths.instance(instanceId),
    bcsPaths.networkInterfaces(instanceId),
    networkPaths.publicIp((await cloud.idleIp()).id),
    vpcPaths.networkInterface(nicId),
    vpcPaths.subnet(subnetId),
  ]) {
    expect((await cloud.as('stranger', 'GET', path)).status).toBe(404);
  }
  for (const [method, path, body] of await writes(cloud)) {
    if (method === 'POST' && path === networkPaths.publicIps) continue;
    const answer = await cloud.as('stranger', method, path, body === undefined ? {} : { body });
    expect([method, path, answer.status]).toEqual([method, path, 404]);
  }
});

async function subnets(cloud: TestCloud): Promise<{ id: string }[]> {
  const { body } = await cloud.as('admin', 'GET', vpcPaths.subnets);
  return (body as { subnets: { id: string }[] }).subnets;
}
