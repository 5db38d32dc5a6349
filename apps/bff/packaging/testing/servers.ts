import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Installation, networks, run, runInNetwork, startInstallation, tied } from '@moru/stack';
import { apiHeader, apiPaths, instanceListSchema } from '@moru/types';
import { expect, vi } from 'vitest';

/** Long enough for a machine that has other work; each wait ends as soon as what it waits for is there. */
export const soon = { timeout: 90_000, interval: 200 };

const cloudPort = 9_091;

interface Answer {
  status: number;
  body: unknown;
  /** what came with it, as it is sent back; empty without one */
  cookie: string;
}
interface Sent {
  cookie?: string;
  body?: unknown;
}
export type Ask = (method: string, path: string, sent?: Sent) => Promise<Answer>;

/** Booted machines of an embedded cloud, as servers to install the console's package on. */
export interface Servers {
  /** for what is made on the way; goes with the servers */
  folder: string;
  /** settings of a console that works with that cloud */
  cloud: Record<string, string>;
  idOf(name: string): string;
  /** the machine's first process; throws while it is off */
  pidOf(name: string): number;
  start(name: string): Promise<void>;
  /** as root of a machine, in every namespace of it */
  sh(name: string, script: string, input?: string): Promise<string>;
  installDeb(name: string, deb: string): Promise<string>;
  /** what a browser behind the fabric asks of that origin, with further arguments of curl(1) */
  browser(origin: string, curl?: string[]): Ask;
  /** as a project admin, by the key that the cloud knows; answers the cookie */
  signIn(ask: Ask): Promise<string>;
  close(): Promise<void>;
}

export async function startServers(name: string): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), `moru-${name}-`));
  const options = { name, port: 0, fresh: true, hosts: 'machines', root: folder } as const;
  const installation = await startInstallation({ ...options, faults: false, attachMs: 100 }, () => {});
  const relay = relayCloud(installation);
  const embedded = await signInEmbedded(installation.url);
  const { instances } = instanceListSchema.parse(await embedded('GET', apiPaths.instances));
  const ids = new Map(instances.map((instance) => [instance.name, instance.id]));

  const idOf = (machine: string) => {
    const id = ids.get(machine);
    if (id === undefined) throw new Error(`there is no ${machine}`);
    return id;
  };
  const pidOf = (machine: string) => {
    const pid = installation.hosts.hostPid(idOf(machine));
    if (pid === undefined) throw new Error(`${machine} is off`);
    return pid;
  };
  const sh = (machine: string, script: string, input = '') => {
    const env = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C'];
    const inside = ['-t', String(pidOf(machine)), '-a', ...env, 'sh', '-ec', script];
    return run('nsenter', inside, input, soon.timeout);
  };
  const url = `http://${networks.console.address}:${cloudPort}`;

  return {
    folder,
    cloud: Object.fromEntries(['IAM', 'BCS', 'NETWORK', 'VPC'].map((each) => [`MORU_${each}_URL`, url])),
    idOf,
    pidOf,
    sh,
    async start(machine) {
      await embedded('POST', apiPaths.instanceStart(idOf(machine)));
      await vi.waitFor(async () => {
        expect(await sh(machine, 'systemctl is-system-running --wait || :')).toMatch(/running|degraded/);
      }, soon);
    },
    async installDeb(machine, deb) {
      const place = `/root/${basename(deb)}`;
      await copyFile(deb, `/proc/${pidOf(machine)}/root${place}`);
      return sh(machine, `dpkg --force-confold --install ${place} 2>&1; rm ${place}`);
    },
    browser: (origin, curl = []) => browserIn(installation.hosts.pids?.console ?? 0, origin, curl),
    async signIn(ask) {
      const admin = installation.accounts.find(({ role }) => role === 'admin');
      const body = { accessKeyId: admin?.accessKeyId, secret: admin?.secret };
      const { status, cookie } = await ask('POST', apiPaths.session, { body });
      expect(status).toBe(200);
      return cookie;
    },
    async close() {
      relay.kill('SIGKILL');
      await installation.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The embedded cloud listens to its own network alone; KakaoCloud's is there for everybody. */
function relayCloud({ hosts, cloudUrl }: Installation): ChildProcess {
  const script = `require('node:net').createServer((client) => {
    const cloud = require('node:net').connect(${new URL(cloudUrl).port}, '127.0.0.1');
    for (const end of [client, cloud]) end.on('error', () => { client.destroy(); cloud.destroy(); });
    client.pipe(cloud).pipe(client);
  }).listen(${cloudPort}, '${networks.console.address}');`;
  const inside = tied('nsenter', [
    `--net=/proc/${hosts.pids?.console}/ns/net`,
    process.execPath,
    '-e',
    script,
  ]);
  return spawn(inside.program, inside.args, { stdio: 'ignore' });
}

const ownHeaders = (origin: string) => ({
  [apiHeader.name]: apiHeader.value,
  origin,
  'content-type': 'application/json',
});

function browserIn(network: number, origin: string, curl: string[]): Ask {
  return async (method, path, { cookie = '', body } = {}) => {
    const headers = Object.entries({ ...ownHeaders(origin), cookie }).flatMap(([key, value]) => [
      '-H',
      `${key}: ${value}`,
    ]);
    const sent = body === undefined ? [] : ['--data-binary', '@-'];
    const text = await runInNetwork(
      network,
      'curl',
      ['-sS', '-m', '20', '-X', method, '-i', ...headers, ...sent, ...curl, `${origin}${path}`],
      body === undefined ? '' : JSON.stringify(body),
    );
    const [head = '', ...rest] = text.split('\r\n\r\n');
    const content = rest.join('\r\n\r\n');
    return {
      status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]),
      body: /json/.test(head) && content ? JSON.parse(content) : content,
      cookie: /^set-cookie: ([^;]+)/im.exec(head)?.[1] ?? '',
    };
  };
}

/** By the embedded console, which knows the same cloud: it tells of the machines, and gives them orders. */
async function signInEmbedded(origin: string): Promise<(method: string, path: string) => Promise<unknown>> {
  const headers = ownHeaders(origin);
  const body = JSON.stringify({ seededAccount: 'admin' });
  const signed = await fetch(new URL(apiPaths.session, origin), { method: 'POST', headers, body });
  const cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return async (method, path) => {
    const answer = await fetch(new URL(path, origin), { method, headers: { ...headers, cookie } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text ? JSON.parse(text) : null;
  };
}
