import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { consoleLog } from '../console-log.ts';
import { addedNics, type HostDriver, type HostNic, type HostSpec } from '../driver.ts';
import { firstBoot, forgetRebuilt, type JoinHost, markRebuilt } from '../first-boot.ts';
import { openLog } from '../log-file.ts';
import { serialised } from '../serialised.ts';
import { isEnrolled, prepareDisk } from './disk.ts';
import type { Fabric } from './fabric.ts';
import { end, firstLine, systemPath, tied } from './run.ts';

export interface NamespaceDriverOptions {
  fabric: Fabric;
  /** how a host that boots for the first time comes to be known; without it none is */
  join?: JoinHost;
  /** holds a folder per host: its disk */
  dataFolder: string;
  logFolder: string;
  /** the agent's entry file */
  agent: string;
  backends: ('legacy' | 'nft')[];
  /** where Node keeps compiled code: an agent then starts faster and takes some 30 MB less */
  compileCache: string;
  /** a real SSH server where there is one */
  sshd?: { program: string; libraries: string } | undefined;
  /** told about each boot, for the installation's record of its processes */
  started?(hostname: string, pid: number | undefined): void;
}

export interface NamespaceDriver extends HostDriver {
  /** process that holds the host's namespaces, for `nsenter -t`; undefined while it is off */
  pid(id: string): number | undefined;
  close(): Promise<void>;
}

interface RunningHost {
  spec: HostSpec;
  process: ChildProcess;
  /** each pulls the cables that were plugged in together */
  unplugs: (() => Promise<void>)[];
}

/** Descriptors of process 1 that are kept as logs (init.sh). */
const outputs = [
  [2, 'console'],
  [3, 'agent'],
  [4, 'sshd'],
  [5, 'web'],
] as const;

/** What a host may take until its disk is there and the saved rules are loaded. */
const restoreMs = 60_000;

/** Milliseconds that a host gets to end its programs before its power is cut. */
const powerOffMs = 3_000;

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** One host per instance, in namespaces of its own, plugged into the fabric. */
export function namespaceDriver(options: NamespaceDriverOptions): NamespaceDriver {
  const running = new Map<string, RunningHost>();
  const inOrder = serialised();
  const disk = (id: string) => join(options.dataFolder, id);
  const logOf = (hostname: string, name: string) => join(options.logFolder, `${hostname}.${name}.log`);

  async function boot(spec: HostSpec): Promise<void> {
    if (running.has(spec.id)) return;
    const backend = options.backends.includes(spec.backend) ? spec.backend : options.backends[0];
    if (!backend) throw new Error('no iptables works on this machine');
    await prepareDisk(disk(spec.id), spec, backend);

    const child = spawnInit(spec);
    options.started?.(spec.hostname, child.pid);
    const host: RunningHost = { spec, process: child, unplugs: [] };
    child.once('exit', () => {
      if (running.get(spec.id) !== host) return;
      running.delete(spec.id);
      void unplug(host);
    });
    try {
      await firstLine(child, 'mounted', spec.hostname, restoreMs);
      await plugIn(host, spec.nics);
      child.stdin?.write('network\n');
      await firstLine(child, 'up', spec.hostname);
      running.set(spec.id, host);
      void firstBoot({
        spec,
        disk: disk(spec.id),
        join: options.join,
        isEnrolled: () => isEnrolled(join(disk(spec.id), 'lib')),
        pid: () => (running.get(spec.id)?.process === child ? child.pid : undefined),
      });
    } catch (error) {
      await end(child);
      await unplug(host);
      throw error;
    }
  }

  async function plugIn(host: RunningHost, nics: HostNic[]): Promise<void> {
    host.unplugs.push(await options.fabric.plug(host.process.pid ?? 0, nics));
  }

  async function unplug(host: RunningHost): Promise<void> {
    for (const pull of host.unplugs) await pull();
  }

  function spawnInit(spec: HostSpec): ChildProcess {
    const { program, args } = tied('unshare', [
      '--net',
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      path('init.sh'),
      spec.hostname,
      disk(spec.id),
      process.execPath,
      options.agent,
      options.sshd?.program ?? '',
      options.sshd?.libraries ?? '',
      spec.webServer ? path('web-server.ts') : '',
    ]);
    const child = spawn(program, args, {
      env: { PATH: systemPath, NODE_COMPILE_CACHE: options.compileCache },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdin?.on('error', () => {});
    const streams: unknown[] = [...child.stdio];
    for (const [descriptor, name] of outputs) {
      const log = openLog(logOf(spec.hostname, name));
      const output = streams[descriptor] as Readable;
      output.on('data', log.write);
      output.once('close', log.close);
    }
    return child;
  }

  async function powerOff(id: string): Promise<void> {
    const host = running.get(id);
    if (!host) return;
    running.delete(id);
    const ended = new Promise<void>((resolve) => host.process.once('exit', () => resolve()));
    const timer = setTimeout(() => host.process.kill('SIGKILL'), powerOffMs);
    host.process.stdin?.end('poweroff\n');
    await ended;
    clearTimeout(timer);
    await unplug(host);
  }

  return {
    start: (spec) => inOrder(spec.id, () => boot(spec)),
    stop: (id) => inOrder(id, () => powerOff(id)),
    reboot: (spec) =>
      inOrder(spec.id, async () => {
        await powerOff(spec.id);
        await boot(spec);
      }),
    rebuild: (spec) =>
      inOrder(spec.id, async () => {
        await powerOff(spec.id);
        await rm(disk(spec.id), { recursive: true, force: true });
        await markRebuilt(disk(spec.id));
        await boot(spec);
      }),
    plug: (spec) =>
      inOrder(spec.id, async () => {
        const host = running.get(spec.id);
        if (!host) return;
        const added = addedNics(host.spec, spec);
        if (added.length > 0) await plugIn(host, added);
        host.spec = spec;
      }),
    remove: ({ id, hostname }) =>
      inOrder(id, async () => {
        await powerOff(id);
        await rm(disk(id), { recursive: true, force: true });
        await forgetRebuilt(disk(id));
        await rm(logOf(hostname, 'console'), { force: true });
      }),
    console: ({ hostname }) => consoleLog(logOf(hostname, 'console')),
    setPublicIps: (mappings) => inOrder('fabric', () => options.fabric.setPublicIps(mappings)),
    pid: (id) => running.get(id)?.process.pid,
    async close() {
      await Promise.all([...running.keys()].map((id) => inOrder(id, () => powerOff(id))));
    },
  };
}
