import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCredential, parseCredential } from '@moru/enrolment';
import { type StubConsole, startStubConsole } from '@moru/enrolment/testing/stub-console';
import { enrolmentPaths } from '@moru/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { moruAgent } from '../testing/programs.ts';

let folder: string;
let stub: StubConsole;
let keeper: ReturnType<typeof spawn>;

/** The state folder is a file system of its own, of a few pages, in a mount namespace of its own. */
beforeEach(async () => {
  [folder, stub] = await Promise.all([mkdtemp(join(tmpdir(), 'moru-full-')), startStubConsole()]);
  const mount = `mount -t tmpfs -o size=48k tmpfs '${folder}' && echo ready && exec cat`;
  keeper = spawn('unshare', ['--mount', 'sh', '-c', mount], { stdio: 'pipe' });
  if (keeper.stdout) await once(keeper.stdout, 'data');
});
afterEach(async () => {
  const gone = once(keeper, 'exit');
  keeper.kill('SIGKILL');
  await Promise.all([gone, stub.close()]);
  await rm(folder, { recursive: true });
});

/** The folder as it is inside. */
const inside = (name = '') => join(`/proc/${keeper.pid}/root`, folder, name);
const enrol = () =>
  moruAgent(
    ['enrol', '--server', stub.url, '--token', stub.token, '--wait', '0'],
    { MORU_AGENT_STATE: folder, MORU_AGENT_LISTEN: '127.0.0.1:1' },
    ['nsenter', '-t', String(keeper.pid), '--mount'],
  ).ended;

/** Takes every page that is left. */
async function fill(): Promise<void> {
  for (let size = 64 * 1024; size > 0; size = Math.floor(size / 2)) {
    await writeFile(inside(`filler-${size}`), Buffer.alloc(size)).catch(() => {});
  }
}
async function empty(): Promise<void> {
  for (const name of await readdir(inside())) {
    if (name.startsWith('filler')) await rm(inside(name));
  }
}
const requests = () => stub.calls.filter(({ path }) => path === enrolmentPaths.enrolments);

it('F16: a disk that is full before anything was sent: nothing is, and the token is as good as before', async () => {
  await fill();
  const { exitCode, stderr } = await enrol();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/could not be written, and nothing was sent|ENOSPC/);
  expect(requests()).toEqual([]);
  await empty();
  expect(await enrol()).toMatchObject({ exitCode: 0, stderr: '' });
});

it('F16: a disk that is full when the certificate comes: the same command puts it in place afterwards', async () => {
  stub.reply = async ({ path }) => {
    if (path === enrolmentPaths.enrolments) await fill();
    return null;
  };
  const { exitCode, stderr } = await enrol();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /issued, but could not be written.*same command with the same token.*the disk is full/,
  );
  expect(await readdir(inside('tls'))).not.toContain('agent.pem');
  stub.reply = async () => null;
  await empty();
  expect(await enrol()).toMatchObject({ exitCode: 0, stderr: '' });
  const [first, second] = requests();
  // what is signed, key included: it stands behind the outer length, which is that of the signature as well (RFC 2986)
  const keyOf = (request: string) =>
    Buffer.from(request.replace(/-----.*-----/g, ''), 'base64').subarray(3, 120);
  expect(keyOf(second?.body.request)).toEqual(keyOf(first?.body.request));
  checkCredential(parseCredential(await readFile(inside('tls/agent.pem'), 'utf8')));
});
