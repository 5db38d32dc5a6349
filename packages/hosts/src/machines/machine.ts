import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLog } from '../log-file.ts';
import { end, firstLine, run, systemPath, tied } from '../namespaces/run.ts';
import type { MachineTools } from './tools.ts';

/** systemd(1), Signals: what process 1 does on SIGRTMIN+4 and +5, by their numbers on Linux. */
const sigrtmin = 34;
const signals = { poweroff: sigrtmin + 4, reboot: sigrtmin + 5 } as const;

/** systemd-nspawn's exit code after a reboot, with --keep-unit. */
const rebooted = 133;

/** A boot takes a quarter of a second on an idle computer; more than this means that something is stuck. */
const bootMs = 20_000;
/** How long a machine gets to end its services before its power is cut: systemd gives each 90 s, we give less. */
const shutdownMs = 10_000;
const pauseMs = 10;

const bootScript = fileURLToPath(new URL('boot.sh', import.meta.url));

export interface MachineHardware {
  id: string;
  hostname: string;
  /** control group of its own, by its path below ours */
  group: string;
  /** tree that the disk's upper layer lies over */
  image: string;
  disk: string;
  tools: MachineTools;
  /** names of its interfaces */
  devices: string[];
  /** further arguments of systemd-nspawn */
  arguments: string[];
  /** file that gets what the machine says on its console */
  console: string;
  /** plugs its interfaces into the network namespace of a process */
  plug(pid: number): Promise<void>;
  started(pid: number | undefined): void;
}

/** A whole system that runs: systemd as process 1, in namespaces and a control group of its own. */
export interface Machine {
  /** process 1 of the machine, as seen from outside */
  leader: number;
  /** what `systemctl is-system-running` said once the boot was over: running, or degraded when a unit failed */
  state: string;
  /** resolves when it is off, with whether it wants to boot again */
  ended: Promise<'off' | 'reboot'>;
  /** an orderly shutdown; cut off after 10 s. Resolves when it is off */
  shutdown(how: keyof typeof signals): Promise<void>;
  /** power loss: everything ends at once, unasked. Resolves when it is off */
  cutPower(): Promise<void>;
}

/** Boots a machine; resolves when its system says that the boot is over. */
export async function bootMachine(hardware: MachineHardware): Promise<Machine> {
  const child = powerOn(hardware);
  hardware.started(child.pid);
  const ended = new Promise<'off' | 'reboot'>((resolve) => {
    child.once('exit', (code) => resolve(code === rebooted ? 'reboot' : 'off'));
  });
  try {
    await firstLine(child, 'mounted', hardware.hostname);
    await hardware.plug(child.pid ?? 0);
    child.stdin?.end('plugged\n');
    const deadline = performance.now() + bootMs;
    const leader = await findLeader(child, deadline);
    const state = await bootIsOver(child, leader, deadline);
    const finish = async (signal: number) => {
      kill(leader, signal);
      const impatience = setTimeout(() => child.kill('SIGKILL'), shutdownMs);
      await ended;
      clearTimeout(impatience);
    };
    return {
      leader,
      state,
      ended,
      shutdown: (how) => finish(signals[how]),
      cutPower: () => finish(9),
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** Starts boot.sh, whose process is the parent of everything in the machine and ends with this one. */
function powerOn(hardware: MachineHardware): ChildProcess {
  const { tools } = hardware;
  const namespaces = [
    '--net',
    '--mount',
    '--pid',
    '--uts',
    '--ipc',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  const { program, args } = tied('unshare', [
    ...namespaces,
    'sh',
    bootScript,
    hardware.group,
    hardware.image,
    hardware.disk,
    tools.nspawn,
    tools.libraries,
    '--boot',
    `--machine=${hardware.hostname}`,
    `--uuid=${hardware.id}`,
    // nothing of this computer's systemd is asked or told
    '--register=no',
    '--keep-unit',
    '--settings=no',
    '--link-journal=no',
    '--timezone=off',
    '--console=read-only',
    '--setenv=SYSTEMD_COLORS=0',
    // with a network of its own it has CAP_NET_ADMIN, which a borrowed one would lack
    '--private-network',
    ...hardware.devices.map((device) => `--network-interface=${device}`),
    ...hardware.arguments,
  ]);
  const child = spawn(program, args, {
    env: { PATH: systemPath },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true, // a session of its own: Ctrl-C in the terminal is for the installation alone
  });
  child.stdin?.on('error', () => {});
  const log = openLog(hardware.console);
  const streams: unknown[] = [...child.stdio];
  const output = streams[3] as Readable;
  output.on('data', log.write);
  output.once('close', log.close);
  return child;
}

/** Process 1 of the machine: the grandchild's child that is number 1 two process namespaces down. */
async function findLeader(child: ChildProcess, deadline: number): Promise<number> {
  for (;;) {
    stillBooting(child, deadline, 'did not start');
    const [nspawn] = await childrenOf(child.pid ?? 0);
    for (const pid of nspawn ? await childrenOf(nspawn) : []) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      if (/^NSpid:(\t\d+){2,}\t1$/m.test(status)) return pid;
    }
    await delay(pauseMs);
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** What systemd says at the end of the boot. Before it listens, systemctl says `offline` or nothing. */
async function bootIsOver(child: ChildProcess, leader: number, deadline: number): Promise<string> {
  for (;;) {
    stillBooting(child, deadline, 'did not finish its boot');
    const left = Math.ceil(Math.max(1, deadline - performance.now()));
    const ask = 'systemctl is-system-running --wait 2> /dev/null || :';
    const answer = await run('nsenter', ['-t', String(leader), '-a', 'sh', '-c', ask], '', left).catch(
      () => '',
    );
    if (['running', 'degraded', 'maintenance'].includes(answer.trim())) return answer.trim();
    await delay(pauseMs);
  }
}

function stillBooting(child: ChildProcess, deadline: number, what: string): void {
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error(`the machine ${what}: it ended (its console log tells more)`);
  if (performance.now() > deadline)
    throw new Error(`the machine ${what} in ${bootMs / 1_000} s (its console log tells more)`);
}

function kill(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone already is what we want
  }
}
