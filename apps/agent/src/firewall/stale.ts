import { type FirewallState, ProblemError } from '@moru/types';

/** The host's rules are not those that the request was made from; `state` is what they are. */
export class StaleRevision extends ProblemError {
  readonly state: FirewallState;

  constructor(state: FirewallState, detail?: string) {
    super('revision.stale', detail === undefined ? {} : { detail });
    this.state = state;
  }
}
