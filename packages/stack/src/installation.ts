import { mkdir, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveHostControl } from '@moru/hosts';
import { type Folders, makeFolders } from './folders.ts';
import { startForwarder } from './forwarder.ts';
import { freePort } from './free-port.ts';
import { type Ground, prepareGround } from './hosts.ts';
import { type Identity, openIdentity, type SeededAccount } from './identity.ts';
import { createJoiner, hostsEnrolled } from './joiner.ts';
import type { StackOptions } from './options.ts';
import { signInWorks } from './readiness.ts';
import { type OpenRun, openRun } from './run-record.ts';
import { type ProcessSpec, type SupervisedProcess, supervise } from './supervisor.ts';

/** A whole running installation. */
export interface Installation {
  /** where a browser reaches it */
  url: string;
  accounts: SeededAccount[];
  hosts: Pick<Ground, 'kind' | 'reason' | 'pids' | 'hostPid'>;
  /** the cloud's API, as seen from the console's network */
  cloudUrl: string;
  folders: Folders;
  processes: SupervisedProcess[];
  /** ends everything in order; nothing of the installation is left but its data and logs */
  close(): Promise<void>;
}

export type Report = (line: string) => void;

const app = (path: string) => fileURLToPath(new URL(`../../../apps/${path}`, import.meta.url));
const consoleDist = app('console/dist');
const defaultPort = 4480;
const portsToTry = 20;
const readyMs = 60_000;
/** only the first start of an installation waits, for seconds */
const enrolledMs = 30_000;
/** in a namespace of its own the cloud's port is always free */
const cloudPortInNamespace = 9_090;

/** Starts an installation and resolves once somebody can sign in. What was begun is ended again when it fails. */
export async function startInstallation(options: StackOptions, report: Report): Promise<Installation> {
  const folders = await makeFolders(options.root, options.name);
  const run = await openRun(folders.base);
  const closers: (() => Promise<unknown>)[] = [() => run.close(), () => removeSockets(folders)];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    if (options.fresh) {
      await rm(folders.data, { recursive: true, force: true });
      await mkdir(folders.data, { mode: 0o700 });
    }
    await removeSockets(folders);
    await mkdir(folders.sockets, { mode: 0o700 });
    return await assemble({ options, folders, run, report, closers, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Assembly {
  options: StackOptions;
  folders: Folders;
  run: OpenRun;
  report: Report;
  closers: (() => Promise<unknown>)[];
  close(): Promise<void>;
}

async function assemble({ options, folders, run, report, closers, close }: Assembly): Promise<Installation> {
  const identity = await openIdentity(folders.data);
  const forwarder = await startForwarder(socketsOf(folders).bff, portChoice(options.port));
  closers.push(() => forwarder.close());
  const url = `http://127.0.0.1:${forwarder.port}`;
  run.address(url);

  const admin = identity.accounts.find(({ role }) => role === 'admin')?.id ?? '';
  const ground = await prepareGround(options, folders, createJoiner(url, admin), run, report);
  closers.push(() => ground.close());
  const control = await serveHostControl(ground.driver, socketsOf(folders).hosts);
  closers.push(() => closeServer(control));

  const cloudPort = ground.pids ? cloudPortInNamespace : await freePort();
  const cloudUrl = `http://127.0.0.1:${cloudPort}`;
  const plan = { options, folders, identity, ground, url, cloudUrl, version: await version() };
  const processes = [cloudProcess(plan), bffProcess(plan)].map((spec) =>
    supervise(spec, {
      logFolder: folders.logs,
      started: (name, pid) => run.add(name, pid),
      ended: (name, how, ms) => report(`${name} ended (${how}); starting it again in ${ms} ms`),
    }),
  );
  closers.push(() => Promise.all(processes.map((process) => process.stop())));

  await signInWorks(url, admin, readyMs);
  const missing = await hostsEnrolled(url, admin, enrolledMs);
  if (missing.length > 0) report(`not enrolled yet: ${missing.join(', ')}`);
  return { url, accounts: identity.accounts, hosts: ground, cloudUrl, folders, processes, close };
}

interface Plan {
  options: StackOptions;
  folders: Folders;
  identity: Identity;
  ground: Ground;
  url: string;
  cloudUrl: string;
  version: string;
}

function cloudProcess(plan: Plan): ProcessSpec {
  const { options, folders, identity, cloudUrl } = plan;
  return nodeProcess(plan, 'cloud', app('cloud/src/main.ts'), {
    MORU_CLOUD_LISTEN: new URL(cloudUrl).host,
    MORU_CLOUD_DATA: join(folders.data, 'cloud'),
    MORU_CLOUD_ATTACH_MS: String(options.attachMs),
    MORU_HOSTS_SOCKET: socketsOf(folders).hosts,
    MORU_ACCOUNTS: identity.accountsFile,
    ...(options.faults ? { MORU_CLOUD_FAULTS: '1' } : {}),
  });
}

function bffProcess(plan: Plan): ProcessSpec {
  const { options, folders, identity, ground, cloudUrl } = plan;
  return nodeProcess(plan, 'bff', app('bff/src/main.ts'), {
    MORU_BFF_SOCKET: socketsOf(folders).bff,
    MORU_PUBLIC_URL: plan.url,
    MORU_INSTALLATION_ID: identity.id,
    MORU_INSTALLATION_NAME: options.name,
    MORU_VERSION: plan.version,
    MORU_DATA: join(folders.data, 'bff'),
    MORU_IAM_URL: cloudUrl,
    MORU_BCS_URL: cloudUrl,
    MORU_NETWORK_URL: cloudUrl,
    MORU_VPC_URL: cloudUrl,
    MORU_REGION: 'kr-central-2',
    MORU_ACCOUNTS: identity.accountsFile,
    MORU_HOSTS: ground.kind,
    ...(ground.reason ? { MORU_HOSTS_REASON: ground.reason } : {}),
    ...(ground.agentSocket ? { MORU_AGENT_SOCKET: ground.agentSocket } : {}),
    MORU_ENROLMENT_LISTEN: `${ground.enrolment.host}:${ground.enrolment.port}`,
    MORU_ENROLMENT_URL: `https://${ground.enrolment.host}:${ground.enrolment.port}`,
    MORU_ENROLMENT_AUTOMATIC: '1',
    MORU_CONSOLE_DIST: consoleDist,
    MORU_SECRET_KEY_FILE: identity.secretKeyFile,
  });
}

/** Small heaps: an installation of four hosts stays under 1 GiB. */
function nodeProcess(
  { ground, folders }: Plan,
  name: string,
  file: string,
  env: Record<string, string>,
): ProcessSpec {
  const command = ground.inConsole(process.execPath, ['--max-old-space-size=256', file]);
  return {
    name,
    ...command,
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: folders.compiled,
      ...env,
    },
  };
}

function socketsOf(folders: Folders): { bff: string; hosts: string } {
  return { bff: join(folders.sockets, 'bff.sock'), hosts: join(folders.sockets, 'hosts.sock') };
}

async function removeSockets(folders: Folders): Promise<void> {
  await rm(folders.sockets, { recursive: true, force: true });
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function portChoice(port: number | undefined): number[] {
  if (port !== undefined) return [port];
  return Array.from({ length: portsToTry }, (_, index) => defaultPort + index);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
