import { mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JoinHost, serveHostControl } from '@moru/hosts';
import { type Folders, makeFolders } from './folders.ts';
import { type Ground, prepareGround } from './hosts.ts';
import { type Identity, openIdentity } from './identity.ts';
import type { StackOptions } from './options.ts';
import { type OpenRun, openRun } from './run-record.ts';
import { type ProcessSpec, type SupervisedProcess, supervise } from './supervisor.ts';

export type Report = (line: string) => void;

/** What every installation stands on: its folders and its accounts. */
export interface Foundation {
  options: StackOptions;
  folders: Folders;
  run: OpenRun;
  identity: Identity;
  report: Report;
  /** ends what was begun, the last first */
  closers: (() => Promise<unknown>)[];
  close(): Promise<void>;
}

export const app = (path: string) => fileURLToPath(new URL(`../../../apps/${path}`, import.meta.url));

/**
 * Servers that an installation has in all: every host takes some 60 MB, and the whole machine stays usable. Simulated
 * ones take next to nothing, up to what a project may have.
 */
const serversOf = { namespaces: 16, machines: 12, simulated: 500 };

/** Builds an installation and hands it out. What was begun is ended again when that fails. */
export async function build<Built>(
  options: StackOptions,
  report: Report,
  assemble: (foundation: Foundation) => Promise<Built>,
): Promise<Built> {
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
    const identity = await openIdentity(folders.data);
    return await assemble({ options, folders, run, identity, report, closers, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Hosts that the cloud can ask for; `join`: how those that boot for the first time come to be known. */
export async function openGround(foundation: Foundation, join: JoinHost | undefined): Promise<Ground> {
  const { options, folders, run, report, closers } = foundation;
  const ground = await prepareGround(options, folders, join, run, report);
  closers.push(() => ground.close());
  if (options.instances && ground.kind !== 'simulated') {
    throw new Error('--instances takes --hosts simulated: thousands of real ones do not fit on a machine');
  }
  const control = await serveHostControl(ground.driver, socketsOf(folders).hosts);
  closers.push(() => closeServer(control));
  return ground;
}

/** Starts the programs and keeps them running; they end before what they stand on. */
export function superviseAll(
  { folders, run, report, closers }: Foundation,
  specs: ProcessSpec[],
): SupervisedProcess[] {
  const processes = specs.map((spec) =>
    supervise(spec, {
      logFolder: folders.logs,
      started: (name, pid) => run.add(name, pid),
      ended: (name, how, ms) => report(`${name} ended (${how}); starting it again in ${ms} ms`),
    }),
  );
  closers.push(() => Promise.all(processes.map((process) => process.stop())));
  return processes;
}

/** The program of the embedded cloud; `inPlace`: started in another place than beside the console. */
export function cloudProcess(
  { options, folders, identity }: Foundation,
  ground: Ground,
  listen: string,
  inPlace = ground.inConsole,
): ProcessSpec {
  const { instances = 0 } = options;
  return nodeProcess(folders, inPlace, 'cloud', app('cloud/src/main.ts'), {
    MORU_CLOUD_LISTEN: listen,
    MORU_CLOUD_DATA: join(folders.data, 'cloud'),
    MORU_CLOUD_ATTACH_MS: String(options.attachMs),
    MORU_CLOUD_SERVERS: String(serversOf[ground.kind] + instances),
    MORU_CLOUD_FLEET: String(instances),
    MORU_HOSTS_SOCKET: socketsOf(folders).hosts,
    MORU_ACCOUNTS: identity.accountsFile,
    ...(options.durations ? { MORU_CLOUD_DURATIONS: options.durations } : {}),
    ...(options.faults ? { MORU_CLOUD_FAULTS: '1' } : {}),
  });
}

/** Small heaps: an installation of four hosts stays under 1 GiB. */
export function nodeProcess(
  folders: Folders,
  inPlace: Ground['inConsole'],
  name: string,
  file: string,
  env: Record<string, string>,
): ProcessSpec {
  const command = inPlace(process.execPath, ['--max-old-space-size=256', file]);
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

export function socketsOf(folders: Folders): { bff: string; hosts: string } {
  return { bff: join(folders.sockets, 'bff.sock'), hosts: join(folders.sockets, 'hosts.sock') };
}

async function removeSockets(folders: Folders): Promise<void> {
  await rm(folders.sockets, { recursive: true, force: true });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
