import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { enrolmentPaths, problemOf } from '@moru/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeAuthority } from './authority/authority.ts';
import { checkCredential, instanceOf } from './credential.ts';
import { type EnrolProgress, enrol } from './enrol.ts';
import type { FailureCode } from './failure.ts';
import { keyFingerprint, makeKey } from './key.ts';
import { type StubConsole, startStubConsole } from './testing/stub-console.ts';

const minute = 60_000;

let stub: StubConsole;
let key: string;
beforeEach(async () => {
  [stub, key] = await Promise.all([startStubConsole(), makeKey()]);
});
afterEach(() => stub.close());

const about = { agent: '0.1.0', hostname: 'web-01', waitMs: 0 };
const enrolWith = (change: object = {}) =>
  enrol({ ...about, server: stub.url, token: stub.token, key, ...change });

const failure = (code: FailureCode, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) });

const asksFor = (path: string, reply: Awaited<ReturnType<StubConsole['reply']>>) => {
  stub.reply = async (call) => (call.path === path ? reply : null);
};

test('a host gets a certificate for its own key, from a server that it has verified', async () => {
  const steps: EnrolProgress[] = [];
  const credential = await enrolWith({ progress: (step: EnrolProgress) => steps.push(step) });
  checkCredential(credential);
  expect(credential.key).toBe(key);
  expect(instanceOf(credential.certificate)).toBe('instance-1');
  expect(steps).toEqual([{ step: 'verified', authority: stub.token.slice(-64) }]);
  expect(JSON.stringify(stub.calls)).not.toContain('PRIVATE KEY');
});

test('T9: nothing is sent to a server that does not have the authority of the token', async () => {
  const other = await startStubConsole();
  await expect(enrolWith({ server: other.url })).rejects.toEqual(
    failure('wrongAuthority', /another installation/),
  );
  // one that shows the right authority, and has not its key
  other.authorities.splice(0, 1, { certificate: stub.authorities[0]?.certificate ?? '', key: '' });
  await expect(enrolWith({ server: other.url })).rejects.toEqual(failure('wrongAuthority', /cannot prove/));
  expect(other.calls.map(({ path }) => path)).toEqual([
    enrolmentPaths.authorities,
    enrolmentPaths.authorities,
  ]);
  await other.close();
});

test.each([
  ['no token', { token: 'moru1.x' }, 'token', /no join token/],
  ['half a token', { token: 'moru1.aaaaaaaaaaa.' }, 'token', /not all of it/],
  ['an address without TLS', { server: 'http://127.0.0.1:1' }, 'server', /https:\/\/HOST:PORT/],
  ['an address with more to it', { server: 'https://a@127.0.0.1:1/path?x' }, 'server', /https:\/\/HOST:PORT/],
  ['nobody there', { server: 'https://127.0.0.1:1' }, 'unreachable', /ECONNREFUSED/],
  ['no such name', { server: 'https://nowhere.invalid:1' }, 'unreachable', /cannot be reached/],
] as const)('%s is told as such', async (_what, change, code, words) => {
  await expect(enrolWith(change)).rejects.toEqual(failure(code, words));
  expect(stub.calls).toEqual([]);
});

test('something else that listens there is told as such', async () => {
  const plain = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const server = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  await expect(enrolWith({ server })).rejects.toEqual(failure('notSpeaking', /does not speak TLS/));
  plain.close();
  for (const body of ['<html>', '{}', '{"authorities":[]}', 'x'.repeat(100_000)]) {
    asksFor(enrolmentPaths.authorities, { body });
    await expect(enrolWith()).rejects.toThrow(/does not enrol hosts|too long/);
  }
  asksFor(enrolmentPaths.authorities, { status: 302, body: {} });
  await expect(enrolWith()).rejects.toEqual(failure('notSpeaking', /302/));
});

test.each([
  ['ahead of', 51 * minute],
  ['ahead of', 400 * 24 * 60 * minute],
  ['behind', -51 * minute],
])(
  'T22: a clock that is %s the server’s is told, before any certificate is called bad',
  async (words, offset) => {
    stub.clock = () => Date.now() - offset;
    await expect(enrolWith()).rejects.toEqual(failure('clock', new RegExp(`minutes ${words}`)));
    stub.clock = () => Date.now() - Math.sign(offset) * 45 * minute;
    await enrolWith();
  },
);

test.each(['token.used', 'token.expired', 'token.revoked', 'token.invalid', 'enrolment.refused'] as const)(
  'the server’s refusal %s comes with its words, at once',
  async (code) => {
    asksFor(enrolmentPaths.enrolments, problemOf(code, { detail: 'So it is.' }));
    const refusal = failure('refused', new RegExp(`${problemOf(code).title} So it is.`));
    await expect(enrolWith({ waitMs: 60_000 })).rejects.toEqual(refusal);
  },
);

test('what is issued is not believed blindly', async () => {
  const [foreign, otherKey] = [await makeAuthority(), await makeKey()];
  const lie = (make: (request: string) => Promise<object>) => {
    stub.reply = async ({ path, body }) =>
      path === enrolmentPaths.enrolments
        ? { body: { state: 'issued', ...(await make(body.request)) } }
        : null;
  };
  const authorities = stub.certificates();
  lie(async () => ({ certificate: authorities[0], authorities }));
  await expect(enrolWith()).rejects.toEqual(failure('badCertificate', /another key/));
  lie(async (request) => ({
    certificate: await stub.issue(request, 'instance-1', foreign),
    authorities: [...authorities],
  }));
  await expect(enrolWith()).rejects.toEqual(failure('badCertificate', /signed/));
  lie(async (request) => ({
    certificate: await stub.issue(request, 'instance-1', foreign),
    authorities: [foreign.certificate],
  }));
  await expect(enrolWith()).rejects.toEqual(failure('badCertificate', /token names/));
  stub.reply = async ({ path }) =>
    path === enrolmentPaths.enrolments
      ? { body: { state: 'waiting', fingerprint: keyFingerprint(otherKey), againSeconds: 0.01 } }
      : null;
  await expect(enrolWith({ waitMs: 5_000 })).rejects.toEqual(failure('badCertificate', /another key/));
});

test('a host waits for approval, tells its fingerprint once, and goes on after lost answers', async () => {
  const steps: EnrolProgress[] = [];
  let asked = 0;
  stub.reply = async ({ path }) => {
    if (path !== enrolmentPaths.enrolments) return null;
    asked += 1;
    if (asked === 2) return 'drop';
    if (asked === 3) return problemOf('internal');
    const waiting = { state: 'waiting', fingerprint: keyFingerprint(key), againSeconds: 0.01 };
    return asked < 6 ? { body: waiting } : null;
  };
  const progress = (step: EnrolProgress) => steps.push(step);
  checkCredential(await enrolWith({ waitMs: 60_000, progress }));
  expect(steps.map(({ step }) => step)).toEqual(['verified', 'waiting']);
  expect(steps[1]).toMatchObject({ fingerprint: keyFingerprint(key) });
  // each time the same token and key
  const requests = stub.calls.filter(({ path }) => path === enrolmentPaths.enrolments);
  expect(requests).toHaveLength(6);
  expect(new Set(requests.map(({ body }) => body.request)).size).toBe(1);
});

test('the wait has an end, and can be ended', async () => {
  const waiting = { state: 'waiting', fingerprint: keyFingerprint(key), againSeconds: 0.05 };
  asksFor(enrolmentPaths.enrolments, { body: waiting });
  await expect(enrolWith({ waitMs: 200 })).rejects.toEqual(failure('notApproved', /same command/));
  const ending = new AbortController();
  const running = enrolWith({ waitMs: 60_000, signal: ending.signal });
  ending.abort();
  await expect(running).rejects.toThrow();
});
