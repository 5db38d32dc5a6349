import { networkPaths } from '@moru/kakaocloud';
import { apiPaths, type PublicIp, publicIpSchema } from '@moru/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CloudProvider } from '../cloud/provider.ts';
import { UnsettledWrite } from '../settle.ts';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { publicIps } from '../testing/instances.ts';
import { createIdle } from './writes.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;

beforeEach(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '1500' });
  admin = await bff.browser('admin');
});
afterEach(async () => {
  await bff.close();
  await cloud.stop();
});

const creations = `${networkPaths.publicIps}$`;
const described = `${networkPaths.publicIp('*')}$`;
const create = (body: object = {}) => admin.post(apiPaths.publicIps, body);
const idle = async (): Promise<PublicIp> => {
  const found = (await publicIps(admin)).find(({ attachedTo }) => attachedTo === null);
  if (!found) throw new Error('the seed has no idle address');
  return found;
};

test('a new address is idle, described, in the list and in the log', async () => {
  const { status, body } = await create({ description: '점검용' });
  expect(status).toBe(200);
  const made = publicIpSchema.parse(body);
  expect(made).toMatchObject({ status: 'available', attachedTo: null, description: '점검용' });
  expect((await publicIps(admin)).find(({ id }) => id === made.id)).toMatchObject({ address: made.address });
  const [outcome, intent] = (await admin.get('/api/audit?limit=2')).body.records;
  expect(intent).toMatchObject({ action: 'publicIp.create', detail: { description: '점검용' } });
  expect(outcome).toMatchObject({ phase: 'succeeded', detail: { address: made.address } });
  expect(outcome.operationId).toBe(intent.operationId);
});

test('a description is replaced as it was seen, and what was there before is in the log', async () => {
  const seen = await idle();
  const path = apiPaths.publicIp(seen.id);
  const { status } = await admin.put(path, { description: '결제 서버용', was: seen.description });
  expect(status).toBe(204);
  expect((await idle()).description).toBe('결제 서버용');
  const late = await admin.put(path, { description: '다른 말', was: seen.description });
  expect(late.body).toMatchObject({ status: 409, code: 'publicIp.described' });
  expect((await idle()).description).toBe('결제 서버용');
  const { records } = (await admin.get('/api/audit?action=publicIp.describe')).body;
  expect(records.at(-1)).toMatchObject({
    target: { type: 'publicIp', id: seen.id, name: seen.address },
    detail: { description: '결제 서버용', before: { description: seen.description } },
  });
  expect((await admin.put(path, { description: '', was: '결제 서버용' })).status).toBe(204);
  expect((await idle()).description).toBe('');
});

test('more than one line, too much, and an address that is not there are refused by name', async () => {
  for (const description of ['two\nlines', 'x'.repeat(101)]) {
    const { body } = await create({ description });
    expect(body).toMatchObject({ status: 400, code: 'input.invalid', fields: [{ field: 'description' }] });
  }
  const nobody = apiPaths.publicIp('3f0f7b6e-6f8d-4c39-8f53-0f2ad3a0a5b1');
  const missing = await admin.put(nobody, { description: 'a', was: '' });
  expect(missing.body).toMatchObject({ status: 404, code: 'publicIp.notFound' });
  expect(await publicIps(admin)).toHaveLength(4);
});

test('member and reader are refused when they ask directly, and nothing changes', async () => {
  const { id, description } = await idle();
  for (const role of ['member', 'reader']) {
    const browser = await bff.browser(role);
    const answers = [
      await browser.post(apiPaths.publicIps, {}),
      await browser.put(apiPaths.publicIp(id), { description: 'mine', was: description }),
    ];
    for (const { body } of answers) expect(body).toMatchObject({ status: 403, code: 'role.insufficient' });
  }
  expect(await publicIps(admin)).toHaveLength(4);
  expect((await idle()).description).toBe(description);
});

test.each(['answerLost', 'truncated'] as const)(
  'F11: a creation with the answer %s is answered from the cloud’s state, and made once',
  async (kind) => {
    await cloud.setFaults([{ method: 'POST', path: creations, kind, times: 1 }]);
    const { status, body } = await create({ description: 'lost and found' });
    expect(status).toBe(200);
    const all = await publicIps(admin);
    expect(all.filter(({ description }) => description === 'lost and found')).toMatchObject([
      { id: body.id },
    ]);
    expect(all).toHaveLength(5);
  },
);

test('F11: of two creations whose answers are lost none takes the other’s address for its own', async () => {
  await cloud.setFaults([{ method: 'POST', path: creations, kind: 'answerLost', times: 2 }]);
  const answers = await Promise.all([create(), create()]);
  const [told, unknown] = [200, 504].map((wanted) => answers.filter(({ status }) => status === wanted));
  expect(new Set(told?.map(({ body }) => body.id)).size).toBe(told?.length);
  expect([told, unknown].flat()).toHaveLength(2);
  expect(await publicIps(admin)).toHaveLength(6);
}, 60_000);

test('F11: which of two new addresses was asked for is not guessed', async () => {
  const [before, first, second] = ['before', 'first', 'second'].map((id) => ({
    ...{ id, address: id, status: 'available', description: 'spare', privateIp: null, attachedTo: null },
    ...{ createdAt: '2026-03-10T12:00:00Z', updatedAt: '2026-03-10T12:00:00Z' },
  })) as [PublicIp, PublicIp, PublicIp];
  const lost = new UnsettledWrite(false, 'upstream.timeout');
  const found = (...publicIpsNow: PublicIp[]) => {
    const asked = { createPublicIp: () => Promise.reject(lost), listPublicIps: async () => publicIpsNow };
    const caller = { token: 'any', requestId: 'any' };
    return createIdle(
      asked as unknown as CloudProvider,
      caller,
      { description: 'spare' },
      new Set(['before']),
    );
  };
  await expect(found(before, first)).resolves.toBe(first);
  await expect(found(before)).rejects.toBe(lost);
  await expect(found(before, first, second)).rejects.toMatchObject({ problem: { code: 'outcome.unknown' } });
}, 60_000);

test('F10: a pool that is empty, and a cloud that fails, changed nothing and say so', async () => {
  for (const [status, code] of [
    [409, 'publicIp.poolEmpty'],
    [500, 'upstream.unavailable'],
  ] as const) {
    await cloud.setFaults([{ method: 'POST', path: creations, kind: 'status', status, times: 1 }]);
    expect((await create()).body).toMatchObject({ code, upstream: 'A fault was asked for' });
  }
  expect(await publicIps(admin)).toHaveLength(4);
});

test('F11: a description whose answer is lost is looked for', async () => {
  const seen = await idle();
  await cloud.setFaults([{ method: 'PUT', path: described, kind: 'answerLost', times: 1 }]);
  const change = { description: 'lost answer', was: seen.description };
  expect((await admin.put(apiPaths.publicIp(seen.id), change)).status).toBe(204);
  expect((await idle()).description).toBe('lost answer');
});
