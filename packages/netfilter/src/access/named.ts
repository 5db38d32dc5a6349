import { findMatch } from '../extensions/catalog.ts';
import type { Rule, RuleSet } from '../model.ts';
import { parseIpv4Network } from '../values/address.ts';
import { parseIpv6Network } from '../values/address6.ts';
import type { Range } from '../values/codecs.ts';
import { TCP, UDP } from '../values/protocols.ts';

export type Direction = 'in' | 'out';
export type Transport = 'tcp' | 'udp' | 'icmp';

const ICMP = { ipv4: 1, ipv6: 58 } as const;

/** Which of the three a rule is about; all where it names none, none for other protocols. */
export function transportsOf(rule: Rule, { family }: Pick<RuleSet, 'family'>): Transport[] {
  const all: [Transport, number][] = [
    ['tcp', TCP],
    ['udp', UDP],
    ['icmp', ICMP[family]],
  ];
  const { protocol } = rule;
  if (protocol === null) return ['tcp', 'udp', 'icmp'];
  return all.flatMap(([name, number]) => ((number === protocol.value) !== protocol.negated ? name : []));
}

export const protocolNumber = (transport: Transport, { family }: Pick<RuleSet, 'family'>): number =>
  transport === 'tcp' ? TCP : transport === 'udp' ? UDP : ICMP[family];

/** Ports that connections are made to, as far as the rule names any; what is excluded counts as named. */
export function portsOf(rule: Rule): Range[] {
  const single = [findMatch(rule, 'tcp')?.destinationPort, findMatch(rule, 'udp')?.destinationPort].flatMap(
    (port) => port?.value ?? [],
  );
  const several = findMatch(rule, 'multiport');
  return [...single, ...(several?.destinationPorts?.value ?? []), ...(several?.eitherPorts?.value ?? [])];
}

/** The far end that a rule names, as it prints it; null for none. */
export const peerOf = (rule: Rule, direction: Direction): string | null =>
  (direction === 'in' ? rule.source : rule.destination)?.value ?? null;

const hosts = {
  ipv4: ['203.0.113.249', '198.51.100.249', '192.0.2.249', '198.18.7.249', '100.66.7.249'],
  ipv6: ['2001:db8:fff9::249', '2001:db8:9ff9::249', '2001:5:9::249', 'fd99:9999:9999::249'],
} as const;

/** An address that stands for everybody whom no rule names; the first of a few where all of them are named. */
export function stranger({ family, tables }: RuleSet): string {
  const peers = tables.flatMap(({ chains }) =>
    chains.flatMap(({ rules }) =>
      rules.flatMap(({ source, destination }) => [source?.value ?? [], destination?.value ?? []].flat()),
    ),
  );
  const named = new Set(peers);
  const free = hosts[family].find((host) => ![...named].some((peer) => contains(peer, host, family)));
  return free ?? hosts[family][0];
}

/** A prefix that takes half of everything in names nobody. */
const widest = 8;

function contains(peer: string, host: string, family: RuleSet['family']): boolean {
  if (Number(/\/(\d+)$/.exec(peer)?.[1] ?? 32) < widest) return false;
  if (family === 'ipv4') {
    const [network, address] = [parseIpv4Network(peer), parseIpv4Network(host)];
    return ((network.bits ^ address.bits) & network.mask) === 0;
  }
  const [network, address] = [parseIpv6Network(peer), parseIpv6Network(host)];
  return network.groups.every(
    (group, index) => ((group ^ (address.groups[index] ?? 0)) & (network.mask[index] ?? 0)) === 0,
  );
}

/** One address of a prefix: the first that a host may have. */
export function memberOf(peer: string, family: RuleSet['family']): string {
  const [address = peer, length = ''] = peer.split('/');
  const full = family === 'ipv4' ? 31 : 127;
  if (length === '' || !/^\d+$/.test(length) || Number(length) >= full) return address;
  if (family === 'ipv4') return address.replace(/\d+$/, (last) => String(Number(last) | 1));
  return /::$/.test(address) ? `${address}1` : address;
}
