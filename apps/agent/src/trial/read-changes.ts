import { completeRuleSet, type RuleSet } from '@moru/netfilter';
import {
  type CheckRequest,
  type Family,
  type FieldError,
  ProblemError,
  trialFamilies,
  type WantedRules,
} from '@moru/types';
import { hasLegacyTables } from '../firewall/legacy-tables.ts';
import { revisionOf } from '../firewall/revision.ts';
import { type LiveRules, readRules, readSaveText } from '../firewall/rules.ts';
import type { Iptables } from '../firewall/tools.ts';
import type { Command } from '../process/standby.ts';
import { type Outcome, runProgram } from '../process/start.ts';
import type { RoutingFacts } from '../routing/read.ts';
import type { FamilyChange } from './apply.ts';
import { staleDraft } from './conflict.ts';
import { type Draft, readDraft } from './draft.ts';
import { restoreCommand } from './guard-plan.ts';
import type { TrialHost } from './host.ts';
import { planPayload } from './plan-payload.ts';
import { type RoutesChange, readRoutesChange } from './routes-change.ts';

/** What runs of one family, and what of it is to change. */
export interface FamilyRules {
  family: Family;
  iptables: Iptables;
  live: RuleSet;
  change: FamilyChange | null;
}

/** What was found out of rules that were read before. */
export interface KnownRules {
  /** of a family with the counters of now, where nothing but counters has changed since; else null */
  again(iptables: Iptables, live: RuleSet): FamilyRules | null;
}

/** Everything that a trial is to change. */
export interface WantedChanges {
  families: FamilyRules[];
  routes: RoutesChange | null;
}

/**
 * Reads both families and routes, and the drafts against them, in the order in which they are applied. Throws
 * RuleConflict and RoutesConflict for a stale draft, ProblemError `rule.invalid`, `routing.invalid`, `rule.hostile`,
 * `trial.unchanged`; `host.*` where what is to change cannot be read. A family that is not to change is left out then.
 * `meanwhile` is called once what changes is being read, and may tell what it found out by then.
 */
export async function readChanges(
  host: TrialHost,
  request: Pick<CheckRequest, Family | 'routes'>,
  routing: () => Promise<RoutingFacts>,
  meanwhile: () => Promise<KnownRules | null> = async () => null,
): Promise<WantedChanges> {
  const errors: FieldError[] = [];
  const changed = trialFamilies.flatMap((family) => {
    const wanted = request[family];
    return wanted ? [{ family, wanted }] : [];
  });
  const tools = await Promise.all(changed.map(({ family }) => host.tools.of(family)));
  // what is waited for first is started first: to start a program holds everything else up for a millisecond or two
  const reading = new Map<Family, Promise<FamilyRules | null>>();
  let known: Promise<KnownRules | null> | null = null;
  const knownBy = () => known;
  for (const [index, { family, wanted }] of changed.entries()) {
    const iptables = tools[index];
    if (iptables) reading.set(family, readFamily(host, iptables, wanted, knownBy, errors));
  }
  known = meanwhile();
  const read = await Promise.all(
    trialFamilies.map((family) => reading.get(family) ?? readUntouched(host, family, knownBy)),
  );
  const families = read.filter((each) => each !== null);
  if (errors.length > 0) throw new ProblemError('rule.invalid', { fields: errors });
  const routes = request.routes ? await readRoutesChange(host, request.routes, await routing()) : null;
  if (routes === null && families.every(({ change }) => change === null)) {
    throw new ProblemError('trial.unchanged');
  }
  return { families, routes };
}

async function readFamily(
  host: TrialHost,
  iptables: Iptables,
  wanted: WantedRules,
  known: () => Promise<KnownRules | null> | null,
  errors: FieldError[],
): Promise<FamilyRules> {
  const { family } = iptables;
  const live = await readRules(iptables);
  // what cannot be written down again cannot be put back either
  if (live.hostile) throw new ProblemError('rule.hostile');
  const same = (await known())?.again(iptables, live.set);
  if (same) return same;
  if (revisionOf(live.set) !== wanted.revision) throw await staleDraft(host, iptables, live, wanted);
  const { draft, rules } = draftOf(iptables, live, wanted);
  errors.push(...draft.errors.map((error) => ({ ...error, field: `${family}.${error.field}` })));
  return rules;
}

/** A draft against the rules that it was made from. */
export function draftOf(
  iptables: Iptables,
  live: LiveRules,
  wanted: WantedRules,
): { draft: Draft; rules: FamilyRules } {
  const draft = readDraft(wanted.rules, live.set);
  const change =
    draft.wanted !== null && draft.tables.length > 0 ? { ...draft, wanted: draft.wanted, iptables } : null;
  return { draft, rules: { family: iptables.family, iptables, live: draft.base, change } };
}

/** No rules at all, which the kernel tells sooner than a program; null where there may be some. */
export const noRules = ({ family, version }: Iptables): LiveRules | null =>
  version.backend === 'legacy' && !hasLegacyTables(family)
    ? { set: readSaveText('', family), hostile: false }
    : null;

async function readUntouched(
  host: TrialHost,
  family: Family,
  known: () => Promise<KnownRules | null> | null,
): Promise<FamilyRules | null> {
  try {
    const iptables = await host.tools.of(family);
    const { set, hostile } = noRules(iptables) ?? (await readRules(iptables));
    return hostile ? null : ((await known())?.again(iptables, set) ?? untouched(iptables, set));
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

export const untouched = (iptables: Iptables, set: RuleSet): FamilyRules => ({
  ...{ family: iptables.family, iptables, live: completeRuleSet(set), change: null },
});

export function testCommand(iptables: Iptables): Command {
  const { program, args } = restoreCommand(iptables);
  return [program, ...args, '--test'];
}

/** `iptables-restore --test` of a whole input. */
export async function testRestore(iptables: Iptables, input: string): Promise<Outcome> {
  const [program, ...args] = testCommand(iptables);
  return runProgram(program, args, { timeoutMs: 10_000, maxBytes: 64 * 1024 }, input);
}

/** The whole of a family's payload as one input. */
export function payloadText({ base, wanted, tables, iptables }: FamilyChange): string {
  return planPayload(base, wanted, tables, iptables)
    .map(({ table, lines }) => [`*${table}`, ...lines, 'COMMIT', ''].join('\n'))
    .join('');
}
