import type { Match, Negatable } from '../../model.ts';
import type { Range } from '../../values/codecs.ts';
import { both, judged, NO, negate, type Outcome, UNKNOWN, within, YES } from '../outcome.ts';
import type { Judge } from './condition.ts';

type Of<N extends string> = Extract<Match, { name: N; modelled: true }>;

type Ids = Negatable<Range | string>;

function idIn(id: number | undefined, { negated, value }: Ids): Outcome {
  // only the host can turn a name into a number
  if (typeof value === 'string') return UNKNOWN;
  return within(id ?? -1, value.from, value.to, negated);
}

/** Without a socket only what is turned round matches (`xt_owner.c`). */
export function owner({ user, group, socketExists, supplementaryGroups }: Of<'owner'>): Judge {
  return ({ facts }) => {
    const socket = facts.owner;
    if (socket === undefined) return UNKNOWN;
    if (socket === null) return judged([user, group, socketExists].every((held) => held?.negated !== false));
    let outcome = judged(!socketExists?.negated);
    if (user) outcome = both(outcome, idIn(socket.user, user));
    if (group) {
      const own = idIn(socket.group, { ...group, negated: false });
      const others = supplementaryGroups ? groupsIn(socket.groups, group) : NO;
      const any = own === YES || others === YES ? YES : own | others;
      outcome = both(outcome, group.negated ? negate(any) : any);
    }
    return outcome;
  };
}

function groupsIn(groups: readonly number[] | undefined, held: Ids): Outcome {
  if (!groups) return UNKNOWN;
  const each = groups.map((id) => idIn(id, { ...held, negated: false }));
  return each.includes(YES) ? YES : each.reduce((all, one) => all | one, NO);
}

/** Membership is the caller's to say. Counters and `nomatch` elements turn on more than that. */
export function set(match: Of<'set'>): Judge {
  const { negated, value } = match.lookup;
  const key = `${value.set} ${value.directions.join(',')}`;
  if (match.returnNoMatch || match.packets || match.bytes) return () => UNKNOWN;
  return ({ facts }) => {
    const member = facts.sets?.[key];
    return member === undefined ? UNKNOWN : judged(member !== negated);
  };
}

/** Only whether IPsec had to do with the packet at all. */
export function policy(match: Of<'policy'>): Judge {
  return ({ facts }) => {
    if (facts.ipsec === undefined) return UNKNOWN;
    if (match.policy === 'none') return judged(!facts.ipsec);
    return facts.ipsec ? UNKNOWN : NO;
  };
}

/** A packet that came over no bridge has none of its ports. */
export function physdev(match: Of<'physdev'>): Judge {
  const asked = [match.isIn, match.in, match.isOut, match.out, match.isBridged];
  return ({ facts }) =>
    facts.bridged === false ? judged(asked.every((held) => held?.negated !== false)) : UNKNOWN;
}

const dayLength = 86_400;
const weekLength = 7;
/** 1970 began on a Thursday; Monday is 1. */
const firstWeekday = 4;

/** Time of day and days in UTC, which is what the match means without `--kerneltz`. */
export function time(match: Of<'time'>): Judge {
  return ({ facts }) => (facts.time === undefined || match.kernelZone ? UNKNOWN : timeIs(match, facts.time));
}

function timeIs(match: Of<'time'>, stamp: number): Outcome {
  if (stamp < (match.dateStart ?? 0) || stamp > match.dateStop) return NO;
  const from = match.start ?? 0;
  const to = match.stop ?? dayLength - 1;
  const clock = stamp % dayLength;
  let day = stamp;
  if (from <= to) {
    if (clock < from || clock > to) return NO;
  } else {
    if (clock < from && clock > to) return NO;
    // the hours after midnight belong to the day on which they began
    if (match.contiguous && clock <= to) day -= dayLength;
  }
  const weekday = ((Math.floor(day / dayLength) + firstWeekday - 1) % weekLength) + 1;
  if (match.weekdays && match.weekdays.value.includes(weekday) === match.weekdays.negated) return NO;
  const monthday = new Date(day * 1000).getUTCDate();
  if (match.monthdays && match.monthdays.value.includes(monthday) === match.monthdays.negated) return NO;
  return YES;
}
