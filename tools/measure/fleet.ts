import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeBffHome } from '@moru/bff/testing/bff-process';
import { type Browser, publicUrl } from '@moru/bff/testing/browser';
import { startEmbeddedCloud } from '@moru/bff/testing/embedded-cloud';
import { enrolFleet } from '@moru/bff/testing/enrol-fleet';
import { startFakeAgent } from '@moru/bff/testing/fake-agent';
import { apiHeader, apiPaths, type Instance } from '@moru/types';
import { type Figure, median } from './figures.ts';

const size = 10_000;
const patienceMs = 300_000;
/** the project's rounds begin a minute apart */
const betweenMs = 65_000;

const residentMB = (pid: number | undefined) =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;

async function allInstances(admin: Browser): Promise<Instance[]> {
  const all: Instance[] = [];
  for (let total = 1; all.length < total; ) {
    const { body, text } = await admin.get(`${apiPaths.instances}?limit=200&offset=${all.length}`);
    if (!body.page) throw new Error(text);
    total = body.page.total;
    all.push(...body.instances);
  }
  return all;
}

/** Requests that agents have answered so far, as the BFF counts them. */
async function answered(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = /^moru_agent_call_duration_seconds_count\{method="GET",status="200"\} (\d+)$/m.exec(text);
  return Number(line?.[1] ?? 0);
}

function openStream(port: number, cookie: string | undefined) {
  const headers = { host: new URL(publicUrl).host, [apiHeader.name]: apiHeader.value, cookie: cookie ?? '' };
  const request = get({ port, path: apiPaths.events, agent: false, headers });
  request.on('response', (response) => response.resume());
  request.on('error', () => {});
  return () => request.destroy();
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

interface Rounds {
  seconds: number;
  /** median of the resident size in the third round in terms of that in the second */
  growth: number;
}

/**
 * Somebody opens the console of a project of 10,000 hosts; three rounds over all of them, of which the first fills it.
 * The agents are stand-ins behind one socket that all answer the same few rules, but each handshake is a real one with
 * the host's own certificate.
 */
async function threeRounds(): Promise<Rounds> {
  const ends: (() => unknown)[] = [];
  try {
    const cloud = await startEmbeddedCloud({
      MORU_CLOUD_FLEET: String(size),
      MORU_CLOUD_SERVERS: String(size + 500),
      MORU_CLOUD_CHECK_ANSWERS: '0',
      NODE_ENV: 'production',
    });
    ends.push(() => cloud.stop());
    const metrics = await freePort();
    const home = await makeBffHome(cloud, {
      NODE_ENV: 'production',
      MORU_HOSTS: 'simulated',
      MORU_METRICS_LISTEN: `127.0.0.1:${metrics}`,
    });
    ends.push(() => home.remove());
    const socket = join(home.data, '..', 'agents.sock');
    const first = await home.start({ MORU_AGENT_SOCKET: socket });
    first.child.stdout?.resume();
    const browser = first.browser();
    await browser.signIn('admin');
    const { project } = (await browser.get(apiPaths.session)).body;
    const fleet = (await allInstances(browser)).filter(({ status }) => status === 'active');
    await first.kill();

    const { ca, certificateOf } = await enrolFleet(home, project.id, fleet);
    const agents = await startFakeAgent(socket, ca, certificateOf);
    ends.push(() => agents.close());
    const bff = await home.start({ MORU_AGENT_SOCKET: socket });
    bff.child.stdout?.resume();
    ends.push(() => bff.kill());

    const close = openStream(bff.port, browser.cookie);
    ends.push(close);
    const rounds: { seconds: number; memory: number }[] = [];
    for (let target = fleet.length; rounds.length < 3; target += fleet.length) {
      const sizes: number[] = [];
      const began = performance.now();
      const before = await answered(metrics);
      let seen = before;
      let startedAt = began;
      while (seen < target) {
        if (performance.now() - began > patienceMs) throw new Error(`${seen} of ${target} were read`);
        await sleep(200);
        sizes.push(residentMB(bff.child.pid));
        seen = await answered(metrics);
        if (seen === before) startedAt = performance.now();
      }
      const seconds = (performance.now() - startedAt) / 1000;
      rounds.push({ seconds, memory: median(sizes) });
      if (rounds.length < 3) await sleep(Math.max(0, betweenMs - seconds * 1000));
    }
    const [, second, third] = rounds.map(({ memory }) => memory);
    return {
      seconds: Math.max(...rounds.map(({ seconds }) => seconds)),
      growth: (third ?? Number.NaN) / (second ?? Number.NaN),
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

let done: Promise<Rounds> | undefined;
const roundsOnce = () => {
  done ??= threeRounds();
  return done;
};

/** In which the summaries of 10,000 hosts are read anew, one round after the other. */
export const fleetRefresh: Figure = {
  name: 'fleet.refresh10k.seconds',
  unit: 's',
  limit: 60,
  runs: 3,
  measure: async () => (await roundsOnce()).seconds,
};

/** Memory of the BFF in the third round in terms of that in the second. */
export const fleetMemory: Figure = {
  name: 'fleet.refresh10k.memoryGrowth',
  unit: 'ratio',
  limit: 1.05,
  runs: 3,
  measure: async () => (await roundsOnce()).growth,
};
