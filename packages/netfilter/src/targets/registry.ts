import type { VerdictTarget } from '../model.ts';
import type { TargetOf } from '../spec.ts';
import { log } from './log.ts';
import { markTarget } from './mark.ts';
import { dnat, masquerade, redirect, snat } from './nat.ts';
import { reject } from './reject.ts';

/** Every target extension that is modelled. */
export const targetSpecs = [reject, log, snat, dnat, masquerade, redirect, markTarget] as const;

type Each<S> = S extends unknown ? TargetOf<S> : never;

/** A target extension whose options are typed; `name` tells which. */
export type KnownTarget = Each<(typeof targetSpecs)[number]>;

/** The table's own targets, one shared object each. */
export const verdicts: ReadonlyMap<string, VerdictTarget> = new Map(
  (['ACCEPT', 'DROP', 'RETURN', 'QUEUE'] as const).map((name) => [
    name,
    Object.freeze({ kind: 'verdict', name, modelled: true } satisfies VerdictTarget),
  ]),
);

/**
 * Targets that iptables ships and that are kept as text. A name that is neither here nor above is a chain,
 * since the tool refuses chains that are called like a target.
 */
export const otherTargets: ReadonlySet<string> = new Set([
  'AUDIT',
  'CHECKSUM',
  'CLASSIFY',
  'CLUSTERIP',
  'CONNMARK',
  'CONNSECMARK',
  'CT',
  'DNPT',
  'DSCP',
  'ECN',
  'HL',
  'HMARK',
  'IDLETIMER',
  'LED',
  'NETMAP',
  'NFLOG',
  'NFQUEUE',
  'NOTRACK',
  'RATEEST',
  'SECMARK',
  'SET',
  'SNPT',
  'SYNPROXY',
  'TCPMSS',
  'TCPOPTSTRIP',
  'TEE',
  'TOS',
  'TPROXY',
  'TRACE',
  'TTL',
  'ULOG',
]);
