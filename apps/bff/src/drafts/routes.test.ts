import { apiPaths, draftLimits, type Instance } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed } from '../testing/instances.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;
let web: Instance;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
  admin = await bff.browser('admin');
  web = await instanceNamed(admin, 'web-01');
}, 60_000);
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const step = { id: 's1', table: 'filter', chain: 'INPUT', type: 'flush' };
const draft = (more: object = {}) => ({
  ...{ version: 0, revision: 'a'.repeat(64), steps: [step], next: 2, off: [], base: [] },
  ...more,
});

test('a draft outlives its session, and others see that it is there', async () => {
  const path = apiPaths.draft(web.id);
  expect((await admin.put(path, draft())).body).toEqual({ version: 1 });
  await admin.delete(apiPaths.session);
  const later = await bff.browser('admin');
  expect((await later.get(path)).body.draft).toMatchObject({ version: 1, steps: [step] });
  expect((await later.put(path, draft())).body.code).toBe('draft.changed');
  const member = await bff.browser('member');
  expect((await member.get(path)).body).toEqual({ draft: null });
  expect((await member.get(apiPaths.drafts(web.id))).body).toMatchObject({
    others: [{ name: 'admin-user', steps: 1 }],
  });
});

test('what is too long, of no shape or of a foreign instance is refused', async () => {
  const browser = await bff.browser('admin');
  const put = (body: unknown, id = web.id) => browser.put(apiPaths.draft(id), body);
  const unknown = '00000000-0000-4000-8000-000000000000';
  expect((await put(draft(), unknown)).body.code).toBe('instance.notFound');
  expect((await browser.get(apiPaths.drafts(unknown))).body.code).toBe('instance.notFound');
  const steps = Array.from({ length: draftLimits.steps + 1 }, () => step);
  expect((await put(draft({ steps }))).body.code).toBe('input.invalid');
  expect((await put(draft({ steps: [{ ...step, type: 'shell' }] }))).body.code).toBe('input.invalid');
  expect((await put('x'.repeat(draftLimits.bodyBytes + 1))).body.code).toBe('body.tooLarge');
});
