import { randomUUID } from 'node:crypto';
import { NetfilterError, parseSave } from '@moru/netfilter';
import {
  type AccessRequest,
  type Family,
  familySchema,
  isWarning,
  ProblemError,
  type Role,
  type RolloutPlan,
  type RolloutStart,
  type RolloutWanted,
} from '@moru/types';
import type { Caller, CloudInstance, CloudProvider } from '../cloud/provider.ts';
import { createLimit } from '../firewall/limit.ts';
import type { StoredOperation } from '../operations/model.ts';
import type { NewRolloutHost, OperationService } from '../operations/service.ts';
import type { SignedIn } from '../session/sessions.ts';
import { rolloutKeyPrefix } from '../trials/records.ts';
import { carryBack, carryOver } from './carry.ts';
import { type RolloutCourse, waveOf, wavesOf } from './course.ts';
import { addressesOf, type HostPlan, type Planning, type PlanParts, planHost } from './plan.ts';
import type { RolloutRecords } from './records.ts';

/** Hosts that are looked at at once: each is asked four times, those that are away cost 5 s each, and somebody waits. */
const atOnce = 24;

/** Who wants it. */
export interface Wanting {
  session: Pick<SignedIn, 'project'> & { role: Role };
  caller: Caller;
  access: AccessRequest;
}

/** What is to come, and the course that it takes. */
export interface PreparedRollout {
  course: RolloutCourse;
  /** its hosts, once it has an id */
  hostsOf(rolloutId: string): NewRolloutHost[];
}

interface Meant {
  source: RolloutCourse['source'];
  undoes: string | null;
  planning: Pick<Planning, 'family' | 'wish' | 'sourceAddresses'>;
}

export interface PlannerParts extends PlanParts {
  cloud: Pick<CloudProvider, 'listInstances'>;
  operations: Pick<OperationService, 'find' | 'itemsOf'>;
  records: RolloutRecords;
}

export type Rollouts = ReturnType<typeof createRollouts>;

/** What roll-outs would do, and what they need to begin. */
export function createRollouts(parts: PlannerParts) {
  const { cloud, operations, records } = parts;

  const meantBy = async (
    { session }: Wanting,
    wanted: RolloutWanted,
    instances: ReadonlyMap<string, CloudInstance>,
  ): Promise<Meant> => {
    if (wanted.kind === 'undo') return meantByUndo(session.project.id, wanted.rolloutId);
    const { family, chains } = wanted;
    const source = instances.get(wanted.instanceId);
    if (!source) throw new ProblemError('instance.notFound');
    const rules = readRules(wanted.rules, family);
    const known = (table: string, chain: string, number: number) => {
      const found = rules.tables
        .find(({ name }) => name === table)
        ?.chains.find(({ name }) => name === chain);
      return found !== undefined && number <= found.rules.length;
    };
    const isWhole = chains?.every((each) =>
      (each.rules ?? [0]).every((number) => known(each.table, each.chain, number)),
    );
    if (isWhole === false) throw new ProblemError('rollout.nothing');
    return {
      source: { instanceId: source.id, name: source.name },
      undoes: null,
      planning: {
        family,
        wish: (_id, host) => carryOver(rules, host.set, chains, host.owns),
        sourceAddresses: addressesOf(source),
      },
    };
  };

  const meantByUndo = async (projectId: string, rolloutId: string): Promise<Meant> => {
    await findRollout(projectId, rolloutId);
    const items = await operations.itemsOf(projectId, rolloutId);
    const kept = items.filter(({ state }) => state === 'succeeded');
    const family = familySchema.catch('ipv4').parse(items[0]?.steps[0]?.args.family);
    const texts = new Map(
      await Promise.all(
        kept.map(async ({ id, subject }) => [subject.instanceId ?? '', await records.rulesOf(id)] as const),
      ),
    );
    const wish: Planning['wish'] = (instanceId, host) => {
      const found = texts.get(instanceId);
      if (!found) throw new ProblemError('rollout.nothing');
      const read = (text: string) => parseSave(text, { family, unreadable: 'keep' });
      const back = carryBack(read(found.before), read(found.wanted), host.set, host.owns);
      if (!back) throw new ProblemError('rollout.conflict');
      return { wanted: back, notes: [] };
    };
    return { source: null, undoes: rolloutId, planning: { family, wish, sourceAddresses: [] } };
  };

  const findRollout = async (projectId: string, id: string): Promise<StoredOperation> => {
    const found = await operations.find(projectId, id).catch(() => null);
    if (!found?.rollout) throw new ProblemError('rollout.notFound');
    return found;
  };

  const planAll = async (
    wanting: Wanting,
    wanted: RolloutWanted,
    ids: readonly string[],
  ): Promise<Meant & { plans: HostPlan[] }> => {
    const { session, caller, access } = wanting;
    const list = await cloud.listInstances(caller);
    const instances = new Map(list.map((instance) => [instance.id, instance]));
    const meant = await meantBy(wanting, wanted, instances);
    const limited = createLimit(atOnce);
    const planning = { role: session.role, requestId: caller.requestId, access, ...meant.planning };
    const plans = await Promise.all(
      ids.map((id) => {
        const instance = instances.get(id);
        if (!instance) throw new ProblemError('instance.notFound', { detail: id });
        if (id === meant.source?.instanceId) throw new ProblemError('input.invalid', { detail: id });
        return limited(() => planHost(parts, planning, instance));
      }),
    );
    return { ...meant, plans };
  };

  return {
    find: findRollout,

    async plan(wanting: Wanting, wanted: RolloutWanted, ids: readonly string[]): Promise<RolloutPlan> {
      const { plans } = await planAll(wanting, wanted, ids);
      return { hosts: plans.map(({ view }) => view), administrator: wanting.access.administrator };
    },

    /**
     * Looks at every host once more, and makes what begins. Rejects with `rollout.changed` where one is not as it was
     * seen, and with `rollout.unseen` where warnings were not acknowledged; nothing has begun then.
     */
    async prepare(wanting: Wanting, start: RolloutStart): Promise<PreparedRollout> {
      const { waveSize, pauseAfterCanary, waitSeconds, note, save } = start;
      const ids = start.hosts.map(({ instanceId }) => instanceId);
      const { source, undoes, planning, plans } = await planAll(wanting, start.wanted, ids);
      const strange = plans.filter(
        ({ view, ready }, place) => !ready || view.revision !== start.hosts[place]?.revision,
      );
      if (strange.length > 0) {
        const fields = strange.map(({ view: { instanceId, name, problem } }) => ({
          field: instanceId,
          code: problem?.code ?? 'rollout.changed',
          params: { name },
        }));
        throw new ProblemError('rollout.changed', { fields });
      }
      const isWarned = plans.some(({ view }) => view.notes.some(isWarning));
      if (isWarned && !start.acknowledged) throw new ProblemError('rollout.unseen');
      const course: RolloutCourse = {
        ...{ kind: start.wanted.kind, source, undoes, waveSize, waves: wavesOf(plans.length, waveSize) },
        ...{ pauseAfterCanary, waitSeconds, note, save, wave: 0, looked: false, stop: null },
      };
      const settings = { note, waitSeconds: String(waitSeconds), save: save ? 'yes' : 'no' };
      const hostsOf = (rolloutId: string) =>
        plans.map((plan, place) => {
          const common = { ...settings, rolloutId, family: planning.family };
          return hostOf(plan, waveOf(place, waveSize), wanting.access, common);
        });
      return { course, hostsOf };
    },
  };
}

function readRules(text: string, family: Family) {
  try {
    return parseSave(text, { family, unreadable: 'keep' });
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    const { code, params, message: detail } = error;
    throw new ProblemError('rule.invalid', { fields: [{ field: 'rules', code, params, detail }] });
  }
}

function hostOf(
  { view, ready }: HostPlan,
  wave: number,
  access: AccessRequest,
  common: { rolloutId: string; family: Family; note: string; waitSeconds: string; save: string },
): NewRolloutHost {
  if (!ready) throw new TypeError('only hosts that are ready begin');
  const args = {
    ...common,
    ...{ rulesOf: view.instanceId, revision: ready.revision },
    key: `${rolloutKeyPrefix}${randomUUID()}`,
    administrator: access.administrator ?? '',
    unknownPaths: JSON.stringify(ready.unknownPaths),
    ...{ sshPort: String(ready.sshPort), sshKept: ready.sshKept ? 'yes' : 'no' },
  };
  // the others find by these what the first one made
  const { rolloutId, family } = common;
  const place = { rolloutId, rulesOf: view.instanceId, family };
  return {
    kind: 'rollout.apply',
    subject: { instanceId: view.instanceId, instanceName: view.name, address: null },
    steps: [
      { name: 'try', args },
      { name: 'prove', args: place },
      { name: 'keep', args: place },
    ],
    item: { wave, changes: view.changes },
    rules: { wanted: ready.wanted, before: ready.before },
  };
}
