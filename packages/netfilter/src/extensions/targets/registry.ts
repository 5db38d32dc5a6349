import type { VerdictTarget } from '../../model.ts';
import type { TargetOf } from '../spec.ts';
import { checksum, dscpTarget, ecnTarget, hlTarget, tosTarget, ttlTarget } from './header.ts';
import { log } from './log.ts';
import { connmarkTarget, connsecmark, markTarget } from './mark.ts';
import { dnat, masquerade, redirect, snat } from './nat.ts';
import { audit, nflog, nfqueue, trace } from './nflog.ts';
import { reject } from './reject.ts';
import { classify, netmap, tee, tproxy } from './route.ts';
import { synproxy, tcpmssTarget, tcpoptstrip } from './tcp-options.ts';
import { ct, idletimer, notrack, setTarget } from './tracking.ts';

/** Every target extension that is modelled. */
export const targetSpecs = [
  reject,
  log,
  snat,
  dnat,
  masquerade,
  redirect,
  nflog,
  nfqueue,
  audit,
  trace,
  markTarget,
  connmarkTarget,
  connsecmark,
  tosTarget,
  dscpTarget,
  ttlTarget,
  hlTarget,
  ecnTarget,
  checksum,
  tcpmssTarget,
  tcpoptstrip,
  synproxy,
  tee,
  tproxy,
  netmap,
  classify,
  ct,
  notrack,
  setTarget,
  idletimer,
] as const;

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
  'CLUSTERIP',
  'DNPT',
  'HMARK',
  'LED',
  'RATEEST',
  'SECMARK',
  'SNPT',
  'ULOG',
]);
