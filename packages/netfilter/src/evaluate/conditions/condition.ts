import type { Outcome } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { Place } from '../place.ts';

/** Tests one condition of a rule. */
export type Judge = (packet: Packet, at: Place) => Outcome;

/** A condition with the name under which it is reported when it cannot be judged. */
export interface Condition {
  /** a property of the rule (`source`, `inInterface` …) or the name of a match */
  readonly name: string;
  readonly judge: Judge;
}
