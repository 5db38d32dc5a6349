import { abbreviateCounter } from '@moru/netfilter';
import type { FirewallChain, FirewallState } from '@moru/types';
import { useRef, useState } from 'react';

/** What a rule or a policy has counted. */
export interface Counted {
  /** as iptables abbreviates it: 100K */
  short: string;
  exact: string;
  bytes: string;
  shortBytes: string;
  /** packets in a second, between the last two readings; null before there are two */
  perSecond: number | null;
}

/** Counters of one chain; `number` is the rule's on the host. */
export interface ChainCounters {
  rule(number: number): Counted | null;
  policy(): Counted | null;
}

interface Readings {
  last: FirewallState;
  before: FirewallState | null;
}

/** The last two readings of one set of rules: between others a rate would be of two different rules. */
export function useReadings(state: FirewallState): Readings {
  const [readings, setReadings] = useState<Readings>({ last: state, before: null });
  if (readings.last === state) return readings;
  const comparable = readings.last.revision === state.revision && readings.last.readAt < state.readAt;
  const next = { last: state, before: comparable ? readings.last : null };
  setReadings(next);
  return next;
}

/** While `paused` the state stays the one that it was. */
export function usePaused(state: FirewallState, paused: boolean): FirewallState {
  const shown = useRef(state);
  if (!paused || shown.current.revision !== state.revision) shown.current = state;
  return shown.current;
}

export function countersOf({ last, before }: Readings, table: string, name: string): ChainCounters {
  const now = find(last, table, name);
  const then = before && find(before, table, name);
  const seconds = before ? (Date.parse(last.readAt) - Date.parse(before.readAt)) / 1000 : 0;
  const counted = (held?: Pair, earlier?: Pair): Counted | null => {
    if (!held) return null;
    return {
      short: abbreviateCounter(BigInt(held.packets)),
      exact: held.packets,
      bytes: held.bytes,
      shortBytes: abbreviateCounter(BigInt(held.bytes)),
      perSecond: earlier && seconds > 0 ? rate(held.packets, earlier.packets, seconds) : null,
    };
  };
  // one object for each rule: a row that is given another one paints itself anew, at every step of a scroll
  const known = new Map<number, Counted | null>();
  return {
    rule: (number) => {
      const before = known.get(number);
      if (before !== undefined) return before;
      const fresh = counted(now?.rules[number - 1], then?.rules[number - 1]);
      known.set(number, fresh);
      return fresh;
    },
    policy: () => counted(now, then ?? undefined),
  };
}

type Pair = Pick<FirewallChain, 'packets' | 'bytes'>;

function find(state: FirewallState, table: string, name: string): FirewallChain | undefined {
  return state.tables.find((each) => each.name === table)?.chains.find((chain) => chain.name === name);
}

/** Null when the counter was set back in between. */
function rate(now: string, then: string, seconds: number): number | null {
  const difference = BigInt(now) - BigInt(then);
  return difference < 0n ? null : Number(difference) / seconds;
}
