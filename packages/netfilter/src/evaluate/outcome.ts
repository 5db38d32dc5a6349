/**
 * What testing one condition can give, as a set of bits: three-valued logic with the kernel's third answer, the
 * "hot drop" of a packet whose header is cut short. More than one bit means that it cannot be judged which.
 */
export const NO = 1;
export const YES = 2;
/** the packet is dropped at once, and no rule or policy counts it (reference/iptables.md section 7.3) */
export const HOT_DROP = 4;
export const UNKNOWN = NO | YES;

export type Outcome = number;

export const judged = (holds: boolean): Outcome => (holds ? YES : NO);

/** `second` is only asked where `first` holds, as the kernel goes on to the next match. */
export function both(first: Outcome, second: Outcome): Outcome {
  return (first & YES) === 0 ? first : (first & ~YES) | second;
}

export function negate(outcome: Outcome): Outcome {
  const turned = ((outcome & YES) >> 1) | ((outcome & NO) << 1);
  return turned | (outcome & HOT_DROP);
}

/** `value` within both ends, or unknown where it is not given (below zero). */
export function within(value: number, from: number, to: number, negated: boolean): Outcome {
  return value < 0 ? UNKNOWN : judged((value >= from && value <= to) !== negated);
}
