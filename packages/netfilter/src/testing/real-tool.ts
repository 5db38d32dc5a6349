import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Family } from '../model.ts';
import { makeObjects } from './kernel-objects.ts';

export type Backend = 'legacy' | 'nft';

/** What a program answered. */
export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };
const timeout = 30_000;

/**
 * The machine's iptables in network and mount namespaces of its own, with a lock file of its own (all network
 * namespaces share /run/xtables.lock: reference/iptables.md section 4.2). Needs root.
 */
export class RealIptables {
  private readonly holder: ChildProcess;
  private readonly folder: string;
  private readonly tool: 'iptables' | 'ip6tables';
  readonly family: Family;

  private constructor(holder: ChildProcess, folder: string, family: Family) {
    this.holder = holder;
    this.folder = folder;
    this.family = family;
    this.tool = family === 'ipv6' ? 'ip6tables' : 'iptables';
  }

  /** `objects`: with the sets, counters and timeout policies that `makeObjects` tells of. */
  static async start(options: { family?: Family; objects?: boolean } = {}): Promise<RealIptables> {
    const { family = 'ipv4', objects = false } = options;
    // `cat` holds the namespaces until its input is closed, so that they end with this process in any case
    const holder = spawn('unshare', ['--net', '--mount', 'sh', '-c', 'echo ready; exec cat'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!holder.stdout) throw new Error('no output of unshare');
    await once(holder.stdout, 'data');
    const started = new RealIptables(holder, mkdtempSync(join(tmpdir(), 'netfilter-')), family);
    if (objects) {
      const made = started.run(...makeObjects(family));
      if (made.code !== 0) throw new Error(`objects of the kernel: ${made.stderr}`);
    }
    return started;
  }

  private run(program: string, args: readonly string[], input = ''): Answer {
    const pid = String(this.holder.pid);
    const result = spawnSync('nsenter', ['--target', pid, '--net', '--mount', program, ...args], {
      env: { ...environment, XTABLES_LOCKFILE: join(this.folder, 'xtables.lock') },
      input,
      encoding: 'utf8',
      timeout,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.error) throw result.error;
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
  }

  /** Starts a program there and does not wait for it; its lock file is the same. */
  start(program: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    const pid = String(this.holder.pid);
    return spawn('nsenter', ['--target', pid, '--net', '--mount', program, ...args], {
      env: { ...environment, XTABLES_LOCKFILE: join(this.folder, 'xtables.lock') },
      timeout,
    });
  }

  /** One call of `iptables` with these words. */
  command(backend: Backend, args: readonly string[]): Answer {
    return this.run(`${this.tool}-${backend}`, args);
  }

  restore(backend: Backend, payload: string, args: readonly string[] = []): Answer {
    return this.run(`${this.tool}-${backend}-restore`, args, payload);
  }

  /** Whether each payload is taken, one after the other by one shell, which takes a quarter of the time. */
  restoreEach(backend: Backend, payloads: readonly string[], args: readonly string[] = []): boolean[] {
    const folder = mkdtempSync(join(this.folder, 'each-'));
    for (const [index, payload] of payloads.entries()) writeFileSync(join(folder, String(index)), payload);
    const script =
      'n=$1; folder=$2; shift 2; i=0; while [ $i -lt $n ]; do "$@" < $folder/$i; echo $?; i=$((i + 1)); done';
    const command = [`${this.tool}-${backend}-restore`, ...args];
    const answer = this.run('sh', ['-c', script, 'sh', String(payloads.length), folder, ...command]);
    return answer.stdout
      .trimEnd()
      .split('\n')
      .map((code) => code === '0');
  }

  /** All tables that the back end knows of. */
  save(backend: Backend, args: readonly string[] = []): string {
    return this.run(`${this.tool}-${backend}-save`, args).stdout;
  }

  list(backend: Backend, table: string): string {
    const listed = this.run(`${this.tool}-${backend}`, ['-t', table, '-nL', '--line-numbers', '--verbose']);
    // one stands behind each program of BPF
    return listed.stdout.replaceAll('\0', '');
  }

  async stop(): Promise<void> {
    const ended = once(this.holder, 'exit');
    this.holder.stdin?.end();
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}
