import {
  type Conflict,
  type FirewallState,
  type ProblemCode,
  ProblemError,
  type ProblemExtras,
  type RouteConflict,
  type Trial,
} from '@moru/types';
import { StaleRevision } from '../firewall/stale.ts';

/** A refusal that a trial is the reason for; `trial` is how it stands. */
export class TrialProblem extends ProblemError {
  readonly trial: Trial | null;

  constructor(code: ProblemCode, trial: Trial | null, extras: ProblemExtras = {}) {
    super(code, extras);
    this.trial = trial;
  }
}

/** The host's rules are not those that the draft was made from, or not those that were asked for. */
export class RuleConflict extends StaleRevision {
  readonly conflict: Conflict;

  constructor(state: FirewallState, conflict: Conflict, detail?: string) {
    super(state, detail);
    this.conflict = conflict;
  }
}

/** The host's routes are not those that the edits were made for, or not those that were asked for. */
export class RoutesConflict extends ProblemError {
  readonly conflict: RouteConflict;

  constructor(conflict: RouteConflict, detail?: string) {
    super('routing.stale', detail === undefined ? {} : { detail });
    this.conflict = conflict;
  }
}
