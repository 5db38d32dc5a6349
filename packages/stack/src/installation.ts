import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from './folders.ts';
import { startForwarder } from './forwarder.ts';
import {
  app,
  build,
  cloudProcess,
  type Foundation,
  nodeProcess,
  openGround,
  type Report,
  socketsOf,
  superviseAll,
} from './foundation.ts';
import { freePort, portChoice } from './free-port.ts';
import type { Ground } from './hosts.ts';
import type { SeededAccount } from './identity.ts';
import { createJoiner, hostsEnrolled } from './joiner.ts';
import type { StackOptions } from './options.ts';
import { signInWorks } from './readiness.ts';
import type { ProcessSpec, SupervisedProcess } from './supervisor.ts';

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

const consoleDist = app('console/dist');
export const consolePort = 4_480;
const readyMs = 60_000;
/** only the first start of an installation waits, for seconds */
const enrolledMs = 30_000;
/** in a namespace of its own the cloud's port is always free */
const cloudPortInNamespace = 9_090;

/** Starts an installation and resolves once somebody can sign in. What was begun is ended again when it fails. */
export async function startInstallation(options: StackOptions, report: Report): Promise<Installation> {
  return await build(options, report, assemble);
}

async function assemble(foundation: Foundation): Promise<Installation> {
  const { options, folders, run, identity, report, closers, close } = foundation;
  const forwarder = await startForwarder(socketsOf(folders).bff, portChoice(options.port, consolePort));
  closers.push(() => forwarder.close());
  const url = `http://127.0.0.1:${forwarder.port}`;
  run.address(url);

  const admin = identity.accounts.find(({ role }) => role === 'admin')?.id ?? '';
  const ground = await openGround(foundation, createJoiner(url, admin));
  const cloudPort = ground.pids ? cloudPortInNamespace : await freePort();
  const cloudUrl = `http://127.0.0.1:${cloudPort}`;
  const processes = superviseAll(foundation, [
    cloudProcess(foundation, ground, new URL(cloudUrl).host),
    bffProcess({ foundation, ground, url, cloudUrl, version: await version() }),
  ]);

  await signInWorks(url, admin, readyMs);
  const missing = options.instances ? [] : await hostsEnrolled(url, admin, enrolledMs);
  if (missing.length > 0) report(`not enrolled yet: ${missing.join(', ')}`);
  return { url, accounts: identity.accounts, hosts: ground, cloudUrl, folders, processes, close };
}

interface Plan {
  foundation: Foundation;
  ground: Ground;
  url: string;
  cloudUrl: string;
  version: string;
}

function bffProcess(plan: Plan): ProcessSpec {
  const { foundation, ground, cloudUrl } = plan;
  const { options, folders, identity } = foundation;
  return nodeProcess(folders, ground.inConsole, 'bff', app('bff/src/main.ts'), {
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
    ...(process.env.MORU_PUBLIC_IP_PRICE ? { MORU_PUBLIC_IP_PRICE: process.env.MORU_PUBLIC_IP_PRICE } : {}),
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

async function version(): Promise<string> {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
