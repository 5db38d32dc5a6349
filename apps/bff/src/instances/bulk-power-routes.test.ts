import { bcsPaths } from '@moru/kakaocloud';
import { actionLogSchema, apiPaths, type Operation, operationListSchema, operationSchema } from '@moru/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed } from '../testing/instances.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let member: Browser;

beforeEach(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '4000' });
  member = await bff.browser('member');
});
afterEach(async () => {
  await bff.close();
  await cloud.stop();
});

const soon = { timeout: 15_000, interval: 50 };
const idsOf = async (...names: string[]) =>
  Promise.all(names.map(async (name) => (await instanceNamed(member, name)).id));
const bulk = (order: string, instanceIds: string[], by = member) =>
  by.post(apiPaths.bulkPower(order), { instanceIds });
const ended = (id: string): Promise<Operation> =>
  vi.waitFor(async () => {
    const now = operationSchema.parse((await member.get(apiPaths.operation(id))).body);
    expect(now.state).not.toBe('running');
    return now;
  }, soon);
const itemsOf = async (id: string) =>
  operationListSchema.parse((await member.get(`${apiPaths.operations}?parent=${id}`)).body).operations;
const stops = async (id: string) =>
  actionLogSchema
    .parse((await member.get(apiPaths.actionLog(id))).body)
    .actions.filter(({ action }) => action === 'stop');

test('a member stops many at once: one task, a result for each, and a record for each', async () => {
  const ids = await idsOf('web-01', 'web-02', 'batch-01');
  const { status, body } = await bulk('stop', ids);
  expect([status, body.kind, body.items.total]).toEqual([200, 'instance.stop', 3]);
  const done = await ended(body.id);
  // one is stopped already: that is told of it alone
  expect(done).toMatchObject({ state: 'failed', items: { total: 3, succeeded: 2, failed: 1 } });
  const items = await itemsOf(body.id);
  expect(items.find(({ subject }) => subject.instanceName === 'batch-01')).toMatchObject({
    state: 'failed',
    problem: { code: 'instance.state' },
    can: { continue: false, undo: false },
  });
  await vi.waitFor(async () => {
    expect((await instanceNamed(member, 'web-01')).status).toBe('stopped');
    expect((await instanceNamed(member, 'web-02')).status).toBe('stopped');
  }, soon);
  const { records } = (await member.get(`${apiPaths.audit}?target=${ids[0]}&action=instance.stop`)).body;
  expect(records).toMatchObject([{ phase: 'succeeded' }, { phase: 'intent', detail: { bulk: body.id } }]);
}, 40_000);

test('an order whose answer was lost is looked for, and not given twice', async () => {
  const [id = ''] = await idsOf('web-01');
  await cloud.setFaults([
    { method: 'POST', path: bcsPaths.action('*', 'stop'), kind: 'answerLost', times: 1 },
  ]);
  const { body } = await bulk('stop', [id]);
  expect((await ended(body.id)).state).toBe('succeeded');
  expect(await stops(id)).toHaveLength(1);
}, 40_000);

test('what became of an order that nobody could look for is looked for by a member who presses on, and not by a reader', async () => {
  const [id = ''] = await idsOf('web-01');
  await cloud.setFaults([
    { method: 'POST', path: bcsPaths.action('*', 'stop'), kind: 'hang', times: 1 },
    { method: 'GET', path: bcsPaths.actionLogs('*'), kind: 'status', status: 503 },
  ]);
  const { body } = await bulk('stop', [id]);
  expect((await ended(body.id)).state).not.toBe('succeeded');
  const [item] = await itemsOf(body.id);
  expect(item).toMatchObject({ state: 'unknown', can: { continue: true } });
  await cloud.setFaults([]);
  const again = (by: Browser) => by.post(apiPaths.operationContinue(item?.id ?? ''), {});
  expect((await again(await bff.browser('reader'))).body).toMatchObject({ code: 'role.insufficient' });
  expect((await again(member)).status).toBe(200);
  expect((await ended(item?.id ?? '')).state).toBe('succeeded');
  expect(await stops(id)).toHaveLength(1);
}, 40_000);

test('what names a stranger, the same twice or too many is refused as a whole; a reader may not at all', async () => {
  const [id = ''] = await idsOf('web-01');
  expect((await bulk('stop', [id, 'not-ours'])).body).toMatchObject({
    code: 'instance.notFound',
    detail: 'not-ours',
  });
  expect((await bulk('stop', [id, id])).status).toBe(400);
  expect((await bulk('stop', [])).status).toBe(400);
  expect((await bulk('shelve', [id])).status).toBe(404);
  const reader = await bff.browser('reader');
  expect((await bulk('stop', [id], reader)).body).toMatchObject({ status: 403, code: 'role.insufficient' });
  expect(await stops(id)).toEqual([]);
}, 40_000);
