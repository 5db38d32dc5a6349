import { bcsPaths, strictInstanceListAnswerSchema } from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { openCloud, type TestCloud } from '../testing/test-cloud.ts';

async function all(cloud: TestCloud) {
  const { body } = await cloud.as('admin', 'GET', `${bcsPaths.instances}?limit=1000`);
  return strictInstanceListAnswerSchema.parse(body);
}

test('a fleet of as many as asked for, behind the planned ones, each with an address of its own', async () => {
  const cloud = await openCloud({ fleet: 40, servers: 60 });
  const { instances, pagination } = await all(cloud);
  expect(pagination.total).toBe(44);
  expect(instances.slice(0, 4).map(({ name }) => name)).toEqual(['web-02', 'web-01', 'db-01', 'batch-01']);
  expect(instances[4]?.name).toBe('bms-00001');
  const addresses = instances.flatMap((instance) => instance.addresses.map(({ private_ip }) => private_ip));
  expect(new Set(addresses).size).toBe(45);
  expect(new Set(instances.map((instance) => instance.availability_zone)).size).toBe(3);
  expect(instances.filter(({ status }) => status === 'stopped')).toHaveLength(5);
});

test('a later start completes the fleet, and takes nothing away', async () => {
  const cloud = await openCloud({ fleet: 10 });
  const first = (await all(cloud)).instances.find(({ name }) => name === 'bms-00010');
  for (const [fleet, total] of [
    [12, 16],
    [3, 16],
  ] as const) {
    await cloud.stop();
    await cloud.start({ fleet });
    const { instances, pagination } = await all(cloud);
    expect([fleet, pagination.total]).toEqual([fleet, total]);
    expect(instances.find(({ name }) => name === 'bms-00010')).toEqual(first);
  }
});
