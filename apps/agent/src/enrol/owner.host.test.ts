import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type StubConsole, startStubConsole } from '@moru/enrolment/testing/stub-console';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { type AgentServer, startServer } from '../http/server.ts';
import { makeAuthority, makeCredential } from '../testing/certificates.ts';
import { credentialFile } from './files.ts';
import { type HostEnrolment, startHostEnrolment } from './host-enrolment.ts';
import { joinInstallation } from './join.ts';
import { alone } from './lock.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };
/** As the package runs the agent: a user of its own, while root's command writes. */
const agent = { uid: 64_123, gid: 64_123 };

let folder: string;
let config: Config;
let server: AgentServer | null;
let enrolment: HostEnrolment | null;
let stub: StubConsole | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-owner-'));
  await chown(folder, agent.uid, agent.gid);
  config = readConfig({ MORU_AGENT_STATE: join(folder, 'state'), MORU_AGENT_LISTEN: '127.0.0.1:0' });
  await mkdir(config.stateFolder, { mode: 0o700 });
  await chown(config.stateFolder, agent.uid, agent.gid);
  [server, enrolment, stub] = [null, null, null];
});
afterEach(async () => {
  process.seteuid?.(0);
  await Promise.all([enrolment?.stop(), server?.close(), stub?.close()]);
  await rm(folder, { recursive: true });
});

/** What root does meanwhile, in a process of its own: this one is the agent's all along. */
const root = (...command: string[]) => promisify(execFile)('setpriv', ['--reuid', '0', ...command]);

const told = vi.spyOn(process.stderr, 'write');
const logged = () => told.mock.calls.map(([text]) => String(text)).join('');

it('listens with a credential that was root’s for a moment', async () => {
  const made = join(folder, 'made');
  await makeAuthority(made);
  await makeCredential(made, 'host-1');
  await mkdir(config.tlsFolder, { mode: 0o700 });
  await chown(config.tlsFolder, agent.uid, agent.gid);
  const path = credentialFile(config);
  process.seteuid?.(agent.uid);
  server = await startServer({ listen: config.listen, credentialFile: path, handle: () => {} });
  enrolment = await startHostEnrolment(config, server);
  await root('install', '-m', '600', join(made, 'agent.pem'), path);
  await vi.waitFor(() => expect(logged()).toContain('the credential cannot be read'), soon);
  expect(server.address).toBeNull();
  await root('chown', `${agent.uid}:${agent.gid}`, path);
  await vi.waitFor(() => expect(server?.address).not.toBeNull(), soon);
});

it('whatever root’s command leaves is the agent’s from its first moment on, its lock too', async () => {
  stub = await startStubConsole();
  const lockOwner = await alone(config, async () => stat(join(config.tlsFolder, 'changing')));
  expect(lockOwner).toMatchObject(agent);
  await joinInstallation(config, { server: stub.url, token: stub.token, waitMs: 0 });
  const names = await readdir(config.tlsFolder);
  expect(names.sort()).toEqual(['agent.pem', 'enrolment.json']);
  for (const name of ['', ...names]) expect(await stat(join(config.tlsFolder, name))).toMatchObject(agent);
});
