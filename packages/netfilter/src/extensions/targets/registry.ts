import type { VerdictTarget } from '../../model.ts';
import type { TargetOf } from '../spec.ts';
import { clusterip } from './clusterip.ts';
import { checksum, dscpTarget, ecnTarget, hlTarget, tosTarget, ttlTarget } from './header.ts';
import { hmark } from './hmark.ts';
import { led } from './led.ts';
import { log } from './log.ts';
import { connmarkTarget, connsecmark, markTarget, secmark } from './mark.ts';
import { dnat, masquerade, redirect, snat } from './nat.ts';
import { audit, nflog, nfqueue, trace } from './nflog.ts';
import { dnpt, snpt } from './prefix-translation.ts';
import { rateestTarget } from './rateest.ts';
import { reject } from './reject.ts';
import { classify, netmap, tee, tproxy } from './route.ts';
import { synproxy, tcpmssTarget, tcpoptstrip } from './tcp-options.ts';
import { ct, idletimer, notrack, setTarget } from './tracking.ts';
import { ulog } from './ulog.ts';

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
  snpt,
  dnpt,
  hmark,
  rateestTarget,
  secmark,
  led,
  clusterip,
  ulog,
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
