import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StubConsole, startStubConsole } from '@moru/enrolment/testing/stub-console';
import { enrolmentPaths, problemOf } from '@moru/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommand } from '../cli/program.ts';
import { identityOf, printIdentity } from '../process/identity.ts';

let folder: string;
let stub: StubConsole;

beforeEach(async () => {
  [folder, stub] = await Promise.all([mkdtemp(join(tmpdir(), 'moru-enrol-')), startStubConsole()]);
});
afterEach(async () => {
  await stub.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => runCommand(['enrol', ...args], { MORU_AGENT_STATE: folder });
const enrol = (...more: string[]) => run('--server', stub.url, '--token', stub.token, '--wait', '0', ...more);
const tls = (name = '') => join(folder, 'tls', name);

it.each([
  [['--token', 'moru1.short'], 1, /no join token, or not all of it/],
  [['--token', 'x', '--token-file', '/x'], 2, /one of --token and --token-file/],
  [[], 2, /one of --token and --token-file/],
  [['--token', 'x', '--wait', 'long'], 2, /--wait takes/],
  [['--token', 'x', '--trust-me'], 2, /Unknown option '--trust-me'/],
  [['--token-file', '/nowhere'], 1, /ENOENT.*\/nowhere/],
])('says what is wrong with %j', async (args, exitCode, words) => {
  expect(await run('--server', stub.url, ...args)).toMatchObject({
    exitCode,
    text: expect.stringMatching(words),
  });
  expect(stub.calls).toEqual([]);
});

it('takes the token from a file as well', async () => {
  await writeFile(join(folder, 'token'), `${stub.token}\n`);
  expect(await run('--server', stub.url, '--token-file', join(folder, 'token'))).toMatchObject({
    exitCode: 0,
    text: expect.stringMatching(/^Enrolled as instance instance-1.*\nNo agent runs here/),
  });
});

it('passes on why the console refused, and leaves the host as it was', async () => {
  stub.reply = async ({ path }) => (path === enrolmentPaths.enrolments ? problemOf('token.expired') : null);
  expect(await enrol()).toEqual({
    exitCode: 1,
    text: 'moru-agent enrol: The join token has expired. Make a new one.',
  });
  expect(await readdir(tls())).not.toContain('agent.pem');
});

it('one at a time changes the certificate; one that died in the middle keeps nobody out', async () => {
  await mkdir(tls());
  const self = identityOf(process.pid);
  await writeFile(tls('changing'), self ? printIdentity(self) : '');
  expect((await enrol()).text).toContain(`process ${process.pid} is changing the certificate already`);
  await writeFile(tls('changing'), '1 1');
  expect((await enrol()).exitCode).toBe(0);
  expect(await readdir(tls())).not.toContain('changing');
});

it('a new enrolment takes the place of the old one, whole', async () => {
  await enrol();
  const before = await readFile(tls('agent.pem'), 'utf8');
  expect((await enrol()).exitCode).toBe(0);
  const after = await readFile(tls('agent.pem'), 'utf8');
  expect(after).not.toBe(before);
  expect(after.match(/BEGIN/g)).toHaveLength(3);
});
