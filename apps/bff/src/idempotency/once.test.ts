import { bcsPaths } from '@moru/kakaocloud';
import { apiPaths, auditListSchema, idempotency, keyPairListSchema, publicIpListSchema } from '@moru/types';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed } from '../testing/instances.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
  admin = await bff.browser('admin');
});
afterEach(() => cloud.setFaults([]));
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const keyed = (key: string) => ({ headers: { [idempotency.header]: key } });
const isReplay = (answer: { headers: Record<string, unknown> }) =>
  answer.headers[idempotency.replayedHeader] === 'true';
const createKey = (name: string, key: string, by: Browser = admin) =>
  by.post(apiPaths.keyPairs, { name }, keyed(key));

test('a change that is sent again with its key is made once and answered the same, secret and all', async () => {
  const key = 'made-by-a-program-0001';
  const first = await createKey('once', key);
  expect(first).toMatchObject({ status: 200, body: { privateKey: expect.stringContaining('PRIVATE KEY') } });
  expect(isReplay(first)).toBe(false);
  const again = await createKey('once', `"${key}"`);
  expect({ status: again.status, text: again.text, replay: isReplay(again) }).toEqual({
    ...{ status: 200, text: first.text, replay: true },
  });
  expect(again.headers['content-type']).toBe(first.headers['content-type']);
  const { keyPairs } = keyPairListSchema.parse((await admin.get(apiPaths.keyPairs)).body);
  expect(keyPairs.filter(({ name }) => name === 'once')).toHaveLength(1);
  const { records } = auditListSchema.parse((await admin.get(`${apiPaths.audit}?q=once`)).body);
  expect(records.filter(({ phase }) => phase === 'intent')).toHaveLength(1);
});

test('a key belongs to one request, and to a person in any of their sessions', async () => {
  const key = 'made-by-a-program-0002';
  expect((await createKey('mine', key)).status).toBe(200);
  expect((await createKey('other', key)).body).toMatchObject({ status: 422, code: 'idempotency.reused' });
  expect(isReplay(await createKey('mine', key, await bff.browser('admin')))).toBe(true);
});

test('what is refused before it begins leaves its key free; an outcome that failed is kept', async () => {
  const web = await instanceNamed(admin, 'web-01');
  const path = apiPaths.interfacePublicIp(web.id, web.networkInterfaces[0]?.id ?? '');
  const connect = (key: string) => admin.post(path, { mode: 'new' }, keyed(key));
  const [nicId = ''] = web.networkInterfaces.map(({ id }) => id);
  expect(nicId).not.toBe('');

  const unknown = apiPaths.instanceStop('00000000-0000-4000-8000-000000000000');
  expect((await admin.post(unknown, undefined, keyed('refused-at-first-01'))).body.code).toBe(
    'instance.notFound',
  );
  const again = await admin.post(unknown, undefined, keyed('refused-at-first-01'));
  expect({ code: again.body.code, replay: isReplay(again) }).toEqual({
    code: 'instance.notFound',
    replay: false,
  });

  await cloud.setFaults([{ method: 'POST', path: bcsPaths.keyPairs, kind: 'status', status: 500 }]);
  const failed = await createKey('failing', 'failed-in-the-cloud');
  expect(failed.status).toBe(502);
  await cloud.setFaults([]);
  const same = await createKey('failing', 'failed-in-the-cloud');
  expect({ status: same.status, body: same.body, replay: isReplay(same) }).toEqual({
    ...{ status: 502, body: failed.body, replay: true },
  });
  expect(same.headers['content-type']).toContain('application/problem+json');

  const both = await Promise.all([connect('at-the-same-time-01'), connect('at-the-same-time-01')]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(both.find(({ status }) => status === 409)?.body.code).toBe('idempotency.unanswered');
  const { publicIps } = publicIpListSchema.parse((await admin.get(apiPaths.publicIps)).body);
  expect(publicIps.filter(({ attachedTo }) => attachedTo?.networkInterfaceId === nicId)).toHaveLength(1);
});

test('a key that could be guessed or is none is refused by name', async () => {
  for (const key of ['short', 'with a space in it 0001', `${'x'.repeat(200)}`]) {
    const { status, body } = await createKey('never', key);
    expect({ status, fields: body.fields }).toEqual({
      ...{ status: 400, fields: [{ field: idempotency.header, code: 'format' }] },
    });
  }
});
