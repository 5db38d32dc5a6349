import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { type BffProcess, makeBffHome } from '@moru/bff/testing/bff-process';
import { type Browser, publicUrl } from '@moru/bff/testing/browser';
import { startEmbeddedCloud } from '@moru/bff/testing/embedded-cloud';
import { instanceNamed, interfacePath } from '@moru/bff/testing/instances';
import { until } from '@moru/bff/testing/until';
import { apiHeader, apiPaths } from '@moru/types';
import type { Figure } from './figures.ts';

const clients = 1_000;
/** as many as one session may have */
const perSession = 8;

/** An open stream that takes no time to read: what matters is when it is told. */
interface Client {
  /** when an operation's event last arrived, by performance.now() */
  toldAt: number;
  close(): void;
}

function open(port: number, { cookie }: Browser): Promise<Client> {
  return new Promise((resolve, reject) => {
    const request = get({
      port,
      path: apiPaths.events,
      agent: false,
      headers: { host: new URL(publicUrl).host, [apiHeader.name]: apiHeader.value, cookie: cookie ?? '' },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`a stream was answered ${response.statusCode}`));
      const client = { toldAt: 0, close: () => request.destroy() };
      response.on('data', (chunk: Buffer) => {
        if (client.toldAt === 0 && chunk.includes('event: operation')) client.toldAt = performance.now();
      });
      response.on('error', () => {});
      resolve(client);
    });
  });
}

async function openAll(bff: BffProcess): Promise<Client[]> {
  const all: Client[] = [];
  while (all.length < clients) {
    const browser = bff.browser();
    await browser.signIn('admin');
    for (let tab = 0; tab < perSession; tab += 1) all.push(await open(bff.port, browser));
  }
  return all;
}

/**
 * Somebody connects a Public IP and gives it back. Milliseconds from that request to each stream's hearing that the
 * operation is under way: the writing of session, audit record and operation included.
 */
async function tell(admin: Browser, all: readonly Client[]): Promise<number[]> {
  const place = interfacePath(await instanceNamed(admin, 'web-01'));
  for (const client of all) client.toldAt = 0;
  const began = performance.now();
  const made = await admin.post(place, { mode: 'new' });
  if (made.status !== 200) throw new Error(`not connected: ${made.text}`);
  await until(10_000, () => {
    const deaf = all.filter(({ toldAt }) => toldAt === 0).length;
    if (deaf > 0) throw new Error(`${deaf} streams were not told`);
  });
  const times = all.map(({ toldAt }) => toldAt - began);
  // the operation ends a moment after its answer
  await until(10_000, async () => {
    const gone = await admin.delete(place, { publicIpId: made.body.publicIp.id, deletePublicIp: true });
    if (gone.status !== 200) throw new Error(`not disconnected: ${gone.text}`);
  });
  return times;
}

async function serveAll(runs: number): Promise<{ p95Ms: number; residentMB: number }> {
  const cloud = await startEmbeddedCloud();
  const home = await makeBffHome(cloud, { NODE_ENV: 'production' });
  try {
    const bff = await home.start();
    bff.child.stdout?.resume();
    const admin = bff.browser();
    await admin.signIn('admin');
    const all = await openAll(bff);
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) times.push(...(await tell(admin, all)));
    const status = readFileSync(`/proc/${bff.child.pid}/status`, 'utf8');
    const residentMB = (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6;
    for (const client of all) client.close();
    await bff.kill();
    const sorted = times.toSorted((a, b) => a - b);
    return { p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN, residentMB };
  } finally {
    await home.remove();
    await cloud.stop();
  }
}

let served: ReturnType<typeof serveAll> | undefined;
const serveOnce = (runs: number) => {
  served ??= serveAll(runs);
  return served;
};

/** What 95 of 100 of 1,000 streams of 125 sessions at one replica hear a change within. */
export const streamDelivery: Figure = {
  name: 'bff.sse1000.p95Ms',
  unit: 'ms',
  limit: 250,
  runs: 10,
  measure: async (runs) => (await serveOnce(runs)).p95Ms,
};

/** What that replica then holds, in 10⁶ bytes. */
export const streamMemory: Figure = {
  name: 'bff.sse1000.MB',
  unit: 'MB',
  limit: 300,
  runs: 10,
  measure: async (runs) => (await serveOnce(runs)).residentMB,
};
