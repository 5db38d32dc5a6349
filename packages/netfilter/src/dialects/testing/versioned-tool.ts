import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Family } from '../../model.ts';
import type { Backend } from '../../print/dialect.ts';
import type { Answer } from '../../testing/real-tool.ts';

/** How one build of iptables is started: words before the name of its program, and what it must find around it. */
interface Build {
  words: readonly string[];
  environment: Record<string, string>;
}

function buildOf(backend: Backend, tree: string | null): Build {
  if (tree === null) return { words: [`/usr/sbin/xtables-${backend}-multi`], environment: {} };
  const libraries = ['usr/lib', 'lib']
    .map((folder) => join(tree, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('-linux-gnu'))
        .map((name) => join(folder, name)),
    );
  const loader = libraries
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .find((path) => /\/ld-linux[^/]*\.so\.\d$/.test(path));
  const extensions = libraries.map((folder) => join(folder, 'xtables')).find((folder) => existsSync(folder));
  if (!loader || !extensions) throw new Error(`no iptables in ${tree}`);
  // its own loader and C library: those of the machine may be too old or too new for it
  return {
    words: [
      loader,
      '--library-path',
      libraries.join(':'),
      join(tree, 'usr/sbin', `xtables-${backend}-multi`),
    ],
    environment: { XTABLES_LIBDIR: extensions },
  };
}

/**
 * One build and back end of iptables in network and mount namespaces and with a lock file of its own. Without a tree: the
 * machine's own. Needs root.
 */
export class VersionedIptables {
  private readonly holder: ChildProcess;
  private readonly folder: string;
  private readonly backend: Backend;
  private readonly program: 'iptables' | 'ip6tables';
  private readonly build: Build;

  private constructor(holder: ChildProcess, backend: Backend, family: Family, build: Build) {
    this.holder = holder;
    this.folder = mkdtempSync(join(tmpdir(), 'netfilter-'));
    this.backend = backend;
    this.program = family === 'ipv6' ? 'ip6tables' : 'iptables';
    this.build = build;
  }

  static async start(backend: Backend, family: Family, tree: string | null): Promise<VersionedIptables> {
    const build = buildOf(backend, tree);
    // `cat` holds the namespaces until its input is closed, so that they end with this process in any case
    const holder = spawn('unshare', ['--net', '--mount', 'sh', '-c', 'echo ready; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!holder.stdout) throw new Error('no output of unshare');
    await once(holder.stdout, 'data');
    return new VersionedIptables(holder, backend, family, build);
  }

  private run(program: string, args: readonly string[], input = '', build = this.build): Answer {
    const { words, environment } = build;
    const namespaces = ['--target', String(this.holder.pid), '--net', '--mount'];
    const result = spawnSync('nsenter', [...namespaces, ...words, program, ...args], {
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        LC_ALL: 'C.UTF-8',
        XTABLES_LOCKFILE: join(this.folder, 'xtables.lock'),
        ...environment,
      },
      input,
      encoding: 'utf8',
      timeout: 30_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.error) throw result.error;
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
  }

  version(): string {
    return this.run(this.program, ['--version']).stdout;
  }

  restore(payload: string, args: readonly string[] = []): Answer {
    return this.run(`${this.program}-restore`, args, payload);
  }

  save(args: readonly string[] = []): string {
    return this.run(`${this.program}-save`, args).stdout;
  }

  list(table: string): string {
    const listed = this.run(this.program, ['-t', table, '-nL', '--line-numbers', '--verbose']);
    // one stands behind each program of BPF
    return listed.stdout.replaceAll('\0', '');
  }

  /** What another build saves of the same rules in the same kernel. */
  savedBy(tree: string): string {
    return this.run(`${this.program}-save`, [], '', buildOf(this.backend, tree)).stdout;
  }

  async stop(): Promise<void> {
    const ended = once(this.holder, 'exit');
    this.holder.stdin?.end();
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}
