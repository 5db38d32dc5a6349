import { chainDifferences, type OwnerOf, printSave, type RuleSet } from '@moru/netfilter';
import {
  type AccessRequest,
  type ChainDifference,
  type CheckAnswer,
  type Family,
  type FirewallState,
  ProblemError,
  type RolloutChanges,
  type RolloutHostPlan,
  type RolloutNote,
  rolloutLimits,
  whyNot,
} from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import { requireAgent } from '../agent/target.ts';
import type { TrialAgents } from '../agent/trial-agents.ts';
import type { CloudInstance } from '../cloud/provider.ts';
import { refusalOf } from '../http/refusals.ts';
import { type Carried, strangeNames } from './carry.ts';
import { type HostRules, rulesOf } from './rules.ts';

/** What a host is to have, made for what it has now. Throws ProblemError where that cannot be told. */
export type Wish = (instanceId: string, host: HostRules) => Carried;

export interface PlanParts {
  agents: Pick<AgentClient, 'readFirewall'>;
  trialAgents: Pick<TrialAgents, 'current' | 'check' | 'routing'>;
}

export interface Planning {
  role: Parameters<typeof whyNot>[1];
  requestId: string;
  family: Family;
  wish: Wish;
  /** addresses of the host that the rules come from */
  sourceAddresses: readonly string[];
  access: AccessRequest;
}

/** What a roll-out needs of a host that can be among them. */
export interface Ready {
  wanted: string;
  before: string;
  revision: string;
  /** ways of which nobody can tell whether they survive */
  unknownPaths: string[];
  sshPort: number;
  /** the rules leave the console's own SSH alone, so that it can be tried */
  sshKept: boolean;
}

/** What would become of one host, and what is needed to make it so; null where nothing is to be done or can be. */
export interface HostPlan {
  view: RolloutHostPlan;
  ready: Ready | null;
}

const nothing: RolloutChanges = { added: 0, removed: 0, policies: 0 };

/** Looks at one host without changing anything. Whatever keeps it out is told in the answer. */
export async function planHost(
  parts: PlanParts,
  planning: Planning,
  instance: CloudInstance,
): Promise<HostPlan> {
  const view: RolloutHostPlan = {
    ...{ instanceId: instance.id, name: instance.name, state: 'refused', problem: null },
    ...{ notes: [], revision: null, iptables: null, changes: nothing, difference: [], more: 0 },
  };
  try {
    const reason = whyNot('trial.start', planning.role, instance);
    if (reason) throw refusalOf(reason);
    return await look(parts, planning, instance, view);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { view: { ...view, state: 'refused', problem: error.problem }, ready: null };
  }
}

async function look(
  { agents, trialAgents }: PlanParts,
  { requestId, family, wish, sourceAddresses, access }: Planning,
  instance: CloudInstance,
  view: RolloutHostPlan,
): Promise<HostPlan> {
  const target = requireAgent(instance);
  const state = await agents.readFirewall(target, family, requestId);
  const { revision } = state;
  Object.assign(view, { revision, iptables: state.iptables.raw });
  const { trial } = await trialAgents.current(target, requestId);
  if (trial) throw new ProblemError('trial.pending');
  const host = rulesOf(state);
  const { wanted, notes } = wish(instance.id, host);
  const difference = differenceOf(host.set, wanted, state);
  view.notes.push(...notes);
  if (difference.length === 0) return { view: { ...view, state: 'unchanged' }, ready: null };
  Object.assign(view, { changes: sizeOf(difference), ...shortened(difference) });
  const devices = await devicesOf(trialAgents, target, instance, requestId);
  const own = addressesOf(instance);
  const foreignAddresses = sourceAddresses.filter((address) => !own.includes(address));
  view.notes.push(...strangeNames(host.set, wanted, { devices, foreignAddresses }));
  const text = printSave(wanted);
  const checked = await trialAgents.check(target, { [family]: { revision, rules: text }, access }, requestId);
  const report = requireApplicable(checked, family);
  view.notes.push(
    ...report.paths
      .filter(({ id }) => report.needs.unknown.includes(id))
      .map(({ path, peer }): RolloutNote => ({ code: 'pathUnknown', place: path, name: peer ?? '' })),
  );
  const ssh = report.paths.find(({ path }) => path === 'consoleSsh');
  const ready: Ready = {
    ...{ wanted: text, before: printSave(host.set), revision, unknownPaths: report.needs.unknown },
    sshPort: report.sshPorts[0] ?? 22,
    sshKept: ssh?.draft.state !== 'lost',
  };
  return { view: { ...view, state: 'ready' }, ready };
}

/** Throws why the host would not take the change, or that it would cut it off. */
function requireApplicable(checked: CheckAnswer, family: Family) {
  const rules = checked[family];
  const fields = rules?.errors ?? [];
  if (fields.length > 0) throw new ProblemError('rule.invalid', { fields });
  if (rules?.test && rules.test.exitCode !== 0) {
    throw new ProblemError('rule.refused', { upstream: rules.test.words });
  }
  if (!checked.access) throw new ProblemError('revision.stale');
  const { needs, paths } = checked.access;
  const lost = paths.filter(({ id }) => needs.lost.includes(id));
  if (lost.length === 0) return checked.access;
  const ways = lost.map(({ path, peer }) => ({
    field: path,
    code: 'path.lost',
    params: { peer: peer ?? '' },
  }));
  throw new ProblemError('rollout.cutsOff', { fields: ways });
}

function differenceOf(from: RuleSet, to: RuleSet, { tables }: FirewallState): ChainDifference[] {
  const programs = new Map(
    tables.flatMap(({ chains }) =>
      chains.flatMap(({ name, owner, program }) =>
        owner === 'foreign' ? [[name, program ?? owner] as const] : [],
      ),
    ),
  );
  const ownerOf: OwnerOf = (chain) => programs.get(chain) ?? null;
  return chainDifferences(from, to, ownerOf) as ChainDifference[];
}

function sizeOf(difference: readonly ChainDifference[]): RolloutChanges {
  const sum = (of: (each: ChainDifference) => number) => difference.reduce((all, each) => all + of(each), 0);
  return {
    added: sum(({ added }) => added.length),
    removed: sum(({ removed }) => removed.length),
    policies: sum(({ policy }) => (policy ? 1 : 0)),
  };
}

/** As many rules as a person reads; the rest is counted. */
function shortened(difference: readonly ChainDifference[]): Pick<RolloutHostPlan, 'difference' | 'more'> {
  let room: number = rolloutLimits.shownRules;
  let more = 0;
  const cut = <Rule>(rules: readonly Rule[]): Rule[] => {
    const shown = rules.slice(0, room);
    room -= shown.length;
    more += rules.length - shown.length;
    return shown;
  };
  const shown = difference.map((each) => ({ ...each, removed: cut(each.removed), added: cut(each.added) }));
  return { difference: shown, more };
}

/** The host's own word, and where it has none (a simulation) that of the cloud. */
async function devicesOf(
  trialAgents: Pick<TrialAgents, 'routing'>,
  target: AgentTarget,
  { networkInterfaces }: CloudInstance,
  requestId: string,
): Promise<string[]> {
  const known = ['lo', ...networkInterfaces.map(({ device }) => device)];
  try {
    const { interfaces } = await trialAgents.routing(target, requestId);
    return ['lo', ...interfaces.map(({ name }) => name)];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return known;
  }
}

export const addressesOf = ({ networkInterfaces }: CloudInstance): string[] =>
  networkInterfaces
    .flatMap(({ privateIp, publicIp }) => [privateIp, publicIp?.address])
    .flatMap((each) => each ?? []);
