import { mkdir } from 'node:fs/promises';
import { join as path } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createFabric,
  type Fabric,
  type HostDriver,
  type JoinHost,
  type MachineDriver,
  machineDriver,
  machineImage,
  type NamespaceDriver,
  namespaceDriver,
  namespaceSupport,
  networks,
  packagedAgent,
  simulatedDriver,
  tied,
} from '@moru/hosts';
import { enrolmentPort } from '@moru/types';
import type { Folders } from './folders.ts';
import { freePort } from './free-port.ts';
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
  /** where hosts reach the console to enrol, and BFF listens for them */
  enrolment: { host: string; port: number };
  /** unix socket that answers for all agents; only simulated hosts have one */
  agentSocket: string | undefined;
  /** processes to enter with `nsenter`: simulated hosts have none */
  pids: { fabric: number; console: number; internet: number } | undefined;
  hostPid(id: string): number | undefined;
  close(): Promise<void>;
}

/** Runs a program where this one runs; it ends with it where that can be had. */
export const here: Ground['inConsole'] = (program, args) =>
  process.platform === 'linux' ? tied(program, args) : { program, args };

/** Servers of `--instances`: thousands would enrol one after the other for minutes, and nobody waits for their rules. */
const ofFleet = /^bms-\d{5}$/;

const agent = fileURLToPath(new URL('../../../apps/agent/src/main.ts', import.meta.url));

export async function prepareGround(
  options: StackOptions,
  folders: Folders,
  join: JoinHost | undefined,
  run: OpenRun,
  report: (line: string) => void,
): Promise<Ground> {
  const support =
    options.hosts === 'simulated'
      ? { available: false as const, reason: 'asked for by --hosts simulated' }
      : await namespaceSupport(folders.data);
  if (support.available && options.hosts === 'machines') return machines(folders, join, run, report);
  if (support.available) return namespaces(folders, join, run, support.backends);
  if (options.hosts === 'namespaces' || options.hosts === 'machines') {
    throw new Error(`no ${options.hosts} here: ${support.reason}`);
  }
  return simulation(folders, join, support.reason);
}

async function namespaces(
  folders: Folders,
  join: JoinHost | undefined,
  run: OpenRun,
  backends: ('legacy' | 'nft')[],
): Promise<Ground> {
  const fabric = await createFabric();
  for (const process of fabric.processes) run.add('network', process.pid);
  const dataFolder = path(folders.data, 'hosts');
  await mkdir(dataFolder, { recursive: true });
  const driver = namespaceDriver({
    fabric,
    ...(join && { join }),
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
  join: JoinHost | undefined,
  run: OpenRun,
  report: (line: string) => void,
): Promise<Ground> {
  const [image, agent] = await Promise.all([machineImage(report), packagedAgent()]);
  const fabric = await createFabric();
  for (const process of fabric.processes) run.add('network', process.pid);
  const dataFolder = path(folders.data, 'machines');
  await mkdir(dataFolder, { recursive: true });
  const driver = await machineDriver({
    fabric,
    ...(join && { join }),
    image,
    dataFolder,
    logFolder: folders.logs,
    agent,
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
    enrolment: { host: networks.console.address, port: enrolmentPort },
    agentSocket: undefined,
    pids: fabric.pids,
    hostPid: (id) => driver.pid(id),
    async close() {
      await driver.close();
      await fabric.close();
    },
  };
}

async function simulation(folders: Folders, join: JoinHost | undefined, reason: string): Promise<Ground> {
  const agentSocket = path(folders.sockets, 'agents.sock');
  const driver = await simulatedDriver({
    ...(join && { join, joins: ({ hostname }) => !ofFleet.test(hostname) }),
    socketPath: agentSocket,
    dataFolder: path(folders.data, 'simulated'),
  });
  return {
    driver,
    kind: 'simulated',
    reason,
    inConsole: here,
    enrolment: { host: '127.0.0.1', port: await freePort() },
    agentSocket,
    pids: undefined,
    hostPid: () => undefined,
    close: () => driver.close(),
  };
}
