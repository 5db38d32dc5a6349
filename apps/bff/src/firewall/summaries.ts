import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  type FirewallState,
  type FirewallSummary,
  type Instance,
  type ProblemCode,
  ProblemError,
} from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import { findAgent } from '../agent/target.ts';
import type { AgentTrust } from '../enrolment/trust.ts';
import type { Logger } from '../log.ts';
import { createLimit } from './limit.ts';
import { summarise } from './summarise.ts';

type Facts = Pick<Instance, 'id' | 'status' | 'networkInterfaces'>;

export interface Summaries {
  /**
   * Adds to each instance what is known of its firewall. Has stale summaries read in the background, and waits up to
   * `patienceMs` for those of which nothing is known; `again`: also for those that had no agent so far.
   */
  addTo<Item extends Facts>(
    instances: readonly Item[],
    patienceMs: number,
    again?: boolean,
  ): Promise<(Item & { firewall: FirewallSummary })[]>;
  /** what is known of a host's firewall, without asking it */
  known(instance: Facts): FirewallSummary;
  /**
   * Has every summary read that is older than `ageMs`, some at a time, and calls `changed` with each instance whose
   * summary says something else than before. Resolves when all were tried, or soon after `signal` says to stop.
   */
  sweep<Item extends Facts>(
    instances: readonly Item[],
    ageMs: number,
    changed: (instance: Item & { firewall: FirewallSummary }) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Runs what somebody waits for: sweeps begin no question meanwhile, for a quarter of a second at most. */
  ahead<Result>(task: () => Promise<Result>): Promise<Result>;
  /** takes over a state that was read for another reason */
  learn(instanceId: string, state: FirewallState): void;
  /** reads a host now: what is known already, and what is being read, may be older than what it is asked for */
  renew(target: AgentTarget): Promise<FirewallSummary>;
  /** the agent did not answer somebody who asked for another reason, and why; what was known keeps its age */
  lost(instanceId: string, reason: unknown): void;
}

/**
 * A summary is read again when it is this old and somebody looks; an agent that was away comes back unannounced. Less
 * than the 10 s after which a list asks again: it would else find it a moment too young, every second time.
 */
const freshMs = 8_000;
const offlineFreshMs = 4_000;

/** Agents asked at once: a summary costs an agent some milliseconds and this process a connection. */
const concurrency = 16;

/** Of those, in a sweep over all hosts: so that somebody who waits for one finds a place. */
const sweepers = 12;

/**
 * Over how long a sweep spreads its questions, so that it leaves time to whoever waits for an answer: read as fast as
 * they come, thousands of hosts would keep this process busy for a third of each minute. Few hosts are read at once.
 */
const spreadMs = 30_000;
const longestGapMs = 20;

/** Hosts without an agent that a sweep goes over without a pause: a fraction of a millisecond. */
const passedAtOnce = 250;

/** A sweep waits for people, who come one after another on a busy day; it looks so often whether they are gone. */
const mostHeldMs = 250;
const heldStepMs = 5;

/** Hosts remembered, about 0.5 kB each; the one that was looked at longest ago goes first. */
const maximumHosts = 20_000;

const noAgent: FirewallSummary = {
  agent: 'none',
  readAt: null,
  inputPolicy: null,
  open: null,
  openPorts: [],
  closedPorts: [],
  unsaved: null,
  outside: null,
};

/** A host with an address should have an agent, which answers once it is on; without one there is nowhere to ask. */
function neverHeardOf(instance: Facts): FirewallSummary {
  if (!findAgent(instance)) return noAgent;
  return { ...noAgent, agent: instance.status === 'active' ? 'unread' : 'offline' };
}

/**
 * What is known of a host that did not answer: what was read last, marked as the agent being away (its readAt tells
 * the age), or nothing where nobody could answer before the host enrols (again).
 */
function without(summary: FirewallSummary, reason: unknown): FirewallSummary {
  const unknown: ProblemCode[] = ['agent.notEnrolled', 'agent.revoked', 'agent.expired'];
  const isUnknown = reason instanceof ProblemError && unknown.includes(reason.problem.code);
  return isUnknown ? noAgent : { ...summary, agent: 'offline' };
}

/** Of a host that is off: nobody answers there. */
function off(summary: FirewallSummary): FirewallSummary {
  return { ...summary, agent: 'offline' };
}

/** Whether two summaries say the same, whenever they were read. */
export function saysSame(one: FirewallSummary, other: FirewallSummary): boolean {
  const said = (summary: FirewallSummary) => JSON.stringify({ ...summary, readAt: null });
  return one === other || said(one) === said(other);
}

type Awaitable<Value> = Value | Promise<Value>;

interface Entry {
  summary: FirewallSummary;
  triedAt: number;
  running: Promise<void> | null;
}

export function createSummaries(
  client: AgentClient,
  trust: Pick<AgentTrust, 'enrolled'>,
  log: Logger,
): Summaries {
  const entries = new Map<string, Entry>();
  const limit = createLimit(concurrency);
  let people = 0;
  let heldUntil = 0;

  const giveWay = async (signal: AbortSignal) => {
    while (people > 0 && performance.now() < heldUntil && !signal.aborted) await sleep(heldStepMs);
  };

  /** `enrolled`: has this instance where its agent is worth asking; most of thousands may have none. */
  const read = async (
    target: AgentTarget,
    entry: Entry,
    enrolled: Awaitable<ReadonlySet<string>>,
  ): Promise<void> => {
    const { instanceId } = target;
    try {
      entry.summary = (await enrolled).has(instanceId)
        ? summarise(await limit(() => client.readFirewall(target, 'ipv4', `summary-${instanceId}`)))
        : noAgent;
    } catch (error) {
      entry.summary = without(entry.summary, error);
      log.debug({ error, instanceId }, 'firewall summary was not read');
    } finally {
      entry.triedAt = Date.now();
      entry.running = null;
    }
  };

  const entryOf = (instance: Facts): Entry => {
    const entry = entries.get(instance.id) ?? { summary: neverHeardOf(instance), triedAt: 0, running: null };
    // set anew, so that the map's order is the order of last use
    entries.delete(instance.id);
    entries.set(instance.id, entry);
    const oldest = entries.keys().next().value;
    if (entries.size > maximumHosts && oldest !== undefined) entries.delete(oldest);
    if (instance.status !== 'active') {
      // a host that is off would only cost the wait for a timeout
      if (entry.summary.agent !== 'none') entry.summary = off(entry.summary);
      entry.triedAt = 0;
    }
    return entry;
  };

  /** Whom to ask for a summary that is older than `ageMs`; null where nobody, or where it is being read. */
  const dueOf = (instance: Facts, entry: Entry, ageMs: number): AgentTarget | null => {
    if (instance.status !== 'active' || entry.running) return null;
    const patience = entry.summary.agent === 'connected' ? ageMs : Math.min(ageMs, offlineFreshMs);
    return Date.now() - entry.triedAt > patience ? findAgent(instance) : null;
  };

  return {
    async addTo(instances, patienceMs, again = true) {
      const looked = instances.map((instance) => ({ instance, entry: entryOf(instance) }));
      const due = looked.flatMap(({ instance, entry }) => {
        const target = dueOf(instance, entry, freshMs);
        return target ? [{ target, entry }] : [];
      });
      if (due.length > 0) {
        const enrolled = trust.enrolled(due.map(({ target }) => target.instanceId));
        for (const { target, entry } of due) entry.running = read(target, entry, enrolled);
      }
      const awaited = looked.flatMap(({ entry: { running, summary } }) =>
        running && summary.readAt === null && (again || summary.agent !== 'none') ? [running] : [],
      );
      if (awaited.length > 0) {
        const enough = new AbortController();
        await Promise.race([
          Promise.all(awaited),
          sleep(patienceMs, undefined, { signal: enough.signal }).catch(() => undefined),
        ]);
        enough.abort();
      }
      return looked.map(({ instance, entry }) => ({ ...instance, firewall: entry.summary }));
    },

    known: (instance) => {
      const summary = entries.get(instance.id)?.summary ?? neverHeardOf(instance);
      return instance.status === 'active' || summary.agent === 'none' ? summary : off(summary);
    },

    async sweep(instances, ageMs, changed, signal) {
      const enrolled = await trust.enrolled(instances.map(({ id }) => id));
      const look = async (instance: (typeof instances)[number]) => {
        const before = entries.get(instance.id)?.summary;
        const entry = entryOf(instance);
        const target = dueOf(instance, entry, ageMs);
        if (target) entry.running = read(target, entry, enrolled);
        await entry.running;
        const { summary: firewall } = entry;
        if (before && !saysSame(before, firewall)) changed({ ...instance, firewall });
      };
      const { asked = [], passed = [] } = Object.groupBy(instances, ({ id }) =>
        enrolled.has(id) ? 'asked' : 'passed',
      );
      for (const [index, instance] of passed.entries()) {
        if (index % passedAtOnce === 0) await nextTurn();
        await giveWay(signal);
        if (signal.aborted) return;
        await look(instance);
      }
      const rows = asked.entries();
      const gapMs = Math.min(spreadMs / asked.length, longestGapMs);
      const began = performance.now();
      const one = async () => {
        for (const [index, instance] of rows) {
          const early = began + index * gapMs - performance.now();
          // timers have whole milliseconds; who is late does not wait
          if (early >= 1) await sleep(early, undefined, { signal }).catch(() => undefined);
          await giveWay(signal);
          if (signal.aborted) return;
          await look(instance);
        }
      };
      await Promise.all(Array.from({ length: sweepers }, one));
    },

    async ahead(task) {
      if (people++ === 0) heldUntil = performance.now() + mostHeldMs;
      try {
        return await task();
      } finally {
        people -= 1;
      }
    },

    learn(instanceId, state) {
      if (state.family !== 'ipv4') return;
      const { outside } = entries.get(instanceId)?.summary ?? noAgent;
      const told = state.outside === undefined ? { outside } : {};
      // a new entry: a reading under way writes into the old one, and cannot put an older state over this
      entries.set(instanceId, {
        summary: { ...summarise(state), ...told },
        triedAt: Date.now(),
        running: null,
      });
    },

    async renew(target) {
      await entries.get(target.instanceId)?.running;
      const entry = entries.get(target.instanceId) ?? { summary: noAgent, triedAt: 0, running: null };
      // it has just answered another question: whether it is enrolled is not asked again
      entry.running ??= read(target, entry, new Set([target.instanceId]));
      await entry.running;
      return entry.summary;
    },

    lost(instanceId, reason) {
      const summary = entries.get(instanceId)?.summary;
      if (!summary) return;
      entries.set(instanceId, { summary: without(summary, reason), triedAt: Date.now(), running: null });
    },
  };
}
