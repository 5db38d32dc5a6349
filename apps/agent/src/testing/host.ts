import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from './certificates.ts';
import { type Client, createClient } from './client.ts';

export type TestBackend = 'legacy' | 'nft';

const serverName = 'instance-under-test';
/** Compiled code of the agent, kept between test runs: it then starts in half the time. */
export const compileCache = join(import.meta.dirname, '../../../../node_modules/.cache/moru-agent');
const script = (name: string) => join(import.meta.dirname, name);

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Resolves when the child has printed `wanted`; rejects with what it said when it ends before. */
function untilSaid(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      if (said.length < 64 * 1024) said += chunk.toString();
      if (said.includes(wanted)) resolve();
    };
    // both stay in flow to the end: a full pipe would hold the child up
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`ended early: ${said}`)));
  });
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** Ends what nsenter(1) runs in a process namespace: it is a child of nsenter, which ends after it. */
async function stopInside(entered: ChildProcess): Promise<void> {
  if (entered.exitCode !== null || entered.signalCode !== null) return;
  const gone = once(entered, 'exit');
  // 0 when it has ended by itself, and nsenter is about to; kill(2) takes 0 for all of us
  const inside = await childOf(entered.pid ?? 0).catch(() => 0);
  try {
    if (inside > 0) process.kill(inside, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
  await gone;
}

/** The only child of a process, in our own pid namespace. */
async function childOf(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

/** A host of its own network, mount and process namespace, with no rules and no agent yet. */
export async function startBareHost(backend: TestBackend) {
  const spaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const keeper = spawn('unshare', [...spaces, 'sh', script('host-init.sh'), backend], { stdio: 'pipe' });
  await untilSaid(keeper, 'ready\n');
  const pid = await childOf(keeper.pid ?? 0);
  const enter = ['-t', String(pid), '--net', '--mount', '--pid', '--'];

  return {
    pid,
    enter,
    /** Runs a program on the host. */
    run: (program: string, args: string[], input?: string): Promise<CommandResult> =>
      new Promise((resolve, reject) => {
        const child = execFile('nsenter', [...enter, program, ...args], (error, stdout, stderr) => {
          if (error && typeof error.code !== 'number') reject(error);
          else resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
        });
        child.stdin?.end(input);
      }),
    /** Starts a program on the host that stays until it is killed or its stdin ends. */
    start: (program: string, args: string[]): ChildProcess =>
      spawn('nsenter', [...enter, program, ...args], { stdio: 'pipe' }),
    stop: () => stop(keeper),
  };
}

export type BareHost = Awaited<ReturnType<typeof startBareHost>>;

export interface TestHost extends BareHost {
  /** as the BFF, over the veth pair */
  client: Client;
  /** the same over one connection, which stays open until it is closed */
  keptClient(): Promise<{ client: Client; close(): void }>;
  /** the same way with another certificate: the name of a pair in `folder`, or none */
  clientAs(name?: string, folder?: string): Promise<Client>;
  /** test authority and the agent's state folder */
  folder: string;
  readonly agent: ChildProcess;
  /** everything that agents of this host have said */
  said(): string;
  /** ends the agent by SIGKILL; nothing where it has ended already */
  killAgent(): Promise<void>;
  /** kills the agent, as far as it is still there, and starts another one; `environment` is for this one only */
  restartAgent(environment?: NodeJS.ProcessEnv): Promise<void>;
}

/**
 * A host with a running agent, and a client in another network namespace, joined by a veth pair. `environment` is
 * for every agent that is started on it.
 */
export async function startHost(
  backend: TestBackend,
  environment: NodeJS.ProcessEnv = {},
): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-agent-test-'));
  const tls = join(folder, 'tls');
  await makeAuthority(tls);
  await makeCertificate(tls, 'agent', { commonName: serverName, dnsName: serverName });
  await makeCertificate(tls, 'bff', { commonName: 'moru-bff' });

  const host = await startBareHost(backend);
  const client = spawn('unshare', ['--net', '--fork', '--kill-child', 'cat'], { stdio: 'pipe' });
  // the first byte back tells that the namespace is there
  client.stdin.write('\n');
  await once(client.stdout, 'data');
  const clientPid = await childOf(client.pid ?? 0);
  const inClient = (args: string[]) =>
    new Promise<void>((resolve, reject) => {
      execFile('nsenter', ['-t', String(clientPid), '--net', '--', 'ip', ...args], (error) =>
        error ? reject(error) : resolve(),
      );
    });
  await inClient(['link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(host.pid)]);
  await inClient(['address', 'add', '10.0.0.1/24', 'dev', 'eth0']);
  await inClient(['link', 'set', 'eth0', 'up']);
  await host.run('ip', ['address', 'add', '10.0.0.2/24', 'dev', 'eth0']);
  await host.run('ip', ['link', 'set', 'eth0', 'up']);

  let said = '';
  const startAgent = async (more: NodeJS.ProcessEnv = {}) => {
    const started = spawn('nsenter', [...host.enter, process.execPath, script('../main.ts')], {
      stdio: 'pipe',
      env: {
        ...process.env,
        MORU_AGENT_STATE: folder,
        NODE_COMPILE_CACHE: compileCache,
        ...environment,
        ...more,
      },
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    await untilSaid(started, 'agent listens');
    return started;
  };
  let agent = await startAgent();

  const socketPath = join(folder, 'agent.sock');
  const forwarder = spawn(
    'nsenter',
    [
      '-t',
      String(clientPid),
      '--net',
      '--',
      process.execPath,
      script('forwarder.ts'),
      socketPath,
      '10.0.0.2',
      '7443',
    ],
    { stdio: 'pipe' },
  );
  await untilSaid(forwarder, 'ready\n');
  const clientAs = (name?: string, identityFolder = tls) =>
    createClient({ socketPath, serverName }, { folder: identityFolder, ...(name && { name }) });

  return {
    ...host,
    get agent() {
      return agent;
    },
    killAgent: () => stopInside(agent),
    restartAgent: async (more) => {
      await stopInside(agent);
      agent = await startAgent(more);
    },
    folder,
    clientAs,
    client: await clientAs('bff'),
    keptClient: async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const kept = await createClient({ socketPath, serverName }, { folder: tls, name: 'bff' }, agent);
      return { client: kept, close: () => agent.destroy() };
    },
    said: () => said,
    stop: async () => {
      await Promise.all([stop(forwarder), stop(agent)]);
      await Promise.all([stop(client), host.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}
