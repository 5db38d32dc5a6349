import { type Dialect, perDialect, within } from '../print/dialect.ts';
import { protocolName } from '../values/protocols.ts';

/** Names that iptables carries itself. 1.8.11 prints no others; 1.8.10 and before ask /etc/protocols. */
const ownNames: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  50: 'esp',
  51: 'ah',
  58: 'ipv6-icmp',
  108: 'ipcomp',
  132: 'sctp',
  135: 'mobility-header',
  136: 'udplite',
};

/** The same before 1.8.9: what `-nL` shows by name. */
const olderNames: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  50: 'esp',
  51: 'ah',
  58: 'icmpv6',
  132: 'sctp',
  135: 'ipv6-mh',
  136: 'udplite',
};

const numbers: readonly number[] = Array.from({ length: 256 }, (_, number) => number);

/** What stands behind `-p` in a dump: `gre` up to 1.8.10, `47` from 1.8.11 on. */
export const savedProtocol = (protocol: number, dialect: Dialect): string =>
  savedNames(dialect)[protocol] ?? String(protocol);

const savedNames = perDialect((dialect) => {
  const nameOf = within(dialect, { since: '1.8.11' }) ? (number: number) => ownNames[number] : protocolName;
  return numbers.map((number) => nameOf(number) ?? String(number));
});

/** The protocol column of `-nL` with the blank that follows it. 1.8.9 and 1.8.10 show numbers, 0 for all. */
export const listedProtocol = (protocol: number, dialect: Dialect): string =>
  listedNames(dialect)[protocol] ?? String(protocol);

const listedNames = perDialect((dialect) => {
  // one column wider than the later ones and nothing behind it, so that `icmpv6` runs into the next
  if (within(dialect, { before: '1.8.9' })) return numbers.map((n) => nameIn(olderNames, n).padEnd(5));
  if (within(dialect, { before: '1.8.11' })) return numbers.map((n) => `${String(n).padEnd(4)} `);
  return numbers.map((n) => `${nameIn(ownNames, n).padEnd(4)} `);
});

const nameIn = (names: Readonly<Record<number, string>>, protocol: number): string =>
  protocol === 0 ? 'all' : (names[protocol] ?? String(protocol));
