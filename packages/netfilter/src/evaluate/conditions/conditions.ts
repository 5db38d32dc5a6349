import type { Family, Match, Rule } from '../../model.ts';
import type { Backend } from '../../print/dialect.ts';
import { HOT_DROP, UNKNOWN } from '../outcome.ts';
import { lacks } from '../packet.ts';
import type { Condition, Judge } from './condition.ts';
import { connbytes, connmark, conntrack, helper, state } from './connection.ts';
import { coreConditions } from './core.ts';
import {
  addrtype,
  dscp,
  ecn,
  hl,
  iprange,
  type LocalAddresses,
  length,
  mac,
  mark,
  pkttype,
  tos,
  ttl,
} from './header.ts';
import { owner, physdev, policy, set, time } from './host.ts';
import { dccp, icmp, multiport, nftPorts, sctp, spi, tcp, tcpmss, udp } from './transport.ts';

export interface ConditionContext {
  readonly family: Family;
  readonly addresses: LocalAddresses;
  readonly backend: Backend;
}

/** Counters, clocks, sockets and contents that a packet's fields do not tell: judged both ways. */
const cannotTell: Judge = (packet) => (packet.unknown & lacks.wholeness ? UNKNOWN | HOT_DROP : UNKNOWN);

/** The protocol that the kernel demands of a rule with this match, without `!`. */
const protocols: Readonly<Record<string, readonly number[]>> = {
  tcp: [6],
  udp: [17],
  icmp: [1],
  icmp6: [58],
  sctp: [132],
  dccp: [33],
  tcpmss: [6],
  multiport: [6, 17, 33, 132, 136],
  ah: [51],
  esp: [50],
};

/** A rule that the kernel would refuse has no meaning to judge. */
function isRefused(rule: Rule, match: Match): boolean {
  const needed = protocols[match.name];
  if (!needed) return false;
  return !rule.protocol || rule.protocol.negated || !needed.includes(rule.protocol.value);
}

function judgeOf(match: Match, { family, addresses, backend }: ConditionContext): Judge {
  if (!match.modelled) return cannotTell;
  switch (match.name) {
    case 'tcp':
      return (backend === 'nft' && match.option === null && nftPorts(match, match.flags)) || tcp(match);
    case 'udp':
      return (backend === 'nft' && nftPorts(match, null)) || udp(match);
    case 'icmp':
    case 'icmp6':
      return icmp(match);
    case 'sctp':
      return sctp(match);
    case 'dccp':
      return dccp(match);
    case 'multiport':
      return multiport(match);
    case 'tcpmss':
      return tcpmss(match);
    case 'ah':
    case 'esp':
      return spi(match);
    case 'state':
      return state(match);
    case 'conntrack':
      return conntrack(match, family);
    case 'connmark':
      return connmark(match);
    case 'connbytes':
      return connbytes();
    case 'helper':
      return helper(match);
    case 'length':
      return length(match);
    case 'ttl':
      return ttl(match);
    case 'hl':
      return hl(match);
    case 'tos':
      return tos(match);
    case 'dscp':
      return dscp(match);
    case 'ecn':
      return ecn(match);
    case 'iprange':
      return iprange(match);
    case 'mark':
      return mark(match);
    case 'mac':
      return mac(match);
    case 'pkttype':
      return pkttype(match);
    case 'addrtype':
      return addrtype(match, addresses);
    case 'owner':
      return owner(match);
    case 'set':
      return set(match);
    case 'policy':
      return policy(match);
    case 'physdev':
      return physdev(match);
    case 'time':
      return time(match);
    default:
      return cannotTell;
  }
}

/**
 * Everything that a rule tests, in the order in which the kernel does. `whole` is the rule as it stands where `rule`
 * is only a part of it: the kernel takes a match by the protocol of the rule.
 */
export function conditionsOf(rule: Rule, context: ConditionContext, whole = rule): Condition[] {
  if (rule.verbatim !== null) return [{ name: 'verbatim', judge: cannotTell }];
  const conditions = coreConditions(rule, context.family);
  for (const match of rule.matches) {
    if (match.name === 'comment') continue;
    const judge = isRefused(whole, match) ? cannotTell : judgeOf(match, context);
    conditions.push({ name: match.name, judge });
  }
  return conditions;
}
