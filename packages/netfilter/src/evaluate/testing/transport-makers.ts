import type { PacketFields, TcpFlag } from '../packet.ts';
import { type MadeCondition, type Maker, not, type PortKey, portRange } from './made-condition.ts';
import type { Random } from './random.ts';

/** Options of `tcp` and `udp` for ports, perhaps none. */
function portOptions(random: Random): MadeCondition {
  const made: MadeCondition = { text: '', fits: {}, edges: [] };
  for (const [option, key] of [
    ['--sport', 'sourcePort'],
    ['--dport', 'destinationPort'],
  ] as const) {
    if (random.chance(key === 'sourcePort' ? 0.75 : 0.35)) continue;
    const range = portRange(random, key);
    made.text += ` ${not(random)}${option} ${range.text}`;
    made.fits = { ...made.fits, [key]: random.integer(range.from, range.to) };
    made.edges.push(...range.edges);
  }
  return made;
}

const flagNames: readonly TcpFlag[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];
const someFlags = (random: Random): TcpFlag[] => flagNames.filter(() => random.chance(0.4));

const tcp: Maker = (random) => {
  const made = portOptions(random);
  if (random.chance(0.3)) {
    if (random.chance(0.5)) {
      made.text += ` ${not(random)}--syn`;
      made.fits = { ...made.fits, tcpFlags: ['SYN'] };
      made.edges.push(
        { tcpFlags: ['SYN'] },
        { tcpFlags: ['SYN', 'ACK'] },
        { tcpFlags: ['SYN', 'ECE', 'CWR'] },
      );
    } else {
      const mask = someFlags(random);
      const set = mask.filter(() => random.chance(0.5));
      made.text += ` ${not(random)}--tcp-flags ${mask.join(',') || 'NONE'} ${set.join(',') || 'NONE'}`;
      made.fits = { ...made.fits, tcpFlags: set };
      made.edges.push({ tcpFlags: set }, { tcpFlags: someFlags(random) });
    }
  }
  if (random.chance(0.12)) {
    const kind = random.pick([2, 3, 4, 8, 5]);
    made.text += ` ${not(random)}--tcp-option ${kind}`;
    made.fits = { ...made.fits, tcpOptions: new Uint8Array([kind, 4, 5, 180]) };
    made.edges.push(...optionEdges(kind));
  }
  return { ...made, text: `-p tcp -m tcp${made.text}`, fits: { ...made.fits, protocol: 6 } };
};

const optionEdges = (kind: number): PacketFields[] => [
  { tcpOptions: new Uint8Array([1, 1, kind, 2]) },
  { tcpOptions: new Uint8Array([3, 3, kind, 1]) },
  { tcpOptions: new Uint8Array([1, 1, 1, kind]) },
  { tcpOptions: new Uint8Array([kind, 0, 1, 1]) },
  { tcpOptions: new Uint8Array([]) },
  { tcpOptions: new Uint8Array([1, 1, 1, 1]), dataOffset: 16 },
  { tcpOptions: new Uint8Array([1, 1, kind, 2]), dataOffset: 20 },
  { tcpOptions: new Uint8Array([1, 1, kind, 2]), dataOffset: 60 },
];

const udp: Maker = (random) => {
  const made = portOptions(random);
  return { ...made, text: `-p udp -m udp${made.text}`, fits: { ...made.fits, protocol: 17 } };
};

const icmp: Maker = (random) => {
  const type = random.pick([0, 3, 8, 11, 13, 255]);
  const code = random.chance(0.4) ? random.integer(0, 4) : null;
  const fits = { protocol: 1, icmpType: type, icmpCode: code ?? 0 };
  return {
    text: `-p icmp -m icmp ${not(random)}--icmp-type ${type}${code === null ? '' : `/${code}`}`,
    fits,
    edges: [
      { icmpType: Math.max(0, type - 1) },
      { icmpType: Math.min(255, type + 1) },
      { icmpCode: (code ?? 0) + 1 },
      fits,
    ],
  };
};

const portProtocolNames = { tcp: 6, udp: 17 } as const;

const multiport: Maker = (random) => {
  const name = random.pick(['tcp', 'udp'] as const);
  const option = random.pick(['--sports', '--dports', '--ports']);
  const key: PortKey =
    option === '--sports' || (option === '--ports' && random.chance(0.5)) ? 'sourcePort' : 'destinationPort';
  const ranges = Array.from({ length: random.integer(1, 4) }, () => portRange(random, key));
  const one = random.pick(ranges);
  return {
    text: `-p ${name} -m multiport ${not(random)}${option} ${ranges.map(({ text }) => text).join(',')}`,
    fits: { protocol: portProtocolNames[name], [key]: random.integer(one.from, one.to) },
    edges: ranges.flatMap(({ edges }) => edges),
  };
};

const plainProtocol: Maker = (random) => {
  const [name, number] = random.pick([
    ['tcp', 6],
    ['udp', 17],
    ['icmp', 1],
    ['esp', 50],
    ['253', 253],
  ] as const);
  return { text: `${not(random)}-p ${name}`, fits: { protocol: number }, edges: [] };
};

const sctp: Maker = (random) => {
  const name = random.pick(['sctp', 'dccp'] as const);
  const range = portRange(random, 'destinationPort');
  return {
    text: `-p ${name} -m ${name} ${not(random)}--dport ${range.text}`,
    fits: { protocol: name === 'sctp' ? 132 : 33, destinationPort: range.from },
    edges: range.edges,
  };
};

const spi: Maker = (random) => {
  const [name, number, option] = random.pick([
    ['esp', 50, '--espspi'],
    ['ah', 51, '--ahspi'],
  ] as const);
  const from = random.pick([0, 1, 500, 0xffffffff]);
  const to = random.pick([from, 0xffffffff]);
  return {
    text: `-p ${name} -m ${name} ${not(random)}${option} ${from}:${to}`,
    fits: { protocol: number, spi: from },
    edges: [Math.max(0, from - 1), from, to, Math.min(0xffffffff, to + 1)].map((value) => ({ spi: value })),
  };
};

/** What the rule's protocol is: at most one of these in a rule. */
export const protocolMakers: readonly Maker[] = [
  tcp,
  tcp,
  tcp,
  udp,
  udp,
  icmp,
  multiport,
  multiport,
  plainProtocol,
  plainProtocol,
  sctp,
  spi,
];

/** TCP flags of IP's congestion bits, and the MSS of a SYN. */
export const tcpOnlyMakers: readonly Maker[] = [
  (random) => ({
    text: `-m ecn ${not(random)}--ecn-tcp-${random.pick(['ece', 'cwr'])}`,
    fits: { tcpFlags: ['SYN', 'ECE', 'CWR'] },
    edges: [{ tcpFlags: ['SYN', 'ECE'] }, { tcpFlags: ['SYN', 'CWR'] }, { tcpFlags: ['SYN'] }],
  }),
  (random) => {
    const from = random.pick([536, 1460, 0]);
    const to = from + random.pick([0, 100]);
    const mss = (value: number): PacketFields => ({
      tcpOptions: new Uint8Array([2, 4, (value >> 8) & 255, value & 255]),
    });
    return {
      text: `-m tcpmss ${not(random)}--mss ${from}:${to}`,
      fits: { ...mss(from), tcpFlags: ['SYN'] },
      edges: [mss(from), mss(to), mss(to + 1), mss(Math.max(0, from - 1)), ...optionEdges(2)],
    };
  },
];
