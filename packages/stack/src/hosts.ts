import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Authority,
  agentFromSources,
  createFabric,
  type Fabric,
  type HostDriver,
  type MachineDriver,
  machineDriver,
  machineImage,
  type NamespaceDriver,
  namespaceDriver,
  namespaceSupport,
  simulatedDriver,
  tied,
} from '@moru/hosts';
import type { Folders } from './folders.ts';
import type { StackOptions } from './options.ts';
import type { OpenRun } from './run-record.ts';
import { findSshd } from './sshd.ts';

/** The hosts of an installation and the place where its servers run. */
export interface Ground {
  driver: HostDriver;
  kind: 'namespaces' | 'machines' | 'simulated';
  /** why hosts are simulated, where they are */
  reason: string | undefined;
  /** command that runs a program where BFF and cloud belong */
  inConsole(program: string, args: string[]): { program: string; args: string[] };
  /** unix socket that answers for all agents; only simulated hosts have one */
  agentSocket: string | undefined;
  /** processes to enter with `nsenter`: simulated hosts have none */
  pids: { fabric: number; console: number; internet: number } | undefined;
  hostPid(id: string): number | undefined;
  close(): Promise<void>;
}

const agent = fileURLToPath(new URL('../../../apps/agent/src/main.ts', import.meta.url));

export async function prepareGround(
  options: StackOptions,
  folders: Folders,
  authority: Authority,
  run: OpenRun,
  report: (line: string) => void,
): Promise<Ground> {
  const support =
    options.hosts === 'simulated'
      ? { available: false as const, reason: 'asked for by --hosts simulated' }
      : await namespaceSupport(folders.data);
  if (support.available && options.hosts === 'machines') return machines(folders, authority, run, report);
  if (support.available) return namespaces(folders, authority, run, support.backends);
  if (options.hosts === 'namespaces' || options.hosts === 'machines') {
    throw new Error(`no ${options.hosts} here: ${support.reason}`);
  }
  return simulation(folders, authority, support.reason);
}

async function namespaces(
  folders: Folders,
  authority: Authority,
  run: OpenRun,
  backends: ('legacy' | 'nft')[],
): Promise<Ground> {
  const fabric = await createFabric();
  for (const process of fabric.processes) run.add('network', process.pid);
  const dataFolder = join(folders.data, 'hosts');
  await mkdir(dataFolder, { recursive: true });
  const driver = namespaceDriver({
    fabric,
    authority,
    dataFolder,
    logFolder: folders.logs,
    agent,
    backends,
    compileCache: folders.compiled,
    sshd: findSshd(),
    started: (hostname, pid) => run.add(hostname, pid),
  });
  return onFabric('namespaces', fabric, driver);
}

async function machines(
  folders: Folders,
  authority: Authority,
  run: OpenRun,
  report: (line: string) => void,
): Promise<Ground> {
  const image = await machineImage(report);
  const fabric = await createFabric();
  for (const process of fabric.processes) run.add('network', process.pid);
  const dataFolder = join(folders.data, 'machines');
  await mkdir(dataFolder, { recursive: true });
  const driver = await machineDriver({
    fabric,
    authority,
    image,
    dataFolder,
    logFolder: folders.logs,
    agent: agentFromSources(),
    started: (hostname, pid) => run.add(hostname, pid),
  }).catch(async (error: unknown) => {
    await fabric.close();
    throw error;
  });
  return onFabric('machines', fabric, driver);
}

/** The ground of real hosts: BFF and cloud run in the fabric's console network. */
function onFabric(
  kind: 'namespaces' | 'machines',
  fabric: Fabric,
  driver: NamespaceDriver | MachineDriver,
): Ground {
  return {
    driver,
    kind,
    reason: undefined,
    inConsole: (program, args) =>
      tied('nsenter', [`--net=/proc/${fabric.pids.console}/ns/net`, program, ...args]),
    agentSocket: undefined,
    pids: fabric.pids,
    hostPid: (id) => driver.pid(id),
    async close() {
      await driver.close();
      await fabric.close();
    },
  };
}

async function simulation(folders: Folders, authority: Authority, reason: string): Promise<Ground> {
  const agentSocket = join(folders.sockets, 'agents.sock');
  const driver = await simulatedDriver({
    authority,
    socketPath: agentSocket,
    dataFolder: join(folders.data, 'simulated'),
  });
  return {
    driver,
    kind: 'simulated',
    reason,
    inConsole: (program, args) => (process.platform === 'linux' ? tied(program, args) : { program, args }),
    agentSocket,
    pids: undefined,
    hostPid: () => undefined,
    close: () => driver.close(),
  };
}
