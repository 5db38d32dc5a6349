import type { WatchState } from '@moru/types';
import { afterEach, expect, test, vi } from 'vitest';
import { createSummaries } from '../firewall/summaries.ts';
import { createLogger } from '../log.ts';
import { emptyState } from '../testing/fake-agent.ts';
import { until } from '../testing/until.ts';
import { createHostWatch, type HostWatch } from './host-watch.ts';

const log = createLogger({ write: () => undefined });
const refuse = () => Promise.reject(new Error('not asked for here'));

const watches: HostWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.close();
});

/** Hosts that hold a number of rules each, told of when it changes; questions that wait are answered by `change`. */
function startHosts() {
  const rules = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const asked: string[] = [];
  const told: string[] = [];
  const marked = (id: string): WatchState => ({
    mark: `m${rules.get(id) ?? 0}`,
    ipv4: null,
    ipv6: null,
    routes: null,
    sources: [],
    pollSeconds: 2,
  });
  const agents = {
    readFirewall: async ({ instanceId }: { instanceId: string }) =>
      emptyState((rules.get(instanceId) ?? 0) > 0 ? 'DROP' : 'ACCEPT'),
    readOutput: refuse,
    change: refuse,
    save: refuse,
    zero: refuse,
    ask: async ({ instanceId }: { instanceId: string }, { path }: { path: string }) => {
      asked.push(instanceId);
      if (instanceId.startsWith('silent')) await new Promise(() => {});
      if (path.includes('after=')) {
        await new Promise<void>((resolve) => waiting.set(instanceId, resolve));
      }
      return marked(instanceId) as never;
    },
  };
  const summaries = createSummaries(agents, { enrolled: async (ids) => new Set(ids) }, log);
  const watch = createHostWatch({
    agents,
    summaries,
    bus: {
      publish: async (events) => {
        for (const { event } of events) if (event.kind === 'host') told.push(`${event.id} ${event.what}`);
      },
    },
    log,
  });
  watches.push(watch);
  const listed = async (...ids: string[]) =>
    Promise.all(
      ids.map(async (instanceId) => {
        const target = { instanceId, address: '10.0.0.2' };
        return { target, summary: await summaries.renew(target) };
      }),
    );
  const isFollowed = (id: string) => until(5_000, async () => expect(waiting.has(id)).toBe(true));
  const change = (id: string) => {
    rules.set(id, (rules.get(id) ?? 0) + 1);
    waiting.get(id)?.();
    waiting.delete(id);
  };
  return { watch, listed, isFollowed, change, rules, asked, told };
}

test('a change on a host of a list is told once what lists say of it was read', async () => {
  const { watch, listed, isFollowed, change, told } = startHosts();
  watch.lookAtList('somebody', await listed('a', 'b'), 'p');
  await isFollowed('b');
  change('b');
  await until(5_000, async () => expect(told).toEqual(['b summary']));
  // and the next one, after a rest
  await isFollowed('b');
  change('b');
  await until(5_000, async () => expect(told).toEqual(['b summary', 'b summary']));
});

test('what has changed since a list was answered is told when it is looked at', async () => {
  const { watch, listed, isFollowed, rules, told } = startHosts();
  const rows = await listed('a', 'b');
  rules.set('a', 1);
  watch.lookAtList('somebody', rows, 'p');
  await isFollowed('a');
  await isFollowed('b');
  expect(told).toEqual(['a summary']);
});

test('a list that is typed over is not followed, and another session has its own', async () => {
  const { watch, listed, isFollowed, asked } = startHosts();
  watch.lookAtList('one', await listed('a'), 'p');
  watch.lookAtList('one', await listed('b'), 'p');
  watch.lookAtList('other', await listed('c'), 'p');
  await isFollowed('b');
  await isFollowed('c');
  expect(asked).not.toContain('a');
});

test('lists leave room for whoever opens a host, who is told of its rules at once', async () => {
  const { watch, listed, isFollowed, change, asked, told } = startHosts();
  const ids = Array.from({ length: 150 }, (_, index) => `h${index}`);
  watch.lookAtList('somebody', await listed(...ids), 'p');
  await isFollowed('h119');
  expect(new Set(asked).size).toBe(120);
  watch.look({ instanceId: 'h140', address: '10.0.0.2' }, 'p');
  await isFollowed('h140');
  change('h140');
  await until(5_000, async () => expect(told).toEqual(['h140 firewall']));
});

test('rows that do not answer hold up nobody who opens a host', async () => {
  const { watch, listed, isFollowed, asked } = startHosts();
  const ids = Array.from({ length: 20 }, (_, index) => `silent${index}`);
  watch.lookAtList('somebody', await listed(...ids), 'p');
  await until(5_000, async () => expect(asked).toHaveLength(8));
  watch.look({ instanceId: 'opened', address: '10.0.0.2' }, 'p');
  await isFollowed('opened');
});

test('is over some time after nobody looks any more', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const { watch, listed, isFollowed, change, asked } = startHosts();
    watch.lookAtList('somebody', await listed('a'), 'p');
    await isFollowed('a');
    vi.setSystemTime(Date.now() + 21_000);
    const before = asked.length;
    change('a');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked.length).toBe(before);
  } finally {
    vi.useRealTimers();
  }
});
