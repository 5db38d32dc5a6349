import type { MatchOf } from '../spec.ts';
import { addrtype } from './addrtype.ts';
import { bpf } from './bpf.ts';
import { cluster } from './cluster.ts';
import { comment } from './comment.ts';
import { connlabel } from './connlabel.ts';
import { connbytes, connlimit } from './connlimit.ts';
import { conntrack, state } from './conntrack.ts';
import { hashlimit } from './hashlimit.ts';
import { dst, eui64, frag, hbh, ipv6header, rt } from './headers6.ts';
import { icmp, icmp6 } from './icmp.ts';
import { iprange } from './iprange.ts';
import { ah, esp, ipcomp } from './ipsec.ts';
import { ipvs } from './ipvs.ts';
import { length, tcpmss } from './length.ts';
import { limit } from './limit.ts';
import { physdev, rpfilter, socket } from './link.ts';
import { mac } from './mac.ts';
import { connmark, devgroup, mark, realm } from './mark.ts';
import { mh } from './mh.ts';
import { multiport } from './multiport.ts';
import { osf } from './osf.ts';
import { owner } from './owner.ts';
import { cgroup, cpu, helper, nfacct, pkttype, quota } from './packet.ts';
import { policy } from './policy.ts';
import { rateest } from './rateest.ts';
import { recent } from './recent.ts';
import { dccp, sctp } from './sctp.ts';
import { set } from './set.ts';
import { srh } from './srh.ts';
import { statistic } from './statistic.ts';
import { stringMatch } from './string.ts';
import { tcp } from './tcp.ts';
import { time } from './time.ts';
import { dscp, ecn, tos } from './tos.ts';
import { hl, ttl } from './ttl.ts';
import { u32 } from './u32.ts';
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
  length,
  tcpmss,
  ttl,
  hl,
  tos,
  dscp,
  ecn,
  owner,
  pkttype,
  quota,
  cpu,
  helper,
  cgroup,
  nfacct,
  connmark,
  devgroup,
  realm,
  statistic,
  stringMatch,
  sctp,
  dccp,
  ah,
  esp,
  policy,
  hashlimit,
  connlimit,
  connbytes,
  recent,
  time,
  physdev,
  rpfilter,
  socket,
  u32,
  cluster,
  osf,
  set,
  ipcomp,
  bpf,
  connlabel,
  ipvs,
  rateest,
  dst,
  hbh,
  frag,
  rt,
  ipv6header,
  eui64,
  mh,
  srh,
] as const;

type Each<S> = S extends unknown ? MatchOf<S> : never;

/** A match whose options are typed; `name` tells which. */
export type KnownMatch = Each<(typeof matchSpecs)[number]>;
