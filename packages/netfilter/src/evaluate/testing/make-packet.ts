import type { PacketFields, TcpFlag } from '../packet.ts';
import type { PacketPath } from '../place.ts';
import type { MadeSet } from './make-set.ts';
import type { Random } from './random.ts';
import type { WireDetails } from './wire.ts';

/** A packet that is sent, what the model is told of it, and how it goes. */
export interface MadePacket {
  path: PacketPath;
  line: number;
  sent: PacketFields;
  /** without some fields that are then unknown */
  told: PacketFields;
  wire: WireDetails;
}

const firstOwnPort = 10_000;
const lines = ['eth0', 'eth1', 'lan0', 'lan10', 'wan0', 'wan1'];
const someAddresses = [
  '10.1.2.3',
  '10.1.2.200',
  '192.168.4.9',
  '203.0.113.7',
  '172.16.5.129',
  '8.8.8.8',
  '240.0.0.1',
];
const randomFlags: readonly (readonly TcpFlag[])[] = [
  ['SYN'],
  ['SYN'],
  ['ACK'],
  ['SYN', 'ACK'],
  ['RST'],
  ['FIN', 'ACK'],
  [],
  ['SYN', 'FIN'],
  ['PSH', 'ACK', 'URG'],
  ['SYN', 'ECE', 'CWR'],
];

/** Mostly at the edges of the rules, the rest at random. Null for one that cannot be sent as wished. */
export function makePacket(random: Random, made: MadeSet, id: number): MadePacket | null {
  const line = random.integer(0, lines.length - 1);
  const path: PacketPath = line < 2 ? 'input' : line < 4 ? 'forward' : 'output';
  let fields: PacketFields = {
    source: random.pick(someAddresses),
    destination: random.pick(someAddresses),
    protocol: random.pick([6, 6, 6, 17, 17, 1, 50, 51, 132, 253, 33]),
    sourcePort: random.integer(0, 65535),
    destinationPort: random.pick([22, 80, 443, 53, random.integer(0, 65535)]),
    tcpFlags: random.pick(randomFlags),
    tcpOptions: new Uint8Array([]),
    icmpType: random.pick([0, 3, 8, 13]),
    icmpCode: 0,
    spi: random.pick([0, 1, 500, 501]),
    ttl: random.pick([64, 128, 255, 2]),
    tos: random.pick([0, 0, 0x10, 0xb8]),
  };
  if (made.fits.length > 0 && random.chance(0.7)) fields = { ...fields, ...random.pick(made.fits) };
  for (let i = random.integer(0, 3); i > 0 && made.edges.length > 0; i--) {
    fields = { ...fields, ...random.pick(made.edges) };
  }
  if (random.chance(0.03)) fields.transportBytes = random.pick([0, 3, 4, 7, 8, 11, 12, 19, 20]);
  return settle(random, made, { path, line, fields, id });
}

interface Wish {
  path: PacketPath;
  line: number;
  fields: PacketFields;
  id: number;
}

/** Turns a wish into a packet that reaches the rules, with everything that the kernel will see of it. */
function settle(random: Random, made: MadeSet, { path, line, fields, id }: Wish): MadePacket | null {
  const sent: PacketFields = { ...fields, inInterface: '', outInterface: '', ipsec: false, bridged: false };
  const name = lines[line] ?? '';
  if (path === 'output') sent.outInterface = name;
  else sent.inInterface = name;
  if (path === 'forward') sent.outInterface = name === 'lan0' ? 'wan0' : 'wan1';
  if (!reaches(sent.source ?? '') || !reaches(sent.destination ?? '')) return null;
  if (path !== 'input' || made.tracked) sent.ttl = Math.max(2, sent.ttl ?? 64);
  if (path !== 'forward' || made.tracked) {
    delete sent.fragmentOffset;
    delete sent.moreFragments;
  }
  sent.mark = path === 'output' ? random.pick([0, 1, 2]) : 0;
  sent.connectionMark = 0;
  if (path === 'output') {
    sent.mac = null;
    sent.owner ??= { user: 0, group: 0 };
    delete sent.packetType;
  } else {
    sent.owner = null;
    sent.mac ??= '02:aa:00:00:00:01';
    if (sent.mac === null || path === 'forward') sent.packetType = 'unicast';
    sent.packetType ??= 'unicast';
  }
  if (sent.protocol !== 6) {
    delete sent.tcpFlags;
    delete sent.tcpOptions;
    delete sent.dataOffset;
  }
  // their tracking turns on chunks and on types that are not made here
  if (made.tracked && (sent.protocol === 132 || sent.protocol === 33)) return null;
  if (made.kind === 'nat') {
    // a translated address may make the packet the answer of another connection, unless its port is its own
    if (![1, 6, 17].includes(sent.protocol ?? 0)) return null;
    sent.sourcePort = firstOwnPort + id;
  }
  const head = 20 + headerBytes(sent);
  const payload = Math.max(0, (sent.length ?? head + random.integer(0, 20)) - head);
  if (payload > 1300) return null;
  const whole = headerBytes(sent) + payload;
  if (sent.transportBytes !== undefined && sent.transportBytes >= whole) delete sent.transportBytes;
  const cut = sent.transportBytes !== undefined;
  // the model may count on a header only where the packet has one
  if (sent.transportBytes === undefined && whole < 20) sent.transportBytes = whole;
  sent.length = 20 + (sent.transportBytes ?? whole);
  if (sent.tcpOptions && sent.transportBytes === undefined) sent.transportBytes = whole;
  if (made.tracked) sent.state = stateOf(sent, cut);
  return { path, line, sent, told: forget(random, sent, path), wire: { id, payload } };
}

/** Never delivered or passed on, whatever the rules (reference/iptables.md section 7.3). */
function reaches(address: string): boolean {
  const first = Number(address.split('.')[0]);
  return first !== 127 && first !== 0 && (first < 224 || first >= 240) && address !== '255.255.255.255';
}

function headerBytes({ protocol, tcpOptions }: PacketFields): number {
  if (protocol === 6) return 20 + (tcpOptions?.length ?? 0);
  if (protocol === 17 || protocol === 1) return 8;
  if (protocol === 50 || protocol === 51 || protocol === 132 || protocol === 33) return 12;
  return 0;
}

const newFlags = [2, 2 | 32, 16, 16 | 32];
const flagValues: Readonly<Record<TcpFlag, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ECE: 64,
  CWR: 128,
};

/** What the kernel makes of the first packet of a connection (reference/iptables.md section 7.3). */
function stateOf(sent: PacketFields, cut: boolean): 'NEW' | 'INVALID' {
  const bytes = sent.transportBytes ?? 0xffff;
  const fits = (holds: boolean): 'NEW' | 'INVALID' => (holds ? 'NEW' : 'INVALID');
  switch (sent.protocol) {
    case 6: {
      const flags = (sent.tcpFlags ?? []).reduce((bits, flag) => bits | flagValues[flag], 0) & 0x37;
      const offset = sent.dataOffset ?? 20 + (sent.tcpOptions?.length ?? 0);
      return fits(newFlags.includes(flags) && offset >= 20 && bytes >= offset);
    }
    case 17:
      // its header tells a length that is not there
      return fits(!cut);
    case 1:
      return fits(bytes >= 8 && [8, 13, 15, 17].includes(sent.icmpType ?? -1));
    default:
      return 'NEW';
  }
}

const forgettable = [
  'source',
  'destination',
  'protocol',
  'sourcePort',
  'destinationPort',
  'tcpFlags',
  'tcpOptions',
  'icmpType',
  'icmpCode',
  'inInterface',
  'outInterface',
  'state',
  'mark',
  'connectionMark',
  'length',
  'ttl',
  'tos',
  'mac',
  'packetType',
  'owner',
] as const;

/** Now and then the model is not told everything; only a time to live that is not known is taken to be enough. */
function forget(random: Random, sent: PacketFields, path: PacketPath): PacketFields {
  if (!random.chance(0.1)) return sent;
  const told = { ...sent };
  for (let i = random.integer(1, 3); i > 0; i--) {
    const field = random.pick(forgettable);
    if (field !== 'ttl' || path !== 'forward') delete told[field];
  }
  return told;
}

/** With connection tracking a second packet of a connection would not be NEW. */
export function makePackets(random: Random, made: MadeSet, count: number): MadePacket[] {
  const found: MadePacket[] = [];
  const connections = new Set<string>();
  for (let i = 0; found.length < count && i < count * 4; i++) {
    const packet = makePacket(random, made, found.length + 1);
    if (!packet) continue;
    const { source, destination, protocol } = packet.sent;
    const [sourcePort, destinationPort] = [6, 17].includes(protocol ?? 0)
      ? [packet.sent.sourcePort, packet.sent.destinationPort]
      : protocol === 1
        ? [packet.sent.sourcePort, packet.sent.sourcePort]
        : [0, 0];
    const ends = [`${source} ${sourcePort}`, `${destination} ${destinationPort}`].sort();
    const key = `${protocol} ${ends.join(' ')}`;
    if (made.tracked && connections.has(key)) continue;
    connections.add(key);
    found.push(packet);
  }
  return found;
}
