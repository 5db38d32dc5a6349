import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { checkCredential, keyFingerprint, parseCredential } from '@moru/enrolment';
import { type StubConsole, startStubConsole } from '@moru/enrolment/testing/stub-console';
import { enrolmentPaths, printFingerprint, problemOf } from '@moru/types';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { moruAgent } from '../testing/programs.ts';

// each starts programs from their sources
vi.setConfig({ testTimeout: 60_000 });
const soon = { timeout: 30_000, interval: 50 };

let folder: string;
let stub: StubConsole;
let port: number;
let agents: ChildProcess[];

beforeEach(async () => {
  [folder, stub, port] = await Promise.all([
    mkdtemp(join(tmpdir(), 'moru-enrol-')),
    startStubConsole(),
    freePort(),
  ]);
  agents = [];
});
afterEach(async () => {
  for (const agent of agents) agent.kill('SIGKILL');
  await stub.close();
  await rm(folder, { recursive: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const environment = () => ({ MORU_AGENT_STATE: folder, MORU_AGENT_LISTEN: `127.0.0.1:${port}` });
const tls = (name: string) => join(folder, 'tls', name);
const start = () => {
  const agent = moruAgent(['run'], environment());
  agents.push(agent.child);
  return agent;
};
const enrol = (...more: string[]) =>
  moruAgent(['enrol', '--server', stub.url, '--token', stub.token, ...more], environment());

/** Serial number of what answers on the agent's port; null where nobody does. */
const served = () =>
  new Promise<string | null>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const end = (serial: string | null) => {
      socket.destroy();
      resolve(serial);
    };
    socket.once('secureConnect', () => end(socket.getPeerCertificate().serialNumber));
    socket.once('error', () => end(null));
  });

const stored = async () => parseCredential(await readFile(tls('agent.pem'), 'utf8'));

it('enrols: shows both fingerprints, waits for approval, and a running agent answers without a restart', async () => {
  const agent = start();
  await vi.waitFor(() => expect(agent.said()).toContain('agent waits to be enrolled'), soon);
  let approved = false;
  stub.reply = async ({ path, body }) => {
    if (path !== enrolmentPaths.enrolments || approved) return null;
    const key = await readFile(tls(`pending-${stub.token.split('.')[1]}.key`), 'utf8');
    expect(body.request).toContain('CERTIFICATE REQUEST');
    return { body: { state: 'waiting', fingerprint: keyFingerprint(key), againSeconds: 0.05 } };
  };
  const command = enrol();
  await vi.waitFor(() => expect(command.said()).toContain('Waiting for approval'), soon);
  expect(command.said()).toContain(printFingerprint(stub.token.slice(-64)));
  expect(await served()).toBeNull();
  approved = true;
  const { exitCode, stdout, stderr } = await command.ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(
    /Enrolled as instance instance-1, certificate until .*\n.*answers with the new certificate/,
  );

  const credential = await stored();
  checkCredential(credential);
  expect(stdout).toContain(printFingerprint(keyFingerprint(credential.key)));
  expect((await stat(tls('agent.pem'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'tls'))).mode & 0o777).toBe(0o700);
  expect((await readdir(join(folder, 'tls'))).sort()).toEqual(['agent.pem', 'enrolment.json']);
  // and it keeps itself enrolled from here on
  await vi.waitFor(
    () => expect(stub.calls.some(({ path }) => path === enrolmentPaths.checkIn)).toBe(true),
    soon,
  );
  const status = await moruAgent(['status'], environment()).ended;
  expect(status.stdout).toContain(`Enrolled as instance instance-1 at ${stub.url}, certificate until`);
});

it('enrols a host that nobody stands at by the file of its first boot, which goes when it was used', async () => {
  const agent = start();
  await vi.waitFor(() => expect(agent.said()).toContain('agent waits to be enrolled'), soon);
  await writeFile(join(folder, 'join.json'), '{"server":');
  await vi.waitFor(() => expect(agent.said()).toContain('the join file is of no use'), soon);
  stub.reply = async ({ path }) => (path === enrolmentPaths.enrolments ? problemOf('token.used') : null);
  await writeFile(join(folder, 'join.json'), JSON.stringify({ server: stub.url, token: stub.token }));
  await vi.waitFor(() => expect(agent.said()).toContain(problemOf('token.used').title), soon);
  stub.reply = async () => null;
  await writeFile(join(folder, 'join.json'), JSON.stringify({ server: stub.url, token: ` ${stub.token}\n` }));
  await vi.waitFor(async () => expect(await served()).not.toBeNull(), soon);
  await vi.waitFor(async () => expect(await readdir(folder)).not.toContain('join.json'), soon);
});

it('renews by itself, and answers with the new certificate', async () => {
  stub.againSeconds = 0.2;
  await enrol().ended;
  const agent = start();
  await vi.waitFor(async () => expect(await served()).not.toBeNull(), soon);
  const [before, key] = [await served(), (await stored()).key];
  stub.renew = true;
  await vi.waitFor(async () => expect(await served()).not.toBe(before), soon);
  expect((await stored()).key).not.toBe(key);
  checkCredential(await stored());
  // it is told once it is stored, after the first answers with it
  await vi.waitFor(() => expect(agent.said()).toContain('credential changed'), soon);
});

it('F21: a certificate that expired while the host was off is told, and only root’s own command gets a new one', async () => {
  await stub.close();
  stub = await startStubConsole(3_000);
  await enrol('--wait', '0').ended;
  const { certificate } = await stored();
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  const agent = start();
  await vi.waitFor(() => expect(agent.said()).toContain('is not enrolled any more'), soon);
  expect(agent.said()).toContain('expired');
  // a file of first boot is for a host that was never known
  await writeFile(join(folder, 'join.json'), JSON.stringify({ server: stub.url, token: stub.token }));
  const status = await moruAgent(['status'], environment()).ended;
  expect(status.stdout).toMatch(/EXPIRED at .*moru-agent enrol/);
  expect((await stored()).certificate).toBe(certificate);
  expect((await enrol().ended).exitCode).toBe(0);
  expect((await stored()).certificate).not.toBe(certificate);
});
