import type { InstanceListQuery } from '@moru/types';
import {
  type Caller,
  type CloudInstance,
  type CloudProvider,
  type MirrorChanges,
  type ProjectMirror,
  TokenRefused,
} from '../cloud/provider.ts';
import { type FirewallOf, type Selection, selectInstances } from '../instances/select.ts';
import type { Sessions, SignedIn } from '../session/sessions.ts';
import { InstanceIndex } from './instance-index.ts';

/** A project that fits one answer of the cloud is read for each request: that costs no more than asking whether to. */
const directRows = 1_000;

/** Shown without a further look; while somebody listens, it is looked at oftener than this. */
const freshMs = 3_000;

/** What a look at the latest changes may miss, a whole reading finds. */
const wholeMs = 60_000;

/** It takes seconds of the cloud's time and this process's: whoever is at work is let finish first, up to a minute. */
const quietMs = 2_000;
const mostDelayedMs = 60_000;

/** Kept for so long after its last use, and within these bounds: 10,000 instances take some 40 MB. */
const idleMs = 10 * 60_000;
const maximumProjects = 50;
const maximumRows = 60_000;

/** A project that changes while it is looked at is looked at once more, before the caller reads it for themselves. */
const mostLooks = 2;

type Asker = Pick<SignedIn, 'idHash' | 'project'>;

/** What a caller may see of a project. */
export interface ProjectView {
  /** when the cloud was last asked; RFC 3339 */
  readAt: string;
  instances(): CloudInstance[];
  select(query: InstanceListQuery, firewallOf: FirewallOf<CloudInstance>): Selection<CloudInstance>;
}

export interface Inventory {
  view(session: Asker, caller: Caller): Promise<ProjectView>;
  /** brings a project up to date on behalf of one of these sessions; null when all of them are over */
  look(projectId: string, idHashes: readonly string[]): Promise<ProjectView | null>;
  /** something was done there: what was read before is not shown any more */
  invalidate(projectId: string): void;
  /** calls with everything that a reading finds to be other than the one before; returns what ends it */
  subscribe(listener: (projectId: string, changes: MirrorChanges) => void): () => void;
}

interface Entry {
  projectId: string;
  mirror: ProjectMirror;
  index: InstanceIndex;
  /** when the last refresh, and the last whole one, began */
  readAt: number;
  wholeAt: number;
  usedAt: number;
  /** when somebody last asked for what is in it */
  askedAt: number;
  /** invalidations so far, and how many of them the last refresh came after */
  wanted: number;
  covered: number;
  running: Promise<void> | null;
  /** that is a whole reading, which shows nothing before its end */
  isWhole: boolean;
  /** the session on whose behalf it is read */
  reader: string | null;
}

/**
 * One reading of each project for everybody: for the instance list, for the watch that tells what others changed, and
 * for the sweep over hosts.
 *
 * Whose token reads: always one of a signed-in session of that very project (IAM says of which project a token is, when
 * it is issued), the one that filled it as long as its session lives, then another that asks; nothing is read on behalf
 * of nobody. What a caller is shown of it: before each answer their own token asks the cloud for the length and the
 * newest row of every list that the answer is made of (`glance`). The cloud refuses that of a token that was revoked or
 * may not list, and the refusal is the caller's answer, as if nothing were kept. Where it says something else than the
 * reading began with, the project has changed or this token sees another part of it: the shared reading is brought up
 * to date, and if the two still differ, the caller reads for themselves and nothing of the shared rows is used. So a
 * shared row reaches only tokens for which the cloud counts the same rows and names the same newest ones; roles of
 * KakaoCloud divide what may be done in a project, not what of it is listed (reference/kakaocloud.md A.9).
 *
 * How old it may be: `freshMs`, or else it is looked at first; anything done through this console (of other replicas it
 * hears by the bus) asks for a look before the next answer. `readAt` tells when that was.
 */
export function createInventory(cloud: CloudProvider, sessions: Pick<Sessions, 'resume'>): Inventory {
  const entries = new Map<string, Entry>();
  const listeners = new Set<(projectId: string, changes: MirrorChanges) => void>();

  const makeRoom = () => {
    let rows = 0;
    for (const { mirror } of entries.values()) rows += mirror.instances.size + mirror.publicIps.size;
    for (const [id, { usedAt, mirror, running }] of entries) {
      const isIdle = Date.now() - usedAt > idleMs;
      const isOver = entries.size > maximumProjects || (rows > maximumRows && entries.size > 1);
      if (running || !(isIdle || isOver)) continue;
      rows -= mirror.instances.size + mirror.publicIps.size;
      entries.delete(id);
    }
  };

  const entryOf = (projectId: string): Entry => {
    const known = entries.get(projectId);
    const entry = known ?? newEntry(projectId, cloud.mirrorProject());
    entry.usedAt = Date.now();
    // set anew, so that the map's order is the order of last use
    entries.delete(projectId);
    entries.set(projectId, entry);
    if (!known) makeRoom();
    return entry;
  };

  const isFresh = ({ mirror, readAt, wanted, covered }: Entry) =>
    mirror.mark !== null && covered === wanted && Date.now() - readAt <= freshMs;

  const run = async (entry: Entry, caller: Caller, whole: boolean) => {
    const [began, { wanted }] = [Date.now(), entry];
    const changes = await entry.mirror.refresh(caller, whole);
    entry.readAt = began;
    entry.covered = wanted;
    if (whole) entry.wholeAt = began;
    if (!changes) {
      entry.index = new InstanceIndex(entry.mirror.instances);
      void entry.index.prepare();
      entry.wholeAt = began;
      return;
    }
    entry.index.update(changes.instances);
    for (const listener of listeners) listener(entry.projectId, changes);
  };

  /** One at a time. Whoever finds one under way waits for it, and begins another where that one came too early. */
  const refresh = async (entry: Entry, caller: Caller, { force = false, whole = false } = {}) => {
    const calledAt = Date.now();
    const isDone = () => isFresh(entry) && (!force || entry.readAt >= calledAt);
    while (entry.running) {
      await entry.running.catch(() => undefined);
      if (isDone()) return;
    }
    entry.isWhole = whole;
    entry.running = run(entry, caller, whole).finally(() => {
      entry.running = null;
      entry.isWhole = false;
    });
    await entry.running;
  };

  const isWholeDue = ({ wholeAt, askedAt }: Entry) => {
    const lateMs = Date.now() - wholeAt - wholeMs;
    return lateMs > 0 && (lateMs > mostDelayedMs || Date.now() - askedAt > quietMs);
  };

  /** The token by which the project is read: its reader's while that session lives, else the asker's. */
  const readerOf = async (entry: Entry, asker: Asker, caller: Caller): Promise<Caller> => {
    if (entry.reader !== null && entry.reader !== asker.idHash) {
      const session = await sessions.resume(entry.reader);
      if (session) return { ...caller, token: session.token };
    }
    entry.reader = asker.idHash;
    return caller;
  };

  const refreshFor = async (entry: Entry, asker: Asker, caller: Caller, force: boolean) => {
    const reader = await readerOf(entry, asker, caller);
    try {
      await refresh(entry, reader, { force });
    } catch (error) {
      if (!(error instanceof TokenRefused) || reader.token === caller.token) throw error;
      entry.reader = asker.idHash;
      await refresh(entry, caller, { force });
    }
  };

  const direct = async (caller: Caller): Promise<ProjectView> => {
    const readAt = new Date().toISOString();
    const rows = await cloud.listInstances(caller);
    return {
      readAt,
      instances: () => rows,
      select: (query, firewallOf) => selectInstances(rows, query, firewallOf),
    };
  };

  return {
    async view(asker, caller) {
      const entry = entryOf(asker.project.id);
      entry.askedAt = Date.now();
      if (entry.mirror.mark === null && !entry.running) {
        entry.reader = asker.idHash;
        await refresh(entry, caller);
        return viewOf(entry);
      }
      // being read for somebody else, who may see more; the look before a whole reading is as good as ever
      if (!(entry.isWhole && isFresh(entry))) await entry.running?.catch(() => undefined);
      if (entry.mirror.instances.size <= directRows) return direct(caller);
      for (let look = 0; look < mostLooks; look += 1) {
        const [seen] = await Promise.all([
          cloud.glance(caller),
          look > 0 || !isFresh(entry) ? refreshFor(entry, asker, caller, look > 0) : null,
        ]);
        if (seen === entry.mirror.mark) return viewOf(entry);
      }
      return direct(caller);
    },

    async look(projectId, idHashes) {
      const entry = entryOf(projectId);
      const known = entry.reader !== null && idHashes.includes(entry.reader) ? [entry.reader] : [];
      for (const idHash of [...known, ...idHashes]) {
        const session = await sessions.resume(idHash);
        if (!session) continue;
        entry.reader = idHash;
        const caller = { token: session.token, requestId: `watch-${projectId}` };
        await refresh(entry, caller, { force: true, whole: isWholeDue(entry) });
        return viewOf(entry);
      }
      return null;
    },

    invalidate(projectId) {
      const entry = entries.get(projectId);
      if (entry) entry.wanted += 1;
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function newEntry(projectId: string, mirror: ProjectMirror): Entry {
  const index = new InstanceIndex(mirror.instances);
  const never = Number.NEGATIVE_INFINITY;
  return {
    ...{ projectId, mirror, index, readAt: never, wholeAt: never, usedAt: Date.now(), askedAt: never },
    ...{ wanted: 0, covered: 0, running: null, isWhole: false, reader: null },
  };
}

function viewOf({ mirror, index, readAt }: Entry): ProjectView {
  return {
    readAt: new Date(readAt).toISOString(),
    instances: () => [...mirror.instances.values()],
    select: (query, firewallOf) => index.select(query, firewallOf),
  };
}
