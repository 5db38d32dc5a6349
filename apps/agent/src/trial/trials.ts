import { setTimeout as delay } from 'node:timers/promises';
import {
  ProblemError,
  type RevertReason,
  type Trial,
  type TrialRequest,
  type TrialStarted,
} from '@moru/types';
import { assertAcknowledged } from '../access/acknowledged.ts';
import { type Ends, prepareAccess } from '../access/report.ts';
import { lookAround } from '../access/surroundings.ts';
import type { Watch } from '../firewall/backend.ts';
import type { Remembered } from '../large/wire.ts';
import { log, messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import type { createGate } from '../process/gate.ts';
import { RulesDiffer, undoChanges } from './apply.ts';
import { RoutesDiffer } from './apply-routes.ts';
import { advance, claim, type Ended, type Entry, listEntries, type Pending } from './arbiter.ts';
import { changesAccess } from './changes-access.ts';
import { uptime } from './clock.ts';
import { finishConfirmed, finishLeftConfirmed } from './confirm.ts';
import { changedMeanwhile, routesChangedMeanwhile } from './conflict.ts';
import { TrialProblem } from './errors.ts';
import { type Foresight, foresee, foresightOver } from './foresight.ts';
import { findGuard } from './guard.ts';
import type { TrialHost } from './host.ts';
import { readChanges, type WantedChanges } from './read-changes.ts';
import { dropUnarmed, isSecret, pruneTrials, readRecord, readTrial, type TrialRecord } from './record.ts';
import { isOpen, lookAfter } from './recover.ts';
import { claimRevert, putBack, type Reverter } from './revert.ts';
import { type ArmedTrial, armTrial, carryOut, requestHash } from './start.ts';
import { planWayBack } from './way-back.ts';

export interface Trials {
  /** `ends`: of the connection that asks, by which the console's own way is known */
  start(request: TrialRequest, ends: Ends | null): Promise<TrialStarted>;
  confirm(id: string, secret: string, connectedAt: number): Promise<Trial>;
  revert(id: string, reason: RevertReason, author: string): Promise<Trial>;
  extend(id: string, secret: string, waitSeconds: number): Promise<Trial>;
  /** the trial that waits for its end, or whose rules are being put back */
  current(): Promise<Trial | null>;
  find(id: string): Promise<Trial>;
  /** throws `trial.notFound` where no request with that key has made one */
  findByKey(key: string): Promise<Trial>;
  /** throws `trial.pending` while there is one */
  assertNone(): Promise<void>;
  /** ends or takes up again what an agent before this one left; to be called before requests are taken */
  recover(): Promise<void>;
  /** what only this process knows, for one that handles a request in its place */
  remembered(): Remembered[];
  /** takes over what another process knows of trials that it started; they were applied before now */
  adopt(remembered: readonly Remembered[]): void;
  /** stops looking after trials; the guard goes on */
  close(): void;
}

/** How long a request waits for the old rules to be back before it answers `reverting`. */
const patienceMs = 8_000;
/** Between two looks at a pending trial and its guard. */
const lookMs = 1_000;

/** What only this process knows of a trial that it started: neither is ever written down. */
interface Memory {
  secret: string;
  /** `performance.now()` */
  appliedAt: number;
}

/** Of a trial's record, which never changes: 50 of them need not be read for each request. */
interface RequestFacts {
  idempotencyKey: string;
  hash: string;
}

const codeOf = (error: unknown) => (error instanceof ProblemError ? error.problem.code : null);

/** The trials of this host. What changes one goes through `gate`, one at a time. */
export function createTrials(host: TrialHost, gate: ReturnType<typeof createGate>): Trials {
  const { trials, config } = host;
  const memory = new Map<string, Memory>();
  const requests = new Map<string, RequestFacts>();
  const agent: Reverter = { by: 'agent', author: null, patienceMs, bootId: host.bootId };
  let timer: NodeJS.Timeout | null = null;

  /** Looks after the open trial every second, until there is none. */
  function watch(): void {
    timer ??= setTimeout(async () => {
      timer = null;
      try {
        if (await gate(() => lookAfter(host, false))) watch();
      } catch (error) {
        log.error('trials could not be looked after', { reason: messageOf(error) });
        watch();
      }
    }, lookMs).unref();
  }

  /** How the trial stands; its folder may be given another name at any moment, by the guard for one. */
  async function read(entry: Entry, tries = 3): Promise<Trial> {
    try {
      return await readTrial(trials, entry);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || tries === 0) throw error;
      return read(await entryOf(entry.id), tries - 1);
    }
  }

  async function entryOf(id: string, tries = 3): Promise<Entry> {
    const found = (await listEntries(trials)).find((entry) => entry.id === id);
    if (found) return found;
    if (tries === 0) throw new ProblemError('trial.notFound');
    // a folder that is given another name while the names are read may be passed over (readdir(3))
    await delay(5);
    return entryOf(id, tries - 1);
  }

  /** The record of a pending trial. Throws `trial.over` where its end was decided since it was found. */
  async function recordOf(pending: Pending): Promise<TrialRecord> {
    try {
      return await readRecord(trials, pending);
    } catch (error) {
      throw errorCode(error) === 'ENOENT' ? await overtaken(pending.id) : error;
    }
  }

  /** The pending trial of that id. Throws `trial.over` for one that has ended, and says how. */
  async function pendingOf(id: string): Promise<Pending> {
    const entry = await entryOf(id);
    if (entry.state === 'pending') return entry;
    throw new TrialProblem('trial.over', await read(entry));
  }

  /** The trial's end was decided by another one between our look and our rename. */
  const overtaken = async (id: string) => new TrialProblem('trial.over', await read(await entryOf(id)));

  async function openEntry(): Promise<Entry | undefined> {
    return (await listEntries(trials)).find(isOpen);
  }

  async function assertNone(): Promise<void> {
    const open = await openEntry();
    if (open) throw new TrialProblem('trial.pending', await read(open));
  }

  /** By what request a trial was made; null for a record that is damaged, which is nobody's. */
  async function requestOf(entry: Entry): Promise<RequestFacts | null> {
    const known = requests.get(entry.id);
    if (known) return known;
    const record = await readRecord(trials, entry)
      .catch(async () => readRecord(trials, await entryOf(entry.id)))
      .catch(() => null);
    if (record) requests.set(entry.id, { idempotencyKey: record.idempotencyKey, hash: record.requestHash });
    return record && (requests.get(entry.id) ?? null);
  }

  async function byKey(key: string): Promise<{ entry: Entry; hash: string } | null> {
    const entries = await listEntries(trials);
    const made = await Promise.all(entries.map(requestOf));
    const listed = new Set(entries.map(({ id }) => id));
    for (const id of requests.keys()) if (!listed.has(id)) requests.delete(id);
    for (const [index, entry] of entries.entries()) {
      const request = made[index];
      if (request?.idempotencyKey === key) return { entry, hash: request.hash };
    }
    return null;
  }

  async function findByKey(key: string): Promise<Trial> {
    const found = await byKey(key);
    if (!found) throw new ProblemError('trial.notFound');
    return read(found.entry);
  }

  async function sameRequest(request: TrialRequest): Promise<TrialStarted | null> {
    const found = await byKey(request.idempotencyKey);
    if (!found) return null;
    const { entry, hash } = found;
    if (hash !== requestHash(request)) throw new ProblemError('trial.keyReused');
    return {
      ...(await read(entry)),
      secret: isOpen(entry) ? (memory.get(entry.id)?.secret ?? null) : null,
    };
  }

  async function start(request: TrialRequest, ends: Ends | null): Promise<TrialStarted> {
    const min = config.minWaitSeconds;
    if (request.waitSeconds < min) {
      const field = { field: 'waitSeconds', code: 'number.invalid', params: { min } };
      throw new ProblemError('input.invalid', { fields: [field] });
    }
    const same = await sameRequest(request);
    if (same) return same;
    await assertNone();
    const guard = findGuard(config);
    const around = lookAround(host.tools, config.listen.port);
    const judgementOf = (wanted: WantedChanges) => changesAccess(host, around, wanted, request.access, ends);
    let foreseeing: Promise<Foresight | null> = Promise.resolve(null);
    const reading = readChanges(host, request, around.routing, () => {
      // it comes while the rules are read
      prepareAccess(around, { ends, request: request.access, routes: request.routes ? [] : null });
      foreseeing = foresee(host, request, judgementOf);
      return foreseeing;
    });
    const wanted = await reading.catch(async (error: unknown) => {
      await foresightOver(await foreseeing);
      throw error;
    });
    const foreseen = await foreseeing;
    const held = foreseen?.holdsFor(wanted) ? foreseen : null;
    // nothing of a foresight that was none goes on beside the change
    if (!held) await foresightOver(foreseen);
    const waysBack = wanted.families.flatMap(({ family, change }) =>
      change ? [planWayBack(change, held?.asked.get(family))] : [],
    );
    const judge = async () => {
      await assertAcknowledged(await (held?.judgement ?? judgementOf(wanted)), request.acknowledged);
    };
    await dropUnarmed(trials);
    const armed = await armTrial(host, request, wanted, waysBack, judge).catch((error: unknown) => {
      throw error instanceof RoutesDiffer ? routesChangedMeanwhile(error) : error;
    });
    const { id } = armed.pending;
    watch();
    try {
      const applied = await carryOut(host, armed, guard);
      memory.clear();
      memory.set(id, { secret: armed.secret, appliedAt: performance.now() });
      return { ...(await read(applied)), secret: armed.secret };
    } catch (error) {
      throw await giveUp(armed, error);
    }
  }

  /** Ends a trial whose change did not come about, and answers what to tell. */
  async function giveUp({ pending, progress }: ArmedTrial, error: unknown): Promise<unknown> {
    const differ = error instanceof RulesDiffer || error instanceof RoutesDiffer;
    const reason = differ ? 'mismatch' : 'notApplied';
    // only where it is known of each table whether it was committed; else the record's own way is the sure one
    const known = differ || codeOf(error) === 'rule.refused' || codeOf(error) === 'routing.refused';
    const undo = (watch: Watch) => (known ? undoChanges(progress, watch) : Promise.resolve(false));
    const claimed = await claimRevert(trials, pending, reason);
    // whoever was first may have ended our processes, and what they then said means nothing
    if (!claimed) return overtaken(pending.id);
    await putBack(trials, claimed, { ...agent, undo });
    if (error instanceof RulesDiffer) return changedMeanwhile(host, error);
    if (error instanceof RoutesDiffer) return routesChangedMeanwhile(error);
    return error;
  }

  async function confirm(id: string, secret: string, connectedAt: number): Promise<Trial> {
    const pending = await pendingOf(id);
    if (!isSecret(secret, await recordOf(pending))) throw new ProblemError('trial.secret');
    const appliedAt = memory.get(id)?.appliedAt ?? Number.NEGATIVE_INFINITY;
    if (connectedAt <= appliedAt) throw new TrialProblem('trial.connection', await read(pending));
    // the guard, or our own look, puts back what is over; a confirmation that comes after it is none
    if (pending.phase !== 'applied' || uptime() >= pending.deadline) {
      throw new TrialProblem('trial.over', await read(pending));
    }
    const confirmed = await claim(trials, pending, 'confirmed');
    if (!confirmed) throw await overtaken(id);
    memory.delete(id);
    const outcome = await finishConfirmed(host, confirmed);
    if (outcome.trouble !== '') log.error('confirmed, not all kept', { trial: id, reason: outcome.trouble });
    await pruneTrials(trials);
    return { ...(await read(confirmed)), confirmed: outcome };
  }

  async function revert(id: string, reason: RevertReason, author: string): Promise<Trial> {
    const entry = await entryOf(id);
    let claimed: Ended | null = null;
    if (entry.state === 'pending') claimed = await claimRevert(trials, entry, reason);
    // what is being put back, or is back already, is what was asked for
    else if (entry.state === 'confirmed') throw new TrialProblem('trial.over', await read(entry));
    if (claimed) {
      memory.delete(id);
      await putBack(trials, claimed, { ...agent, author });
    }
    return read(await entryOf(id));
  }

  async function extend(id: string, secret: string, waitSeconds: number): Promise<Trial> {
    const pending = await pendingOf(id);
    if (!isSecret(secret, await recordOf(pending))) throw new ProblemError('trial.secret');
    const deadline = Math.max(pending.deadline, uptime() + waitSeconds * 100);
    const extended = pending.phase === 'applied' ? await advance(trials, pending, { deadline }) : null;
    if (!extended) throw await overtaken(id);
    return read(extended);
  }

  return {
    start: (request, ends) => gate(() => start(request, ends)),
    confirm: (id, secret, connectedAt) => gate(() => confirm(id, secret, connectedAt)),
    revert: (id, reason, author) => gate(() => revert(id, reason, author)),
    extend: (id, secret, waitSeconds) => gate(() => extend(id, secret, waitSeconds)),
    current: async () => {
      const open = await openEntry();
      return open ? read(open) : null;
    },
    find: async (id) => read(await entryOf(id)),
    findByKey,
    assertNone,
    recover: () =>
      gate(async () => {
        try {
          await dropUnarmed(trials);
          await finishLeftConfirmed(host);
        } catch (error) {
          // a damaged record must not keep the agent from starting
          log.error('what was left behind could not be finished', { reason: messageOf(error) });
        }
        if (await lookAfter(host, true)) watch();
      }),
    remembered: () => [...memory].map(([id, { secret }]) => ({ id, secret })),
    adopt: (remembered) => {
      const fresh = remembered.filter(({ id }) => !memory.has(id));
      if (fresh.length === 0) return;
      memory.clear();
      for (const { id, secret } of fresh) memory.set(id, { secret, appliedAt: performance.now() });
      watch();
    },
    close: () => {
      if (timer) clearTimeout(timer);
    },
  };
}
