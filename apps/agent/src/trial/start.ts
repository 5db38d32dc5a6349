import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { printSave } from '@moru/netfilter';
import { type Family, type NetworkRoute, ProblemError, type TrialRequest } from '@moru/types';
import { startRestore } from '../firewall/backend.ts';
import { revisionOf } from '../firewall/revision.ts';
import { anyKept } from '../generations/store.ts';
import { diskProblem } from '../process/durable.ts';
import { failpoint } from '../process/failpoints.ts';
import type { RunningChild } from '../process/start.ts';
import { readRouting } from '../routing/read.ts';
import { GuardLate, TrialLost, watchAppliers } from './applier.ts';
import { applyChanges, type FamilyChange, type Progress, verifyChanges } from './apply.ts';
import { applyRoutes, RoutesDiffer } from './apply-routes.ts';
import { advance, arm, type Pending } from './arbiter.ts';
import { uptime } from './clock.ts';
import { type GuardCommand, startGuard } from './guard.ts';
import { printPlan, type RestoreCommand, restoreCommand, saveProgram } from './guard-plan.ts';
import type { TrialHost } from './host.ts';
import type { WantedChanges } from './read-changes.ts';
import { dropUnarmed, prepare, sha256, type TrialRecord } from './record.ts';
import { revertSteps } from './restore.ts';
import { ownedSave } from './rewrite.ts';
import { type RoutesChange, routeFiles } from './routes-change.ts';
import { refusalOf, revertFiles, type WayBack } from './way-back.ts';

type Revisions = Record<'before' | 'after', Partial<Record<Family, string>>>;

export interface ArmedTrial {
  pending: Pending;
  /** shown to whoever applied the change, and to nobody else */
  secret: string;
  changes: FamilyChange[];
  routes: RoutesChange | null;
  waitSeconds: number;
  /** what was committed of it so far */
  progress: Progress;
  /** for the first table */
  restore: RunningChild | null;
}

/**
 * Writes down the way back and puts the trial into its place; nothing has changed. `judge` throws for a change that may
 * not be made, and works while the disk writes. Throws what it throws; ProblemError: `rule.refused` for rules that the
 * host's tool does not take, `host.failed` where the way back does not load or the disk does not take it,
 * `trial.pending` where another trial was first; RoutesDiffer where routes have changed since they were read.
 */
export async function armTrial(
  host: TrialHost,
  request: TrialRequest,
  { families, routes }: WantedChanges,
  waysBack: readonly WayBack[],
  judge: () => Promise<void>,
): Promise<ArmedTrial> {
  const changes = waysBack.map(({ change }) => change);
  const files = new Map<string, string>();
  const revisions: Revisions = { before: {}, after: {} };
  const isFirst = !(await anyKept(host.config.stateFolder));
  const commands: Partial<Record<Family, RestoreCommand>> = {};
  const saves: Partial<Record<Family, string>> = {};
  for (const { change, payloads } of waysBack) {
    const { family } = change.iptables;
    for (const [name, text] of revertFiles(family, payloads)) files.set(name, text);
    commands[family] = restoreCommand(change.iptables);
    saves[family] = saveProgram(change.iptables);
  }
  for (const { family, live, change } of families) {
    files.set(`snapshot.${family}`, printSave(live, { counters: true }));
    files.set(`after.${family}`, ownedSave(change?.wanted ?? live));
    // what confirming asks for, so that it need not read a whole rule set
    if (isFirst) files.set(`initial.${family}`, ownedSave(live));
    revisions.before[family] = revisionOf(live);
    revisions.after[family] = revisionOf(change?.wanted ?? live);
  }
  if (routes) {
    const prepared = await routeFiles(routes);
    if (!prepared) throw new RoutesDiffer(routes, (await readRouting()).routes);
    for (const [name, text] of prepared) files.set(name, text);
  }
  const secret = randomBytes(32).toString('base64url');
  const record = recordOf(host, request, { changes, routes, revisions }, secret);
  const { id, bootId } = record;
  const steps = revertSteps(record);
  files.set('revisions.json', JSON.stringify(revisions));
  files.set('plan', printPlan({ id, bootId, bootIdFile: host.config.bootIdFile, commands, saves, steps }));
  const deadline = uptime() + record.waitSeconds * 100;
  const pending: Pending = { state: 'pending', id, phase: 'armed', deadline };
  const prepared = prepare(host.trials, record, pending, files).catch((error: unknown) => {
    throw diskProblem('The way back could not be written.', error);
  });
  // it starts while the disk writes
  const restore = changes[0] ? startRestore(changes[0].iptables) : null;
  const begun = Promise.all([prepared, restore]);
  begun.catch(() => {});
  try {
    await judge();
    await begun;
    await armPrepared(host, id, waysBack);
  } catch (error) {
    // nothing of ours goes on once the answer is given
    await refusalOf(waysBack);
    await prepared.catch(() => {});
    (await restore?.catch(() => null))?.end();
    await dropUnarmed(host.trials);
    throw error;
  }
  const { waitSeconds } = record;
  return { pending, secret, changes, routes, waitSeconds, progress: new Map(), restore: await restore };
}

async function armPrepared({ trials }: TrialHost, id: string, waysBack: readonly WayBack[]): Promise<void> {
  const refusal = await refusalOf(waysBack);
  if (refusal) throw refusal;
  failpoint('armPrepared');
  if (!(await arm(trials, id))) throw new ProblemError('trial.pending');
  failpoint('armed');
}

function recordOf(
  { bootId }: TrialHost,
  request: TrialRequest,
  { changes, routes, revisions }: Pick<ArmedTrial, 'changes' | 'routes'> & { revisions: Revisions },
  secret: string,
): TrialRecord {
  const { author, note, save, waitSeconds, idempotencyKey } = request;
  return {
    id: randomBytes(8).toString('hex'),
    author,
    note,
    save,
    waitSeconds,
    bootId,
    startedAt: new Date().toISOString(),
    secretHash: sha256(secret),
    idempotencyKey,
    requestHash: requestHash(request),
    families: changes.map(({ iptables: { family }, tables, base, wanted }) => ({
      family,
      tables,
      before: revisions.before[family] ?? revisionOf(base),
      after: revisions.after[family] ?? revisionOf(wanted),
    })),
    routes: routes && routesRecordOf(routes),
  };
}

function routesRecordOf({ plan, keep }: RoutesChange): TrialRecord['routes'] {
  const specifications = (list: readonly NetworkRoute[]) => list.map(({ specification }) => specification);
  return {
    before: plan.from,
    after: plan.to,
    deleted: specifications(plan.deleted),
    added: specifications(plan.added),
    keep: keep !== null,
  };
}

export const requestHash = (request: TrialRequest): string => sha256(JSON.stringify(request));

/**
 * Has the trial guarded, changes rules and routes, and looks whether they are what was wanted. The wait begins when
 * they are. Throws RulesDiffer, RoutesDiffer, TrialLost or a ProblemError; the trial is then still pending, or taken by
 * the guard.
 */
export async function carryOut(
  { trials }: TrialHost,
  armed: ArmedTrial,
  guard: GuardCommand,
): Promise<Pending> {
  const { pending, changes, routes, waitSeconds, progress, restore } = armed;
  // its start holds everything up, so the first step of the change is on its way before
  const guarded = nextTurn()
    .then(() => startGuard(trials, pending, guard))
    .then(() => failpoint('guarded'));
  guarded.catch(() => {});
  // the rules are looked at meanwhile; the first restore gets its COMMIT once the guard has shown itself
  try {
    await applyChanges(changes, progress, watchAppliers(trials, pending, guarded), restore);
  } catch (error) {
    if (!(error instanceof GuardLate)) throw error;
    await guarded;
    await applyChanges(changes, progress, watchAppliers(trials, pending));
  } finally {
    restore?.end();
  }
  await guarded;
  const watch = watchAppliers(trials, pending);
  await verifyChanges(changes);
  if (routes) await applyRoutes(routes, watch);
  failpoint('verified');
  const deadline = uptime() + waitSeconds * 100;
  const applied = await advance(trials, pending, { phase: 'applied', deadline });
  if (!applied) throw new TrialLost();
  failpoint('appliedMarked');
  return applied;
}
