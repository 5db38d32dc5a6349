import { setTimeout as sleep } from 'node:timers/promises';
import {
  agentReadMs,
  type Event,
  type FirewallSummary,
  type WatchState,
  watchLimits,
  watchPath,
  watchStateSchema,
} from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import type { EventBus } from '../events/bus.ts';
import { createLimit } from '../firewall/limit.ts';
import { type Summaries, saysSame } from '../firewall/summaries.ts';
import type { Logger } from '../log.ts';

/** A page or a list that shows a host reads it oftener than this; longer than that nobody looks any more. */
const attentionMs = 20_000;
/** Each costs the host a waiting question and this process a connection. */
const maximumHosts = 200;
/** Rows of lists leave room for whoever opens a host. */
const mostOfLists = 120;
/** A list that is typed over, page for page or key for key, is not followed. */
const settleMs = 500;
/** Hosts that are begun to be followed at once: a list comes with fifty, and people wait for other answers. */
const begunAtOnce = 8;
/** A host whose rules change all the time makes lists read it no oftener than this. */
const restMs = 1_000;
/** Short enough that a host that nobody looks at is left soon. */
const waitSeconds = Math.min(10, watchLimits.waitSeconds);

export interface HostWatch {
  /** somebody reads what the host holds: for a while, changes that others make there are told */
  look(target: AgentTarget, projectId: string): void;
  /** `asker` was given a list of these hosts: for a while, it is told where a list has something else to say of one */
  lookAtList(asker: string, rows: readonly ListedHost[], projectId: string): void;
  close(): void;
}

/** What is another; a mark that changed without its routes tells of rules. */
function changesOf(before: WatchState, now: WatchState): ('firewall' | 'routes')[] {
  if (now.mark === before.mark) return [];
  const facts = ({ mark: _mark, routes: _routes, ...rest }: WatchState) => JSON.stringify(rest);
  const routes = now.routes?.revision !== before.routes?.revision;
  if (!routes) return ['firewall'];
  return facts(before) === facts(now) ? ['routes'] : ['firewall', 'routes'];
}

type What = Extract<Event, { kind: 'host' }>['what'];

/** A row of a list, and what it says of its host. */
export interface ListedHost {
  target: AgentTarget;
  summary: FirewallSummary;
}

interface Watched {
  target: AgentTarget;
  projectId: string;
  /** how long somebody looks at the host's own pages, and at lists */
  pagesUntil: number;
  listsUntil: number;
  /** what a list said when this began; null where none did */
  listed: FirewallSummary | null;
}

interface Parts {
  agents: Pick<AgentClient, 'ask'>;
  summaries: Pick<Summaries, 'renew'>;
  bus: Pick<EventBus, 'publish'>;
  log: Logger;
}

/** Follows the hosts that somebody looks at, by their agents' own watch, and tells that one holds something else. */
export function createHostWatch({ agents, summaries, bus, log }: Parts): HostWatch {
  const hosts = new Map<string, Watched>();
  const settling = new Map<string, ReturnType<typeof setTimeout>>();
  const beginning = createLimit(begunAtOnce);
  let closed = false;

  const ask = (target: AgentTarget, after: string | undefined) =>
    agents.ask(
      target,
      {
        method: 'GET',
        path: after === undefined ? watchPath : `${watchPath}?wait=${waitSeconds}&after=${after}`,
        requestId: `watch-${target.instanceId}`,
        timeoutMs: waitSeconds * 1000 + agentReadMs,
      },
      watchStateSchema,
    );

  const isLookedAt = ({ pagesUntil, listsUntil }: Watched) =>
    !closed && Date.now() < Math.max(pagesUntil, listsUntil);

  const publish = ({ target, projectId }: Watched, what: What) =>
    bus.publish([{ projectId, event: { kind: 'host', id: target.instanceId, what } }]);

  const tell = async (watched: Watched, changes: ('firewall' | 'routes')[]) => {
    if (Date.now() < watched.pagesUntil) for (const what of changes) await publish(watched, what);
    if (!changes.includes('firewall') || Date.now() >= watched.listsUntil) return;
    // a list is answered from what is known: that first
    await summaries.renew(watched.target);
    await publish(watched, 'summary');
    if (Date.now() >= watched.pagesUntil) await sleep(restMs);
  };

  /** What a list was answered may be a minute old, and the host another one since. */
  const begin = async (watched: Watched): Promise<WatchState> => {
    const { target, listed } = watched;
    const known = await ask(target, undefined);
    if (listed && !saysSame(listed, await summaries.renew(target))) await publish(watched, 'summary');
    return known;
  };

  const follow = async (watched: Watched) => {
    const { target, listed } = watched;
    try {
      // whoever opens a host does not wait for rows that do not answer
      let known = await (listed ? beginning(() => begin(watched)) : begin(watched));
      while (isLookedAt(watched)) {
        const next = await ask(target, known.mark);
        await tell(watched, changesOf(known, next));
        known = next;
      }
    } catch (error) {
      // whoever looks at it is told that the host is away, and begins this anew
      log.debug({ error, instanceId: target.instanceId }, 'a host is not followed any more');
    } finally {
      hosts.delete(target.instanceId);
    }
  };

  const watch = (target: AgentTarget, projectId: string, most: number, attention: Partial<Watched>) => {
    const known = hosts.get(target.instanceId);
    if (known) Object.assign(known, attention);
    if (known || closed || hosts.size >= most) return;
    const watched = { target, projectId, pagesUntil: 0, listsUntil: 0, listed: null, ...attention };
    hosts.set(target.instanceId, watched);
    void follow(watched);
  };

  return {
    look(target, projectId) {
      watch(target, projectId, maximumHosts, { pagesUntil: Date.now() + attentionMs });
    },

    lookAtList(asker, rows, projectId) {
      clearTimeout(settling.get(asker));
      const settled = setTimeout(() => {
        settling.delete(asker);
        const listsUntil = Date.now() + attentionMs;
        for (const { target, summary: listed } of rows) {
          watch(target, projectId, mostOfLists, { listsUntil, listed });
        }
      }, settleMs);
      settling.set(asker, settled);
    },

    close() {
      closed = true;
      for (const settled of settling.values()) clearTimeout(settled);
    },
  };
}
