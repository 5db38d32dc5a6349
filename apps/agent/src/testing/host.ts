import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BareHost, type CommandResult, startBareHost, type TestBackend } from './bare-host.ts';
import { makeAuthority, makeCertificate, makeCredential } from './certificates.ts';
import { type Client, createClient } from './client.ts';
import { agentPort, type ClientNetwork, startClientNetwork } from './client-network.ts';
import { stop, stopInside, untilSaid } from './processes.ts';

export { type BareHost, startBareHost, type TestBackend } from './bare-host.ts';

const serverName = 'instance-under-test';
/** Compiled code of the agent, kept between test runs: it then starts in half the time. */
export const compileCache = join(import.meta.dirname, '../../../../node_modules/.cache/moru-agent');
const script = (name: string) => join(import.meta.dirname, name);

export interface TestHost extends BareHost {
  /** as the BFF, over the veth pair */
  client: Client;
  /** the same over one connection, which stays open until it is closed */
  keptClient(): Promise<{ client: Client; close(): void }>;
  /** the same way with another certificate: the name of a pair in `folder`, or none */
  clientAs(name?: string, folder?: string): Promise<Client>;
  /** where the client is */
  network: ClientNetwork;
  /** test authority and the agent's state folder */
  folder: string;
  readonly agent: ChildProcess;
  /** everything that agents of this host have said */
  said(): string;
  /** ends the agent by SIGKILL; nothing where it has ended already */
  killAgent(): Promise<void>;
  /** kills the agent, as far as it is still there, and starts another one; `environment` is for this one only */
  restartAgent(environment?: NodeJS.ProcessEnv): Promise<void>;
  /** the program `moru-agent`, as boot or somebody at the host's own console runs it */
  moruAgent(args: string[], environment?: NodeJS.ProcessEnv): Promise<CommandResult>;
  /**
   * Takes the power away and boots: every process and every rule is gone, another boot id, saved rules are loaded
   * before the network is up. For hosts with a disk. Resolves when the agent listens, with what the restore said.
   */
  reboot(): Promise<CommandResult>;
}

/** What of a host lasts: nothing, a folder, or an image of ext4 with the state folder in it as well. */
export type TestDisk = 'none' | 'folder' | { image: string };

/** The agent as it is in this checkout: what starts it, and what its commands. */
export const fromSources: TestProgram = {
  agent: [process.execPath, script('../main.ts')],
  command: [process.execPath, script('../cli/main.ts')],
};

export interface TestProgram {
  agent: readonly string[];
  command: readonly string[];
}

/**
 * A host with a running agent, and a client in another network namespace, joined by a veth pair. `environment` is
 * for every agent that is started on it, `program` what starts one.
 */
export async function startHost(
  backend: TestBackend,
  environment: NodeJS.ProcessEnv = {},
  disk: TestDisk = 'none',
  program = fromSources,
): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-agent-test-'));
  const tls = join(folder, 'tls');
  const credentials = makeCredentials(tls);
  const network = await startClientNetwork(folder);
  const diskPath = disk === 'folder' ? join(folder, 'disk') : disk === 'none' ? '' : disk.image;
  if (disk === 'folder') await mkdir(diskPath);
  const bootIdFile = join(folder, 'boot_id');
  const newBootId = () => writeFile(bootIdFile, `${randomUUID()}\n`);
  await newBootId();
  const settings = {
    MORU_AGENT_STATE: typeof disk === 'object' ? '/run/disk/state' : folder,
    NODE_COMPILE_CACHE: compileCache,
    ...(disk !== 'none' && { MORU_AGENT_BOOT_ID_FILE: bootIdFile }),
    ...environment,
  };
  await credentials;

  let host = await startBareHost(backend, diskPath);
  if (typeof disk === 'object') {
    await cp(tls, `/proc/${host.pid}/root${settings.MORU_AGENT_STATE}/tls`, { recursive: true });
  }
  let said = '';
  const startAgent = async (more: NodeJS.ProcessEnv = {}) => {
    const started = spawn('nsenter', [...host.enter, ...program.agent], {
      stdio: 'pipe',
      env: { ...process.env, ...settings, ...more },
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    await untilSaid(started, 'agent listens');
    return started;
  };
  const moruAgent = (args: string[], more: NodeJS.ProcessEnv = {}) => {
    const variables = Object.entries({ ...settings, ...more }).map(([name, value]) => `${name}=${value}`);
    return host.run('env', [...variables, ...program.command, ...args]);
  };
  await network.plug(host);
  let agent = await startAgent();

  const clientAs = (name?: string, identityFolder = tls) =>
    createClient(
      { socketPath: network.socket(agentPort), serverName },
      { folder: identityFolder, ...(name && { name }) },
    );

  return {
    get pid() {
      return host.pid;
    },
    get enter() {
      return host.enter;
    },
    get agent() {
      return agent;
    },
    run: (...command) => host.run(...command),
    start: (...command) => host.start(...command),
    killAgent: () => stopInside(agent),
    restartAgent: async (more) => {
      await stopInside(agent);
      agent = await startAgent(more);
    },
    moruAgent,
    reboot: async () => {
      await host.stop();
      await newBootId();
      host = await startBareHost(backend, diskPath);
      const restored = await moruAgent(['restore']);
      await network.plug(host);
      agent = await startAgent();
      return restored;
    },
    folder,
    network,
    clientAs,
    client: await clientAs('bff'),
    keptClient: async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const target = { socketPath: network.socket(agentPort), serverName };
      const kept = await createClient(target, { folder: tls, name: 'bff' }, agent);
      return { client: kept, close: () => agent.destroy() };
    },
    said: () => said,
    stop: async () => {
      await stop(agent);
      await Promise.all([network.stop(), host.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** The pairs of authority, agent and BFF, in that folder. */
export async function makeCredentials(tls: string, environment = process.env): Promise<void> {
  await makeAuthority(tls, environment);
  await Promise.all([
    makeCredential(tls, serverName, environment),
    makeCertificate(tls, 'bff', { commonName: 'moru-bff' }, environment),
  ]);
}
