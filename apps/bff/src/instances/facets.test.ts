import { apiPaths, type InstanceFacets, type InstanceList } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

test('each value is told with the rows that it leaves, and the list leaves those', async () => {
  const reader = await bff.browser('reader');
  const list = async (search: string): Promise<InstanceList> =>
    (await reader.get(`${apiPaths.instances}?limit=200&${search}`)).body;
  const facets = async (search: string): Promise<InstanceFacets> =>
    (await reader.get(`${apiPaths.instanceFacets}?${search}`)).body;

  const { page, instances } = await list('');
  const all = await facets('');
  expect(all.flavor.length).toBeGreaterThan(1);
  for (const property of ['status', 'flavor', 'image', 'subnet', 'publicIp', 'firewall'] as const) {
    expect(all[property].length, property).toBeGreaterThan(0);
    for (const { value, count } of all[property]) {
      const left = await list(`${property}=${encodeURIComponent(value)}`);
      expect(left.page.total, `${property} ${value}`).toBe(count);
      expect(left.page.total).toBeLessThanOrEqual(page.total);
    }
  }
  const subnet = instances[0]?.networkInterfaces[0]?.subnet;
  expect(all.subnet).toContainEqual({
    value: subnet?.id,
    label: `${subnet?.name} (${subnet?.cidr})`,
    count: expect.any(Number),
  });

  // of its own property a filter does not hide the other values, of the others it does
  const [one, two] = all.flavor.map(({ value }) => value);
  const narrowed = await facets(`flavor=${one}`);
  expect(narrowed.flavor).toEqual(all.flavor);
  const both = await list(`flavor=${one}&flavor=${two}`);
  expect(both.page.total).toBe((all.flavor[0]?.count ?? 0) + (all.flavor[1]?.count ?? 0));
  const total = (values: { count: number }[]) => values.reduce((sum, { count }) => sum + count, 0);
  expect(total(narrowed.status)).toBe(all.flavor[0]?.count);
  expect((await facets('q=web')).status).toEqual([{ value: 'active', label: null, count: 2 }]);
  // what is asked for and leaves nothing can still be taken away again
  expect((await facets('status=paused')).status).toContainEqual({ value: 'paused', label: null, count: 0 });
});

test('what is no value is refused with its name', async () => {
  const reader = await bff.browser('reader');
  const wrong = await reader.get(`${apiPaths.instances}?firewall=ajar&publicIp=perhaps`);
  expect(wrong.status).toBe(400);
  expect(wrong.body.fields.map(({ field }: { field: string }) => field)).toEqual(['firewall', 'publicIp']);
  const many = Array.from({ length: 201 }, (_, at) => `image=${at}`).join('&');
  expect((await reader.get(`${apiPaths.instances}?${many}`)).status).toBe(400);
  expect((await reader.get(`${apiPaths.instanceFacets}?limit=1`)).status).toBe(400);
});
