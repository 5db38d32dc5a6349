import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type BffHome, makeBffHome } from '@moru/bff/testing/bff-process';
import { publicUrl } from '@moru/bff/testing/browser';
import { startEmbeddedCloud } from '@moru/bff/testing/embedded-cloud';
import { apiHeader } from '@moru/types';
import { cloudToken } from './cloud-token.ts';
import { type Figure, median } from './figures.ts';

const program = (name: string) => fileURLToPath(import.meta.resolve(`@moru/bff/testing/${name}`));

const connections = 50;
/** of each contender in each round: short, so that both meet the same machine; the first rounds warm up */
const roundMs = 1_500;
const warmUps = 2;

/** What is asked of the BFF, and of the pass-through for the same instances, in a project of that many. */
const lists = [
  { instances: 20, ours: '/api/instances?limit=20', plain: '/api/v1/instances?limit=20' },
  { instances: 1_000, ours: '/api/instances?limit=200', plain: '/api/v1/instances?limit=200' },
];

interface Load {
  perSecond: number;
  p99Ms: number;
}

interface Contender {
  url: string;
  headers: Record<string, string>;
  /**
   * Keeps its connections from round to round. Node accepts one new connection per turn of its loop: fifty that knock
   * at a busy server at once wait up to a second, in whichever of the two programs, and would be all that p99 tells.
   */
  agent: Agent;
}

const keptConnections = () => new Agent({ keepAlive: true, maxSockets: connections });

/** Asks by so many connections, each with the next request once the last one is answered. */
async function load({ url, headers, agent }: Contender): Promise<Load> {
  const times: number[] = [];
  const began = performance.now();
  const one = async () => {
    while (performance.now() - began < roundMs) {
      const asked = performance.now();
      await get(url, headers, agent);
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const seconds = (performance.now() - began) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    perSecond: times.length / seconds,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  };
}

function get(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers, agent }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${answer.statusCode}`));
      });
      answer.once('error', reject);
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function startProgram(name: string, argument: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [program(name), argument], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return { url: String(url), child };
}

interface Ratios {
  throughput: number;
  p99: number;
}

/**
 * Both before the same upstream, by turns. It answers from memory what the embedded cloud said once, so that it is not
 * the upstream that is measured; the BFF looks up the session, asks for instances and Public IPs, checks every answer by
 * its schema, joins, filters, sorts, and checks its own answer. The pass-through does none of it.
 */
async function compare(list: (typeof lists)[number], rounds: number): Promise<Ratios> {
  const ends: (() => unknown)[] = [];
  try {
    const cloud = await startEmbeddedCloud({
      MORU_CLOUD_FLEET: String(list.instances),
      MORU_CLOUD_SERVERS: '2000',
      MORU_CLOUD_CHECK_ANSWERS: '0',
      NODE_ENV: 'production',
    });
    ends.push(() => cloud.stop());
    const [account] = cloud.accounts;
    if (!account) throw new Error('the cloud has no account');
    const upstream = await startProgram('replay', cloud.url);
    ends.push(() => upstream.child.kill());
    const plain = await startProgram('pass-through', upstream.url);
    ends.push(() => plain.child.kill());
    const home: BffHome = await makeBffHome({ ...cloud, url: upstream.url }, { NODE_ENV: 'production' });
    ends.push(() => home.remove());
    const bff = await home.start();
    bff.child.stdout?.resume();
    ends.push(() => bff.kill());
    const browser = bff.browser();
    await browser.signIn('admin');
    const contenders = {
      ours: {
        url: `http://127.0.0.1:${bff.port}${list.ours}`,
        headers: {
          host: new URL(publicUrl).host,
          [apiHeader.name]: apiHeader.value,
          cookie: browser.cookie ?? '',
        },
        agent: keptConnections(),
      },
      plain: {
        url: plain.url + list.plain,
        headers: { 'x-auth-token': await cloudToken(cloud.url, account) },
        agent: keptConnections(),
      },
    };
    for (const { agent } of Object.values(contenders)) ends.push(() => agent.destroy());
    const ratios: Ratios[] = [];
    for (let round = 0; round < warmUps + rounds; round += 1) {
      const [ours, other] = [await load(contenders.ours), await load(contenders.plain)];
      if (round < warmUps) continue;
      ratios.push({ throughput: ours.perSecond / other.perSecond, p99: ours.p99Ms / other.p99Ms });
    }
    return {
      throughput: median(ratios.map(({ throughput }) => throughput)),
      p99: median(ratios.map(({ p99 }) => p99)),
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

let measured: Promise<Ratios[]> | undefined;
async function measureOnce(rounds: number): Promise<Ratios[]> {
  measured ??= (async () => {
    const all: Ratios[] = [];
    for (const list of lists) all.push(await compare(list, rounds));
    return all;
  })();
  return measured;
}

/** Requests per second of the BFF's instance list in terms of the bare pass-through's, at 50 connections. */
export const listThroughput: Figure = {
  name: 'bff.list.throughputRatio',
  unit: 'ratio',
  limit: 0.7,
  atLeast: true,
  runs: 9,
  measure: async (runs) => Math.min(...(await measureOnce(runs)).map(({ throughput }) => throughput)),
};

/** The same of the time that 99 of 100 requests are answered within. */
export const listTail: Figure = {
  name: 'bff.list.p99Ratio',
  unit: 'ratio',
  limit: 1.5,
  runs: 9,
  measure: async (runs) => Math.max(...(await measureOnce(runs)).map(({ p99 }) => p99)),
};
