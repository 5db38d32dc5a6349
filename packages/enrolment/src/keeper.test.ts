import { enrolmentPaths, problemOf } from '@moru/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeAuthority } from './authority/authority.ts';
import { type Credential, checkCredential, fingerprintOf } from './credential.ts';
import { enrol } from './enrol.ts';
import { type Keeper, type KeeperReport, keepEnrolled } from './keeper.ts';
import { makeKey } from './key.ts';
import { type StubConsole, startStubConsole } from './testing/stub-console.ts';

const soon = { timeout: 20_000, interval: 20 };

let stub: StubConsole;
let saved: Credential[];
let reports: KeeperReport[];
let keeper: Keeper | null;

beforeEach(async () => {
  [stub, saved, reports, keeper] = [await startStubConsole(), [], [], null];
});
afterEach(async () => {
  await keeper?.stop();
  await stub.close();
});

const enrolled = async () =>
  enrol({ server: stub.url, token: stub.token, key: await makeKey(), agent: '1', hostname: 'h', waitMs: 0 });

async function keep(credential: Credential, save = async (next: Credential) => void saved.push(next)) {
  const report = (said: KeeperReport) => reports.push(said);
  keeper = keepEnrolled({ server: stub.url, credential, agent: '1', api: 1, save, report });
  return keeper;
}
const events = () => reports.map(({ event }) => event);
const checkIns = () => stub.calls.filter(({ path }) => path === enrolmentPaths.checkIn);

test('it checks in by its certificate, says what it believes, and again when nudged', async () => {
  const credential = await enrolled();
  await keep(credential);
  await vi.waitFor(() => expect(events()).toEqual(['checkedIn']), soon);
  expect(checkIns()).toMatchObject([
    { body: { agent: '1', api: 1, authorities: credential.authorities.map(fingerprintOf) } },
  ]);
  expect(checkIns()[0]?.serial).toMatch(/^[0-9A-F]{32}$/);
  keeper?.nudge();
  await vi.waitFor(() => expect(checkIns()).toHaveLength(2), soon);
  expect(saved).toEqual([]);
});

test('it renews with a new key when it is told to, and uses the new certificate at once', async () => {
  const credential = await enrolled();
  stub.renew = true;
  await keep(credential);
  await vi.waitFor(() => expect(events()).toEqual(['changed', 'checkedIn']), soon);
  expect(saved).toHaveLength(1);
  const [next] = saved;
  if (!next) throw new Error('nothing was saved');
  checkCredential(next);
  expect(next.key).not.toBe(credential.key);
  const [before, after] = checkIns();
  expect(after?.serial).not.toBe(before?.serial);
});

test('it comes to believe another authority, and tells that it does', async () => {
  const credential = await enrolled();
  stub.authorities.push(await makeAuthority());
  await keep(credential);
  await vi.waitFor(() => expect(events()).toEqual(['changed', 'checkedIn']), soon);
  expect(saved[0]?.authorities).toHaveLength(2);
  expect(checkIns().map(({ body }) => body.authorities.length)).toEqual([1, 2]);
});

test('authorities that its own certificate is not of are not believed', async () => {
  const credential = await enrolled();
  const other = await makeAuthority();
  stub.reply = async ({ path }) =>
    path === enrolmentPaths.checkIn
      ? { body: { authorities: [other.certificate], renew: false, againSeconds: 60 } }
      : null;
  await keep(credential);
  await vi.waitFor(() => expect(events()).toEqual(['failed']), soon);
  expect(saved).toEqual([]);
});

test('F16: what cannot be written is not used; it tries again with the old one', async () => {
  const credential = await enrolled();
  stub.renew = true;
  let full = true;
  await keep(credential, async (next) => {
    if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    saved.push(next);
  });
  await vi.waitFor(() => expect(events()).toEqual(['failed']), soon);
  full = false;
  stub.renew = true;
  keeper?.nudge();
  await vi.waitFor(() => expect(events()).toEqual(['failed', 'changed', 'checkedIn']), soon);
  const serials = checkIns().map(({ serial }) => serial);
  expect(serials[0]).toBe(serials[1]);
  expect(serials[2]).not.toBe(serials[1]);
});

test('a console that is away is asked again, ever more seldom', async () => {
  const credential = await enrolled();
  stub.reply = async () => 'drop';
  await keep(credential);
  await vi.waitFor(() => expect(events()).toEqual(['failed']), soon);
  await vi.waitFor(() => expect(events()).toEqual(['failed', 'failed']), soon);
  stub.reply = async () => null;
  keeper?.nudge();
  await vi.waitFor(() => expect(events().at(-1)).toBe('checkedIn'), soon);
  const pauses = reports.flatMap((said) => (said.event === 'failed' ? said.againMs : []));
  expect(pauses[0]).toBeLessThanOrEqual(2_000);
  expect(pauses[1]).toBeGreaterThanOrEqual(2_000);
});

test.each(['certificate.revoked', 'certificate.unknown', 'certificate.expired'] as const)(
  'after %s it does not go on asking',
  async (code) => {
    const credential = await enrolled();
    stub.reply = async () => problemOf(code);
    await keep(credential);
    await vi.waitFor(() => expect(events()).toEqual(['ended']), soon);
    keeper?.nudge();
    await keeper?.stop();
    expect(checkIns()).toHaveLength(1);
  },
);

test('T9: a server of another installation is not asked anything', async () => {
  const credential = await enrolled();
  const other = await startStubConsole();
  const before = other.calls.length;
  const report = (said: KeeperReport) => reports.push(said);
  const save = async () => {};
  keeper = keepEnrolled({ server: other.url, credential, agent: '1', api: 1, save, report });
  await vi.waitFor(() => expect(events()).toEqual(['failed']), soon);
  expect(other.calls.length).toBe(before);
  await other.close();
});
