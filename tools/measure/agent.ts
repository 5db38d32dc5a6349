import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type BundledProgram, bundledAgent } from '@moru/agent/testing/bundled';
import { startHost, type TestBackend, type TestHost } from '@moru/agent/testing/host';
import { childOf } from '@moru/agent/testing/processes';
import { type Figure, median } from './figures.ts';

let program: Promise<BundledProgram> | null = null;

/** A host with the agent as it is installed: one file, with the flags of its units. */
async function startBundled(backend: TestBackend, more: NodeJS.ProcessEnv = {}): Promise<TestHost> {
  program ??= bundledAgent();
  const bundled = await program;
  const environment = { ...bundled.environment, MORU_AGENT_MIN_WAIT_SECONDS: '1', ...more };
  return startHost(backend, environment, 'none', bundled);
}

const headers = [':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];

const address = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const rule = (i: number) => `-A INPUT -s ${address(i)}/32 -p tcp -m tcp --dport ${1 + (i % 65_535)} -j DROP`;
const manyRules = (count: number) => Array.from({ length: count }, (_, i) => rule(i));
const fileOf = (rules: readonly string[]) => ['*filter', ...headers, ...rules, 'COMMIT', ''].join('\n');

async function must(host: TestHost, program: string, args: string[], input?: string): Promise<void> {
  const { exitCode, stderr } = await host.run(program, args, input);
  if (exitCode !== 0) throw new Error(`${program}: ${stderr}`);
}

interface Applied {
  ms: number;
  id: string;
  secret: string;
}

/** Whoever changes rules has read them for a while, by when the agent has made ready what a trial starts. */
const readingMs = 500;

/**
 * Tries these rules, from the request to "applied"; over the connection by which they were read, as the BFF does, which
 * keeps those that are not for a confirmation.
 */
async function apply(host: TestHost, rules: readonly string[]): Promise<Applied> {
  const { client, close } = await host.keptClient();
  try {
    return await applyBy(client, rules);
  } finally {
    close();
  }
}

async function applyBy(client: TestHost['client'], rules: readonly string[]): Promise<Applied> {
  const { body: state } = await client('GET', '/v1/firewall?family=ipv4');
  const request = {
    ipv4: { revision: state.revision, rules: fileOf(rules) },
    ...{ idempotencyKey: randomUUID(), author: 'bench', waitSeconds: 600 },
  };
  const text = JSON.stringify(request);
  await delay(readingMs);
  const began = performance.now();
  const { status, body } = await client('POST', '/v1/trials', text);
  const ms = performance.now() - began;
  if (status !== 201 || body.state !== 'applied')
    throw new Error(`not applied: ${JSON.stringify(body).slice(0, 500)}`);
  return { ms, id: body.id, secret: body.secret };
}

async function confirm(host: TestHost, { id, secret }: Applied): Promise<void> {
  const { status, body } = await host.client('POST', `/v1/trials/${id}/confirm`, { secret });
  if (status !== 200) throw new Error(`not confirmed: ${JSON.stringify(body)}`);
}

const size = 1_000;

/** One edit in 1,000 rules by a trial, and the same edit by `iptables-restore` alone, by turns. */
async function editTimes(backend: TestBackend, runs: number): Promise<{ ours: number[]; restore: number[] }> {
  const host = await startBundled(backend);
  const [ours, restore]: [number[], number[]] = [[], []];
  try {
    await must(host, 'iptables-restore', [], fileOf(manyRules(size)));
    for (let run = 0; run < runs + 3; run++) {
      const rules = [...manyRules(size), `-A INPUT -s 192.0.2.${run}/32 -j DROP`];
      const applied = await apply(host, rules);
      await confirm(host, applied);
      const payload = ['*filter', '-D INPUT 1001', 'COMMIT', ''].join('\n');
      const began = performance.now();
      await must(host, 'iptables-restore', ['-n', '-c', '-w', '5'], payload);
      // the first ones warm up
      if (run < 3) continue;
      ours.push(applied.ms);
      restore.push(performance.now() - began);
    }
  } finally {
    await host.stop();
  }
  return { ours, restore };
}

/** Milliseconds that an apply takes beyond the restore itself; the worse of both back ends. */
export const applyOverhead: Figure = {
  name: 'agent.apply1k.overheadMs',
  unit: 'ms',
  limit: 60,
  runs: 9,
  async measure(runs) {
    const worst: number[] = [];
    for (const backend of ['legacy', 'nft'] as const) {
      const { ours, restore } = await editTimes(backend, runs);
      worst.push(median(ours) - median(restore));
    }
    return Math.max(...worst);
  },
};

/** Time to put 1,000 rules onto an empty host by one trial, against 1,000 commands as the guide has them. */
export const applyRatio: Figure = {
  name: 'agent.apply1k.ratioToCommands',
  unit: 'ratio',
  limit: 0.5,
  runs: 3,
  async measure(runs) {
    const host = await startBundled('legacy');
    const ratios: number[] = [];
    try {
      const commands = manyRules(size).map((line) => `iptables ${line}`);
      for (let run = 0; run < runs; run++) {
        await must(host, 'iptables', ['-F']);
        const applied = await apply(host, manyRules(size));
        await confirm(host, applied);
        await must(host, 'iptables', ['-F']);
        const began = performance.now();
        await must(host, 'sh', ['-e'], `${commands.join('\n')}\n`);
        ratios.push(applied.ms / (performance.now() - began));
      }
    } finally {
      await host.stop();
    }
    return median(ratios);
  },
};

const agentPid = ({ agent }: { agent: ChildProcess }) => childOf(agent.pid ?? 0);

const residentMB = (pid: number): number =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;

/** Largest resident size that any child of the agent had, as it says itself. */
const peakOf = (said: string): number =>
  Math.max(0, ...[...said.matchAll(/"peakMB":(\d+)/g)].map(([, peak]) => Number(peak)));

/** Memory of the agent a minute after reads, an apply and a confirmation on a host with that many rules. */
async function afterApply(backend: TestBackend, count: number): Promise<{ settled: number; peak: number }> {
  const host = await startBundled(backend);
  try {
    await must(host, 'iptables-restore', [], fileOf(manyRules(count)));
    const reads = Array.from({ length: 8 }, () => host.client('GET', '/v1/firewall?family=ipv4'));
    for (const { status } of await Promise.all(reads))
      if (status !== 200) throw new Error(`not read: ${status}`);
    await confirm(host, await apply(host, [...manyRules(count), '-A INPUT -i lo -j ACCEPT']));
    await delay(60_000);
    return { settled: residentMB(await agentPid(host)), peak: peakOf(host.said()) };
  } finally {
    await host.stop();
  }
}

const measured = new Map<string, ReturnType<typeof afterApply>>();
const measureOnce = (backend: TestBackend, count: number) => {
  const key = `${backend} ${count}`;
  const known = measured.get(key) ?? afterApply(backend, count);
  measured.set(key, known);
  return known;
};
const worstOf = async (what: 'settled' | 'peak', count: number) =>
  Math.max(
    ...(await Promise.all([measureOnce('legacy', count), measureOnce('nft', count)])).map(
      (each) => each[what],
    ),
  );

/** What the agent itself then holds, in 10⁶ bytes. */
export const settledMemory: Figure = {
  name: 'agent.memory50k.MB',
  unit: 'MB',
  limit: 90,
  runs: 1,
  measure: () => worstOf('settled', 50_000),
};

/**
 * The same with as many rules as it takes on itself (apps/agent/src/large/limits.ts), some 25 MB more than where a child
 * reads them: the price of opening them half a second sooner.
 */
export const inlineMemory: Figure = {
  name: 'agent.memory10k.MB',
  unit: 'MB',
  limit: 120,
  runs: 1,
  measure: () => worstOf('settled', 10_000),
};

/** What a child took while it read, planned and applied. */
export const peakMemory: Figure = {
  name: 'agent.memory50k.peakMB',
  unit: 'MB',
  limit: 250,
  runs: 1,
  measure: () => worstOf('peak', 50_000),
};

/** Nanoseconds on a processor of a process with all of its threads. */
function processorNs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    const text = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8');
    return sum + Number(text.split(' ')[0]);
  }, 0);
}

const idleSeconds = 40;
/** The compiler has still to do with the start, and a look without a sign follows it after ten seconds. */
const settleMs = 30_000;

/** Share of one processor that agent and watchers take on a host with 1,000 rules on which nothing happens. */
async function idleShare(backend: TestBackend): Promise<number> {
  const host = await startBundled(backend, { MORU_AGENT_HEARTBEAT: '/run/moru-heartbeat' });
  try {
    await must(host, 'iptables-restore', [], fileOf(manyRules(size)));
    await host.client('GET', '/v1/firewall?family=ipv4');
    await delay(settleMs);
    const pid = await agentPid(host);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const pids = [pid, ...children.trim().split(' ').filter(Boolean).map(Number)];
    const total = () => pids.reduce((sum, each) => sum + processorNs(each), 0);
    const before = total();
    await delay(idleSeconds * 1000);
    return (total() - before) / 1e9 / idleSeconds;
  } finally {
    await host.stop();
  }
}

/** The same in percent, of the worse back end; a processor's time is counted, so both may run at once. */
export const idleCpu: Figure = {
  name: 'agent.idleCpu.percent',
  unit: '%',
  limit: 0.1,
  runs: 1,
  measure: async () => Math.max(...(await Promise.all([idleShare('legacy'), idleShare('nft')]))) * 100,
};
