import { NetfilterError } from '../../error.ts';
import type { Family, Rule } from '../../model.ts';
import { normalizeHost } from '../../values/address.ts';
import { flag, type Range } from '../../values/codecs.ts';
import { portNumber } from '../../values/services.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** Where a connection is sent to or shown from. Null parts stay as they are. */
export interface NatRange {
  addresses: { from: string; to: string } | null;
  ports: Range | null;
  /** DNAT: the port from which the range is counted (`:1000-2000/3000`) */
  portBase: number | null;
}

function readPorts(word: string): { ports: Range; portBase: number | null } {
  const slash = word.indexOf('/');
  const base = slash < 0 ? null : portNumber(word.slice(slash + 1));
  if (base === 0) throw new NetfilterError('port.invalid', { word, expected: '1-65535' });
  const span = slash < 0 ? word : word.slice(0, slash);
  const dash = span.indexOf('-');
  const from = portNumber(dash < 0 ? span : span.slice(0, dash));
  const to = dash < 0 ? from : portNumber(span.slice(dash + 1));
  if (from < 0 || to < 0 || (base !== null && base < 0)) {
    throw new NetfilterError('port.invalid', { word, expected: 'port[-port]' });
  }
  if (from > to) throw new NetfilterError('port.reversed', { word, expected: 'low-high' });
  return { ports: { from, to }, portBase: base };
}

function readNat(first: string, family: Family): NatRange {
  const bracket = family === 'ipv6' && first.startsWith('[') ? first.indexOf(']') : -1;
  // an IPv6 address with a port stands in brackets, ports alone begin with the colon
  const plainColons = family === 'ipv6' && bracket < 0 && !/^:[^:]*$/.test(first);
  const colon = plainColons ? -1 : first.indexOf(':', Math.max(bracket, 0));
  let host = colon < 0 ? first : first.slice(0, colon);
  if (bracket >= 0) host = host.slice(1, bracket);
  const ports = colon < 0 ? { ports: null, portBase: null } : readPorts(first.slice(colon + 1));
  if (host === '' && ports.ports !== null) return { addresses: null, ...ports };
  // a mask would be read as the whole network
  if (host.includes('/')) throw new NetfilterError('address.invalid', { word: first });
  const dash = host.indexOf('-');
  const from = normalizeHost(dash < 0 ? host : host.slice(0, dash), family);
  const to = dash < 0 ? from : normalizeHost(host.slice(dash + 1), family);
  return { addresses: { from, to }, ...ports };
}

const printPorts = ({ from, to }: Range): string => (from === to ? String(from) : `${from}-${to}`);

/** The tool prints and lists a single port as `80/85`, which it does not read. */
function portsWithBase({ from, to }: Range, base: number): string {
  return `${from}-${to}/${base}`;
}

function printNat(value: NatRange, withBase = portsWithBase): string {
  let out = '';
  if (value.addresses) {
    const { from, to } = value.addresses;
    out = from === to ? from : `${from}-${to}`;
    if (value.ports && from.includes(':')) out = `[${out}]`;
  }
  const { ports, portBase } = value;
  if (ports === null) return out;
  return `${out}:${portBase === null ? printPorts(ports) : withBase(ports, portBase)}`;
}

const listNat = (value: NatRange): string =>
  `to:${printNat(value, (ports, base) => `${printPorts(ports)}/${base}`)}`;

const natRange: Codec<NatRange> = {
  words: 1,
  expected: '[address[-address]][:port[-port]]',
  read: (first, _second, family) => readNat(first, family),
  print: (value) => printNat(value),
};

/** Ports are counted from another one by DNAT only: what others make of a base they do not read again. */
function withoutBase<T extends { portBase: number | null }>(read: T, word: string): T {
  if (read.portBase !== null) throw new NetfilterError('port.invalid', { word, expected: 'port[-port]' });
  return read;
}

const sourceRange: Codec<NatRange> = {
  ...natRange,
  read: (first, _second, family) => withoutBase(readNat(first, family), first),
};

const natPorts: Codec<Range> = {
  words: 1,
  expected: 'port[-port]',
  read: (first) => withoutBase(readPorts(first), first).ports,
  print: (value) => printPorts(value),
};

/** tcp, udp, dccp, sctp, and icmp, whose identifier is rewritten like a port. */
const natProtocols: readonly number[] = [6, 17, 33, 132, 1];

/** Ports can only be changed where the protocol has some. */
function needPorts(rule: Rule, ports: Range | null): void {
  if (ports === null) return;
  if (rule.protocol === null || rule.protocol.negated || !natProtocols.includes(rule.protocol.value)) {
    throw new NetfilterError('protocol.needed', {
      field: 'protocol',
      expected: '-p tcp | udp | sctp | dccp | icmp',
    });
  }
}

const words = (...parts: (string | false | null)[]): string => parts.filter(Boolean).join(' ');

/** Changes the source; in POSTROUTING and INPUT of nat. */
export const snat = defineExtension({
  name: 'SNAT',
  fields: {
    to: plain(['--to-source'], sourceRange, { required: true, present: true }),
    random: plain(['--random'], flag),
    randomFully: plain(['--random-fully'], flag),
    persistent: plain(['--persistent'], flag),
  },
  tables: ['nat'],
  chains: ['POSTROUTING', 'INPUT'],
  finish: (target, { rule }) => needPorts(rule, target.to.ports),
  list: (target) =>
    words(
      listNat(target.to),
      target.random && 'random',
      target.randomFully && 'random-fully',
      target.persistent && 'persistent',
    ),
});

/** Changes the destination; in PREROUTING and OUTPUT of nat. */
export const dnat = defineExtension({
  name: 'DNAT',
  fields: {
    to: plain(['--to-destination'], natRange, { required: true, present: true }),
    random: plain(['--random'], flag),
    persistent: plain(['--persistent'], flag),
  },
  tables: ['nat'],
  chains: ['PREROUTING', 'OUTPUT'],
  finish: (target, { rule }) => needPorts(rule, target.to.ports),
  list: (target) => words(listNat(target.to), target.random && 'random', target.persistent && 'persistent'),
});

/** Changes the source to the address of the outgoing interface; in POSTROUTING of nat. */
export const masquerade = defineExtension({
  name: 'MASQUERADE',
  fields: {
    ports: plain(['--to-ports'], natPorts),
    random: plain(['--random'], flag),
    randomFully: plain(['--random-fully'], flag),
  },
  tables: ['nat'],
  chains: ['POSTROUTING'],
  finish: (target, { rule }) => needPorts(rule, target.ports),
  list: (target) =>
    words(
      target.ports && `masq ports: ${printPorts(target.ports)}`,
      target.random && 'random',
      target.randomFully && 'random-fully',
    ),
});

/** Sends to the machine itself; in PREROUTING and OUTPUT of nat. */
export const redirect = defineExtension({
  name: 'REDIRECT',
  fields: { ports: plain(['--to-ports'], natPorts), random: plain(['--random'], flag) },
  tables: ['nat'],
  chains: ['PREROUTING', 'OUTPUT'],
  finish: (target, { rule }) => needPorts(rule, target.ports),
  list: (target) =>
    words(target.ports && `redir ports ${printPorts(target.ports)}`, target.random && 'random'),
});
