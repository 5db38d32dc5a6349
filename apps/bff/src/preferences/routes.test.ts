import { apiPaths, type InstanceListPreference } from '@moru/types';
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

test('what a user has chosen is there in their next session, and in nobody else’s', async () => {
  const chosen: InstanceListPreference = { columns: ['status', 'image'], widths: { name: 140, image: 90 } };
  const path = apiPaths.instanceListPreference;
  const [member, reader] = [await bff.browser('member'), await bff.browser('reader')];
  expect((await member.get(apiPaths.session)).body.preferences).toEqual({ instanceList: null });
  expect((await member.put(path, { columns: null, widths: { name: 200 } })).status).toBe(204);
  expect((await member.put(path, chosen)).status).toBe(204);
  expect((await member.get(apiPaths.session)).body.preferences).toEqual({ instanceList: chosen });
  const again = await bff.browser('member');
  expect((await again.get(apiPaths.session)).body.preferences).toEqual({ instanceList: chosen });
  expect((await reader.get(apiPaths.session)).body.preferences).toEqual({ instanceList: null });

  for (const wrong of [
    { columns: ['colour'], widths: {} },
    { columns: null, widths: { name: 3 } },
    { columns: null, widths: { colour: 100 } },
    { columns: null },
    { ...chosen, more: true },
  ]) {
    expect((await member.put(path, wrong)).status, JSON.stringify(wrong)).toBe(400);
  }
  expect((await member.get(apiPaths.session)).body.preferences).toEqual({ instanceList: chosen });
});
