import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

  private constructor(holder: ChildProcess, folder: string) {
    this.holder = holder;
    this.folder = folder;
  }

  static async start(): Promise<RealIptables> {
    // `cat` holds the namespaces until its input is closed, so that they end with this process in any case
    const holder = spawn('unshare', ['--net', '--mount', 'sh', '-c', 'echo ready; exec cat'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!holder.stdout) throw new Error('no output of unshare');
    await once(holder.stdout, 'data');
    return new RealIptables(holder, mkdtempSync(join(tmpdir(), 'netfilter-')));
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

  restore(backend: Backend, payload: string, args: readonly string[] = []): Answer {
    return this.run(`iptables-${backend}-restore`, args, payload);
  }

  /** All tables that the back end knows of. */
  save(backend: Backend, args: readonly string[] = []): string {
    return this.run(`iptables-${backend}-save`, args).stdout;
  }

  list(backend: Backend, table: string): string {
    return this.run(`iptables-${backend}`, ['-t', table, '-nL', '--line-numbers', '--verbose']).stdout;
  }

  async stop(): Promise<void> {
    const ended = once(this.holder, 'exit');
    this.holder.stdin?.end();
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}
