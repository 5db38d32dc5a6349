import type { MergeConflict, RuleSet } from '@moru/netfilter';
import type { DraftStep, FirewallState, OffRule } from '@moru/types';
import {
  addEdits,
  addLists,
  type Draft,
  discard,
  draftOn,
  redo,
  removeStep,
  restoreRule,
  undo,
  withBase,
} from './draft.ts';
import { editsBetween } from './edits-between.ts';
import { type Host, hostOf, sameRules } from './host.ts';
import { losesSteps, type Rebased, rebase } from './rebase.ts';
import type { PlannedEdit } from './step.ts';

/** The host's rules moved under a draft in a way that somebody has to decide. */
export interface Clash {
  conflicts: MergeConflict[];
  /** both changes together, as far as nobody has decided yet */
  merged: RuleSet;
}

/** What of a draft the console keeps, as far as this window has heard. */
export interface Kept {
  /** 0: nothing yet */
  version: number;
  /** of the rules that are kept with it; null without any */
  revision: string | null;
  steps: readonly DraftStep[];
}

/** The id of a trial that has none yet. */
export const starting = 'starting';

const nothingKept: Kept = { version: 0, revision: null, steps: [] };

/** A host, and the draft on it. One for each instance; every screen of it looks at the same one. */
export interface Session {
  host: Host;
  draft: Draft;
  clash: Clash | null;
  /** how often the draft was carried over to other rules of the host by itself */
  carried: number;
  /**
   * Id of the trial that the draft is on the host as, or `starting`; null where it is not there. Until that is decided,
   * the host's rules are not taken for new ones.
   */
  trying: string | null;
  /** ids that are other ones since the last reading, by `TABLE CHAIN` */
  renamed: Rebased['renamed'];
  kept: Kept;
}

const none: Rebased['renamed'] = new Map();

export function openSession(
  state: FirewallState,
  off: readonly OffRule[] = [],
  stored: { steps: readonly DraftStep[]; next: number } = { steps: [], next: 1 },
): Session {
  const host = hostOf(state, off);
  return {
    host,
    draft: draftOn(host.base, stored.steps, stored.next),
    clash: null,
    carried: 0,
    trying: null,
    renamed: none,
    kept: nothingKept,
  };
}

/** A new reading of the host. Without other rules only counters are new, and the draft stays as it is. */
export function readAgain(session: Session, state: FirewallState, off: readonly OffRule[]): Session {
  const { host, draft } = session;
  if (session.trying !== null) return session;
  if (sameRules(host.state, state) && off === host.off) {
    return host.state === state ? session : { ...session, host: { ...host, state } };
  }
  const next = hostOf(state, off);
  if (draft.steps.length === 0 && draft.past.length === 0 && draft.future.length === 0) {
    return {
      ...session,
      host: next,
      draft: { ...draft, ...draftOn(next.base, [], draft.next) },
      renamed: none,
    };
  }
  if (state.revision === host.state.revision && off === host.off) {
    // other programs’ chains moved, which no draft writes
    return { ...session, host: next, draft: withBase(draft, next.base), renamed: none };
  }
  return carriedOver(session, next);
}

function carriedOver(session: Session, next: Host): Session {
  const { host, draft } = session;
  const result = rebase(draft, host.identified, next.identified.set, next.off, next.isForeign);
  const { conflicts, merged, renamed } = result;
  // rules that both put at one place all stand, the host's first: that is where the steps put them too
  const apart = conflicts.filter(({ kind }) => kind !== 'inserted');
  const undecided = apart.length > 0 || losesSteps(draft, result.draft);
  const moved = next.state.revision !== host.state.revision && draft.steps.length > 0;
  return {
    ...session,
    host: next,
    draft: result.draft,
    clash: undecided && draft.steps.length > 0 ? { conflicts: apart, merged } : null,
    carried: session.carried + (moved && !undecided ? 1 : 0),
    renamed,
  };
}

/** A session whose draft is another one; what was undecided is so no more when nothing is left of the draft. */
function withDraft(session: Session, draft: Draft): Session {
  if (draft === session.draft) return session;
  return { ...session, draft, clash: draft.steps.length === 0 ? null : session.clash };
}

export const sessionEdits = {
  add: (session: Session, edits: readonly PlannedEdit[], notes?: readonly string[]) =>
    withDraft(session, addEdits(session.draft, edits, notes)),
  addAll: (session: Session, lists: readonly { edits: readonly PlannedEdit[]; notes: readonly string[] }[]) =>
    withDraft(session, addLists(session.draft, lists)),
  undo: (session: Session) => withDraft(session, undo(session.draft)),
  redo: (session: Session) => withDraft(session, redo(session.draft)),
  removeStep: (session: Session, id: string) => withDraft(session, removeStep(session.draft, id)),
  restore: (session: Session, table: string, chain: string, id: string) =>
    withDraft(session, restoreRule(session.draft, table, chain, id)),
  discard: (session: Session) => withDraft(session, discard(session.draft)),
  /** The draft goes to the host; or what was tried did not begin. */
  setTrying: (session: Session, trying: string | null): Session =>
    session.trying === trying ? session : { ...session, trying },
  /** The host holds what was wanted: nothing is left of the draft, nor of its past, here and where it is kept. */
  applied: (session: Session, state: FirewallState): Session => ({
    ...openSession(state, session.host.off),
    kept: { ...session.kept, steps: [] },
  }),
  /** The host has its old rules again, and the draft is as it was. */
  cameBack: (session: Session, state: FirewallState): Session =>
    readAgain({ ...session, trying: null }, state, session.host.off),
  /** Ends a clash: what is wanted is `decided`, whatever steps led there. */
  decide: (session: Session, decided: RuleSet): Session => {
    const { host, draft } = session;
    const tables = decided.tables.map(({ name, chains }) => ({
      name,
      chains: chains.map((chain) => ({
        ...chain,
        rules: chain.rules.map((rule) => ({ rule, off: false })),
      })),
    }));
    const start = withBase(discard(draft), host.base);
    return { ...session, draft: addEdits(start, editsBetween(start.rules, tables)), clash: null };
  },
};
