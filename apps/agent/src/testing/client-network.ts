import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BareHost } from './bare-host.ts';
import { childOf, stop, untilSaid } from './processes.ts';

/** Where the agent listens, and what stands for the host's SSH server (door.py). */
export const agentPort = 7443;
export const doorPort = 22;

/** The client's own network namespace: what comes from it goes through the host's NIC, or not at all. */
export interface ClientNetwork {
  /** Joins the host to it by a veth pair: 10.0.0.1 here, 10.0.0.2 there. */
  plug(host: BareHost): Promise<void>;
  /** Takes a link away, if it is there: a connection that has not ended keeps that of a host that is off. */
  unplug(device: string): Promise<void>;
  /** a unix socket whose connections go on to that port of the host */
  socket(port: number): string;
  /** Runs a program in it; rejects where it fails. */
  run(program: string, args: string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startClientNetwork(folder: string): Promise<ClientNetwork> {
  const keeper = spawn('unshare', ['--net', '--fork', '--kill-child', 'cat'], { stdio: 'pipe' });
  // the first byte back tells that the namespace is there
  keeper.stdin.write('\n');
  await once(keeper.stdout, 'data');
  const enter = ['-t', String(await childOf(keeper.pid ?? 0)), '--net', '--'];
  const run = (program: string, args: string[]) =>
    new Promise<void>((resolve, reject) => {
      execFile('nsenter', [...enter, program, ...args], (error) => (error ? reject(error) : resolve()));
    });
  const script = join(import.meta.dirname, 'forwarder.ts');
  const ports = [agentPort, doorPort].map(String);
  const forwarder: ChildProcess = spawn(
    'nsenter',
    [...enter, process.execPath, script, folder, '10.0.0.2', ...ports],
    { stdio: 'pipe' },
  );
  await untilSaid(forwarder, 'ready\n');

  const unplug = (device: string) => run('ip', ['link', 'delete', device]).catch(() => {});

  return {
    run,
    unplug,
    socket: (port) => join(folder, `${port}.sock`),
    plug: async (host) => {
      await unplug('eth0');
      const pair = `link add eth0 type veth peer name eth0 netns ${host.pid}`;
      for (const line of [pair, 'address add 10.0.0.1/24 dev eth0', 'link set eth0 up']) {
        await run('ip', line.split(' '));
      }
      const lines = 'address add 10.0.0.2/24 dev eth0\nlink set eth0 up\n';
      const { exitCode, stderr } = await host.run('ip', ['-batch', '-'], lines);
      if (exitCode !== 0) throw new Error(stderr);
    },
    stop: async () => {
      await stop(forwarder);
      await stop(keeper);
    },
  };
}
