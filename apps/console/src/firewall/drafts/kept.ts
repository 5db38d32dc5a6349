import type { DraftBase, DraftSave, DraftStep, FirewallState, KeptDraft } from '@moru/types';
import { draftOn } from './draft.ts';
import { offAfter } from './off-after.ts';
import { openSession, readAgain, type Session, starting } from './session.ts';
import { withRuleIds } from './step.ts';

/** Whether something is here that is not kept yet. What is undecided is not kept: a reload brings the question back. */
export function isUnkept({ host, draft, kept, clash, trying }: Session): boolean {
  if (clash !== null || trying !== null) return false;
  if (draft.steps.length === 0) return kept.steps.length > 0;
  return draft.steps !== kept.steps || kept.revision !== host.state.revision;
}

export function saveOf({ host, draft, kept }: Session): DraftSave {
  const { revision } = host.state;
  return {
    ...{ version: kept.version, revision, steps: [...draft.steps], next: draft.next },
    off: offAfter(draft.rules),
    base: kept.revision === revision ? null : baseOf(host.state),
  };
}

function baseOf({ tables }: FirewallState): DraftBase {
  return tables.map(({ name, chains }) => ({
    name,
    chains: chains.map(({ name: chain, policy, owner, rules }) => ({
      ...{ name: chain, policy, owner },
      rules: rules.map(({ text }) => text),
    })),
  }));
}

/** The state as it was when the draft was kept, without counters. */
function stateThen(now: FirewallState, { revision, base }: KeptDraft): FirewallState {
  const none = { packets: '0', bytes: '0' };
  const tables = base.map(({ name, chains }) => ({
    name,
    chains: chains.map((chain) => ({
      ...{ ...chain, ...none, builtIn: chain.policy !== null },
      rules: chain.rules.map((text, index) => ({ number: index + 1, text, ...none })),
    })),
  }));
  return { ...now, revision, tables };
}

/** A session that goes on with what is kept, on the rules that the host has now. */
export function openKept(state: FirewallState, off: Session['host']['off'], own: KeptDraft): Session {
  const then = own.revision === state.revision ? state : stateThen(state, own);
  const { version, revision, steps } = own;
  const opened = { ...openSession(then, off, own), kept: { version, revision, steps } };
  const trying = own.trial === null ? null : (own.trial.id ?? starting);
  return readAgain({ ...opened, trying }, state, off);
}

const sameSteps = (a: readonly DraftStep[], b: readonly DraftStep[]): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * What is kept is another one than this window knew: another window saved. Its steps stand; what was done here since
 * the last save comes behind them, and what was taken out here is taken out there as well.
 */
export function takeKept(session: Session, own: KeptDraft): Session {
  const { host, draft, kept } = session;
  const { version, revision, steps } = own;
  // as the same object, since that is how a draft that is kept is told
  if (sameSteps(steps, kept.steps)) return { ...session, kept: { version, revision, steps: kept.steps } };
  const opened = openKept(host.state, host.off, own);
  const known = new Set(kept.steps.map(({ id }) => id));
  const here = new Set(draft.steps.map(({ id }) => id));
  const left = opened.draft.steps.filter(({ id }) => here.has(id) || !known.has(id));
  const added = draft.steps.filter(({ id }) => !known.has(id));
  if (added.length === 0 && left.length === opened.draft.steps.length) return opened;
  const behind = renumbered(added, opened.draft.next);
  const all = draftOn(opened.draft.base, [...left, ...behind.steps], behind.next);
  return { ...opened, draft: all };
}

/** The same steps with other numbers, and with them the rules that they bring in. */
function renumbered(steps: readonly DraftStep[], first: number): { steps: DraftStep[]; next: number } {
  const ids = new Map(steps.map(({ id }, index) => [id, `s${first + index}`]));
  const rename = (rule: string): string => {
    const at = rule.indexOf('.');
    const step = at < 0 ? undefined : ids.get(rule.slice(0, at));
    return step === undefined ? rule : `${step}${rule.slice(at)}`;
  };
  return {
    steps: steps.map((step) => ({ ...withRuleIds(step, rename), id: ids.get(step.id) ?? step.id })),
    next: first + steps.length,
  };
}
