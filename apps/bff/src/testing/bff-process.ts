import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Browser, publicUrl } from './browser.ts';
import type { EmbeddedCloud } from './embedded-cloud.ts';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));

/** As the service runs: what is measured here is said of it. */
function flagsOfUnit(): string[] {
  const unit = new URL('../../packaging/systemd/moru-console.service', import.meta.url);
  const flags = /^ExecStart=\S+\/node ((?:--\S+ )+)/m.exec(readFileSync(unit, 'utf8'))?.[1];
  if (!flags) throw new Error('the unit starts node without flags');
  return flags.trim().split(' ');
}

export interface BffProcess {
  child: ChildProcess;
  port: number;
  /** a browser at this process, with the cookie of an earlier one */
  browser(cookie?: string): Browser;
  /** resolves with the signal or exit code once it has ended by itself */
  ended: Promise<string | number | null>;
  /** ends it as a power cut would */
  kill(): Promise<void>;
}

/** What one installation's processes have in common: a store and a key. */
export interface BffHome {
  /** the store's, for what is put into it while no process runs */
  data: string;
  keyFile: string;
  start(environment?: Record<string, string>): Promise<BffProcess>;
  remove(): Promise<void>;
}

/** Starts the program as it is run, again and again on the same store. */
export async function makeBffHome(
  cloud: Pick<EmbeddedCloud, 'url' | 'accountsFile'>,
  common: Record<string, string> = {},
): Promise<BffHome> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-bff-home-'));
  const keyFile = join(folder, 'secret.key');
  await writeFile(keyFile, randomBytes(32).toString('hex'));
  return {
    data: join(folder, 'data'),
    keyFile,
    async start(environment = {}) {
      const child = spawn(process.execPath, [...flagsOfUnit(), program], {
        env: {
          MORU_BFF_LISTEN: '127.0.0.1:0',
          MORU_PUBLIC_URL: publicUrl,
          MORU_INSTALLATION_ID: 'test',
          MORU_DATA: join(folder, 'data'),
          MORU_IAM_URL: cloud.url,
          MORU_BCS_URL: cloud.url,
          MORU_NETWORK_URL: cloud.url,
          MORU_VPC_URL: cloud.url,
          MORU_ACCOUNTS: cloud.accountsFile,
          MORU_SECRET_KEY_FILE: keyFile,
          NODE_COMPILE_CACHE: join(tmpdir(), 'moru-bff-compiled'),
          ...common,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit').then(([code, signal]) => (signal ?? code) as string | number | null);
      const port = await new Promise<number>((resolve, reject) => {
        ended.then((how) => reject(new Error(`the BFF ended (${how})`)));
        createInterface({ input: child.stdout }).on('line', (line) => {
          const entry: { msg?: string; port?: number } = JSON.parse(line);
          if (entry.msg === 'listening' && entry.port) resolve(entry.port);
        });
      });
      return {
        child,
        port,
        ended,
        browser(cookie) {
          const browser = new Browser({ port });
          browser.cookie = cookie;
          return browser;
        },
        async kill() {
          child.kill('SIGKILL');
          await ended;
        },
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
