import { apiPaths } from '@moru/types';
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

test('the file holds what the filter leaves, in its order, and a header where nothing is left', async () => {
  const reader = await bff.browser('reader');
  const lines = async (search: string) => {
    const { status, text, headers } = await reader.get(`${apiPaths.instancesCsv}${search}`);
    expect(status).toBe(200);
    expect(headers['content-disposition']).toBe('attachment; filename="instances.csv"');
    return text.replace('\ufeff', '').trim().split('\r\n');
  };
  const [header, ...rows] = await lines('?q=web&sort=name&direction=desc');
  expect(header).toMatch(/^id,name,description,status,/);
  expect(rows.map((row) => row.split(',')[1])).toEqual(['web-02', 'web-01']);
  expect(rows[0]).toContain(',198.168.0.11 10.10.0.11,');
  expect(await lines('?q=nothing-has-this')).toHaveLength(1);
  expect((await reader.get(`${apiPaths.instancesCsv}?limit=1`)).status).toBe(400);
});
