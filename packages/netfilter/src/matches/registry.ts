import type { MatchOf } from '../spec.ts';
import { addrtype } from './addrtype.ts';
import { comment } from './comment.ts';
import { conntrack, state } from './conntrack.ts';
import { icmp, icmp6 } from './icmp.ts';
import { iprange } from './iprange.ts';
import { limit } from './limit.ts';
import { mac } from './mac.ts';
import { mark } from './mark.ts';
import { multiport } from './multiport.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';

/** Every match that is modelled. */
export const matchSpecs = [
  tcp,
  udp,
  icmp,
  icmp6,
  multiport,
  conntrack,
  state,
  limit,
  comment,
  mark,
  addrtype,
  mac,
  iprange,
] as const;

type Each<S> = S extends unknown ? MatchOf<S> : never;

/** A match whose options are typed; `name` tells which. */
export type KnownMatch = Each<(typeof matchSpecs)[number]>;

/**
 * Protocols whose options load a match that is not modelled: the tool writes `-m` with this name itself.
 * Without the entry `-p sctp --dport 80` would be an unknown option.
 */
export const implicitMatches: ReadonlyMap<number, string> = new Map([
  [33, 'dccp'],
  [50, 'esp'],
  [51, 'ah'],
  [132, 'sctp'],
  [135, 'mh'],
]);
