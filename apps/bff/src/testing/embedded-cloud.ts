import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type TestAccount, testAccounts, writeAccounts } from './accounts.ts';

const program = fileURLToPath(new URL('../../../cloud/src/main.ts', import.meta.url));

/** See the fault route of the embedded cloud. */
export interface Fault {
  method?: string;
  path: string;
  kind: 'latency' | 'status' | 'hang' | 'answerLost' | 'truncated' | 'rateLimited';
  status?: number;
  ms?: number;
  times?: number;
}

export interface EmbeddedCloud {
  url: string;
  accounts: TestAccount[];
  accountsFile: string;
  setFaults(faults: Fault[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The embedded cloud as the installation runs it, in a process of its own, without hosts behind it; `environment` is
 * added to the usual one.
 */
export async function startEmbeddedCloud(
  environment: Record<string, string> = {},
  accounts = testAccounts(),
): Promise<EmbeddedCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-bff-cloud-'));
  const accountsFile = join(folder, 'accounts.json');
  await writeAccounts(accountsFile, accounts);
  const child = spawn(process.execPath, [program], {
    env: {
      MORU_CLOUD_LISTEN: '127.0.0.1:0',
      MORU_CLOUD_DATA: join(folder, 'data'),
      MORU_ACCOUNTS: accountsFile,
      MORU_CLOUD_ATTACH_MS: '50',
      MORU_CLOUD_DURATIONS: 'all=50',
      MORU_CLOUD_CHECK_ANSWERS: '1',
      MORU_CLOUD_FAULTS: '1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the cloud ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry: { msg?: string; url?: string } = JSON.parse(line);
      if (entry.msg === 'listening' && entry.url) resolve(entry.url);
    });
  });
  return {
    url,
    accounts,
    accountsFile,
    async setFaults(faults) {
      const answer = await fetch(`${url}/_moru/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      });
      if (!answer.ok) throw new Error(`faults were not taken: ${await answer.text()}`);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
