import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cloudToken } from './cloud-token.ts';
import { type Figure, median } from './figures.ts';

const main = fileURLToPath(new URL('../../apps/cloud/src/main.ts', import.meta.url));
const key = { accessKeyId: 'bench', secret: 'bench' };
/** what the compiler has to see before it has settled */
const warmUps = 10;

/** A list of 1,000 of 10,000 instances, from the request to the last byte, as a client asks again and again. */
export const cloudList: Figure = {
  name: 'cloud.list1000.ms',
  unit: 'ms',
  limit: 50,
  runs: 31,
  async measure(runs) {
    const folder = mkdtempSync(join(tmpdir(), 'moru-bench-cloud-'));
    try {
      return await withCloud(folder, async (url) => {
        const token = await cloudToken(url, key);
        const times: number[] = [];
        for (let run = 0; run < warmUps + runs; run += 1) times.push(await listMs(url, token, run));
        return median(times.slice(warmUps));
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function withCloud<Result>(folder: string, use: (url: string) => Promise<Result>): Promise<Result> {
  const accounts = join(folder, 'accounts.json');
  const owner = { id: 'admin', name: 'admin', role: 'admin', userId: 'u', projectId: 'p', projectName: 'p' };
  writeFileSync(accounts, JSON.stringify([{ ...owner, ...key }]));
  const cloud = spawn(process.execPath, ['--max-old-space-size=256', main], {
    env: {
      NODE_ENV: 'production',
      MORU_CLOUD_LISTEN: '127.0.0.1:0',
      MORU_CLOUD_DATA: join(folder, 'cloud'),
      MORU_ACCOUNTS: accounts,
      MORU_CLOUD_FLEET: '10000',
      MORU_CLOUD_SERVERS: '10500',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface({ input: cloud.stdout })) {
      const { msg, url } = JSON.parse(line) as { msg: string; url?: string };
      if (url === undefined) throw new Error(`the cloud said: ${msg}`);
      // Nobody reads its log from here on, and a full pipe would stop it.
      cloud.stdout.resume();
      return await use(url);
    }
    throw new Error('the cloud ended');
  } finally {
    const ended = once(cloud, 'exit');
    if (cloud.kill('SIGTERM')) await ended;
  }
}

/** One page after the other, so that nothing is answered from a memory of the last time. */
async function listMs(url: string, token: string, run: number): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${url}/api/v1/instances?limit=1000&offset=${(run % 10) * 1000}`, {
    headers: { 'x-auth-token': token },
  });
  const body = await answer.arrayBuffer();
  const ms = performance.now() - started;
  const { instances } = JSON.parse(Buffer.from(body).toString()) as { instances: unknown[] };
  if (instances.length !== 1000) throw new Error(`the list has ${instances.length} instances`);
  return ms;
}
