import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { AgentClient } from '../agent/client.ts';
import { createLogger } from '../log.ts';
import { emptyState } from '../testing/fake-agent.ts';
import { createSummaries } from './summaries.ts';

const log = createLogger({ write: () => undefined });
const refuse = () => Promise.reject(new Error('not asked for here'));
const agents: AgentClient = {
  ask: refuse,
  readFirewall: async () => emptyState(),
  readOutput: refuse,
  change: refuse,
  save: refuse,
  zero: refuse,
};

const allEnrolled = { enrolled: async (ids: readonly string[]) => new Set(ids) };

const nic = {
  id: 'nic-1',
  name: 'eth0',
  device: 'eth0',
  primary: true,
  macAddress: null,
  privateIp: null,
  subnet: null,
  publicIp: null,
};

test('a host that has no address at first is asked once it has one', async () => {
  const summaries = createSummaries(agents, allEnrolled, log);
  const bare = { id: 'i', status: 'active', networkInterfaces: [nic] };
  const [without] = await summaries.addTo([bare], 1_000);
  expect(without?.firewall.agent).toBe('none');
  const placed = { ...bare, networkInterfaces: [{ ...nic, privateIp: '10.0.0.2' }] };
  const [reached] = await summaries.addTo([placed], 1_000);
  expect(reached?.firewall).toMatchObject({ agent: 'connected', open: true });
});

test('a sweep reads what is old, some at a time, and tells what has changed', async () => {
  let asked = 0;
  let atOnce = 0;
  let most = 0;
  let policy: 'ACCEPT' | 'DROP' = 'ACCEPT';
  const summaries = createSummaries(
    {
      ...agents,
      readFirewall: async ({ instanceId }) => {
        asked += 1;
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return emptyState(instanceId === 'i7' ? policy : 'ACCEPT');
      },
    },
    allEnrolled,
    log,
  );
  const fleet = Array.from({ length: 100 }, (_, index) => ({
    id: `i${index}`,
    status: index === 3 ? 'stopped' : 'active',
    networkInterfaces: [{ ...nic, privateIp: `10.0.0.${index}` }],
  }));
  const told: string[] = [];
  const sweep = (ageMs: number, signal = new AbortController().signal) =>
    summaries.sweep(fleet, ageMs, ({ id, firewall }) => told.push(`${id} ${firewall.inputPolicy}`), signal);
  await sweep(60_000);
  expect([asked, told]).toEqual([99, []]);
  expect(most).toBeLessThanOrEqual(12);
  await sweep(60_000);
  expect(asked).toBe(99);
  policy = 'DROP';
  await sweep(-1);
  expect([asked, told]).toEqual([198, ['i7 DROP']]);
  await sweep(-1, AbortSignal.abort());
  expect(asked).toBe(198);
});

test('a sweep asks nobody while somebody waits for a list, and goes on after a while all the same', async () => {
  let asked = 0;
  const summaries = createSummaries(
    {
      ...agents,
      readFirewall: async () => {
        asked += 1;
        return emptyState();
      },
    },
    allEnrolled,
    log,
  );
  const fleet = Array.from({ length: 40 }, (_, index) => ({
    id: `i${index}`,
    status: 'active',
    networkInterfaces: [{ ...nic, privateIp: `10.0.0.${index}` }],
  }));
  const forever = new AbortController().signal;
  let answer = () => {};
  const list = summaries.ahead(() => new Promise<void>((resolve) => (answer = resolve)));
  const sweep = summaries.sweep(fleet, 0, () => {}, forever);
  // far less than it is held up for, and enough for the first hosts to be asked
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(asked).toBe(0);
  answer();
  await list;
  await sweep;
  expect(asked).toBe(40);
  // one that is never answered, and another beside it, hold nothing up for good
  void summaries.ahead(() => new Promise(() => {}));
  void summaries.ahead(() => new Promise(() => {}));
  await summaries.sweep(fleet, -1, () => {}, forever);
  expect(asked).toBe(80);
  // what fails is not counted for good either
  const other = createSummaries({ ...agents, readFirewall: async () => emptyState() }, allEnrolled, log);
  await expect(other.ahead(() => Promise.reject(new Error('no list')))).rejects.toThrow('no list');
  await other.sweep(fleet, -1, () => {}, forever);
});

test('hosts that have no agent are asked nothing, and one look tells them all', async () => {
  const asked: string[] = [];
  const looked: number[] = [];
  const enrolled = new Set(['i1', 'i2']);
  const trust = {
    enrolled: async (ids: readonly string[]) => {
      looked.push(ids.length);
      return new Set(ids.filter((id) => enrolled.has(id)));
    },
  };
  const readFirewall: AgentClient['readFirewall'] = async ({ instanceId }) => {
    asked.push(instanceId);
    return emptyState();
  };
  const summaries = createSummaries({ ...agents, readFirewall }, trust, log);
  const fleet = Array.from({ length: 1_000 }, (_, index) => ({
    id: `i${index}`,
    status: 'active',
    networkInterfaces: [{ ...nic, privateIp: '10.0.0.2' }],
  }));
  const shown = await summaries.addTo(fleet.slice(0, 50), 1_000);
  expect(shown.filter(({ firewall }) => firewall.agent === 'connected').map(({ id }) => id)).toEqual([
    'i1',
    'i2',
  ]);
  expect([asked, looked]).toEqual([['i1', 'i2'], [50]]);
  const told: string[] = [];
  const sweep = () =>
    summaries.sweep(
      fleet,
      -1,
      ({ id, firewall }) => told.push(`${id} ${firewall.agent}`),
      new AbortController().signal,
    );
  await sweep();
  expect([asked, looked, told]).toEqual([['i1', 'i2', 'i1', 'i2'], [50, 1_000], []]);
  // one that has enrolled since, and one whose certificate has ended
  enrolled.add('i7');
  enrolled.delete('i2');
  await sweep();
  expect(asked.slice(4)).toEqual(['i1', 'i7']);
  expect(told).toEqual(['i2 none', 'i7 connected']);
});

test('who types waits for hosts of which nothing is known, and not for those that had no agent', async () => {
  const enrolled = new Set<string>();
  const looks: (() => void)[] = [];
  const trust = {
    enrolled: async () => {
      await new Promise<void>((resolve) => looks.push(resolve));
      return enrolled;
    },
  };
  const summaries = createSummaries({ ...agents, readFirewall: async () => emptyState() }, trust, log);
  const rows = [{ id: 'i', status: 'active', networkInterfaces: [{ ...nic, privateIp: '10.0.0.2' }] }];
  const agentOf = async (shown: ReturnType<typeof summaries.addTo<(typeof rows)[number]>>) =>
    (await shown)[0]?.firewall.agent;
  const first = summaries.addTo(rows, 5_000, false);
  looks.shift()?.();
  expect(await agentOf(first)).toBe('none');

  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    vi.setSystemTime(Date.now() + 10_000);
    enrolled.add('i');
    // the look is begun and not awaited
    expect(await agentOf(summaries.addTo(rows, 60_000, false))).toBe('none');
    expect(looks).toHaveLength(1);
    const opened = summaries.addTo(rows, 60_000);
    looks.shift()?.();
    expect(await agentOf(opened)).toBe('connected');
  } finally {
    vi.useRealTimers();
  }
});
