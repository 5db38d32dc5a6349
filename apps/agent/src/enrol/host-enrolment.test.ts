import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { type AgentServer, startServer } from '../http/server.ts';
import { makeAuthority, makeCredential } from '../testing/certificates.ts';
import { credentialFile } from './files.ts';
import { type HostEnrolment, startHostEnrolment } from './host-enrolment.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

let folder: string;
let made: string;
let config: Config;
let server: AgentServer;
let enrolment: HostEnrolment | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-host-enrolment-'));
  made = join(folder, 'made');
  await makeAuthority(made);
  await makeCredential(made, 'host-1');
  config = readConfig({ MORU_AGENT_STATE: join(folder, 'state'), MORU_AGENT_LISTEN: '127.0.0.1:0' });
  await mkdir(config.tlsFolder, { recursive: true });
  enrolment = null;
});
afterEach(async () => {
  await Promise.all([enrolment?.stop(), server?.close()]);
  await rm(folder, { recursive: true });
});

const serve = () =>
  startServer({ listen: config.listen, credentialFile: credentialFile(config), handle: () => {} });

it('listens with a credential that came while the agent was starting', async () => {
  server = await serve();
  await copyFile(join(made, 'agent.pem'), credentialFile(config));
  enrolment = await startHostEnrolment(config, server);
  await vi.waitFor(() => expect(server.address).not.toBeNull(), soon);
});

it('listens with a credential of which the agent, when it was starting, saw the beginning', async () => {
  const whole = await readFile(join(made, 'agent.pem'), 'utf8');
  await writeFile(credentialFile(config), whole.slice(0, 300));
  server = await serve();
  expect(server.address).toBeNull();
  await writeFile(credentialFile(config), whole);
  enrolment = await startHostEnrolment(config, server);
  await vi.waitFor(() => expect(server.address).not.toBeNull(), soon);
});

it('reads a credential once that was there before the agent', async () => {
  await copyFile(join(made, 'agent.pem'), credentialFile(config));
  server = await serve();
  const reload = vi.spyOn(server, 'reload');
  enrolment = await startHostEnrolment(config, server);
  enrolment.nudge();
  await enrolment.stop();
  expect(reload).not.toHaveBeenCalled();
});
