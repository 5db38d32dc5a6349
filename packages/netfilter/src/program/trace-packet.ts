import type { ConnectionState, PacketFields, TcpFlag } from '../evaluate/packet.ts';
import type { PacketPath } from '../evaluate/place.ts';
import type { Family } from '../model.ts';
import { protocolName, protocolNumber } from '../values/protocols.ts';
import { requirePort } from '../values/services.ts';
import { type Arguments, stringOption, UsageError } from './command.ts';

/** Options that describe the packet. */
export const packetOptions = {
  path: { type: 'string' },
  in: { type: 'string', short: 'i' },
  out: { type: 'string', short: 'o' },
  src: { type: 'string', short: 's' },
  dst: { type: 'string', short: 'd' },
  proto: { type: 'string', short: 'p' },
  sport: { type: 'string' },
  dport: { type: 'string' },
  flags: { type: 'string' },
  'icmp-type': { type: 'string' },
  state: { type: 'string' },
  mark: { type: 'string' },
  length: { type: 'string' },
  ttl: { type: 'string' },
} as const;

export const packetHelp = {
  '--path PATH':
    'input, forward or output; default: forward with --in and --out, output with --out alone, else input',
  '-i, --in NAME; -o, --out NAME': 'interfaces',
  '-s, --src ADDRESS; -d, --dst ADDRESS': 'addresses',
  '-p, --proto NAME': 'protocol by name or number; default: tcp when a port is given, else not known',
  '--sport PORT; --dport PORT': 'ports by number or service name',
  '--flags LIST': 'TCP flags such as SYN,ACK; default: SYN for a NEW packet of TCP',
  '--icmp-type N[/CODE]': 'by number; code 0 when only the type is given',
  '--state STATE': 'NEW (default), ESTABLISHED, RELATED, INVALID, UNTRACKED or unknown',
  '--mark N; --length N; --ttl N': 'as they are when the packet arrives; not known when left out',
} as const;

/** The chains that the packet goes through. Throws UsageError. */
export function pathOf(given: Arguments): PacketPath {
  const { in: incoming, out: outgoing } = given.options;
  const path = stringOption(given, 'path');
  if (path === undefined)
    return outgoing === undefined ? 'input' : incoming === undefined ? 'output' : 'forward';
  if (path !== 'input' && path !== 'forward' && path !== 'output') {
    throw new UsageError('--path is input, forward or output');
  }
  return path;
}

const states: readonly string[] = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'];
const flags: readonly string[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

/** The packet as far as the options tell it. Throws UsageError, and NetfilterError for a port or protocol. */
export function packetOf(given: Arguments, family: Family): PacketFields {
  const packet: PacketFields = { family };
  const text = (name: string) => stringOption(given, name);
  const [source, destination, incoming, outgoing] = [text('src'), text('dst'), text('in'), text('out')];
  if (source !== undefined) packet.source = source;
  if (destination !== undefined) packet.destination = destination;
  if (incoming !== undefined) packet.inInterface = incoming;
  if (outgoing !== undefined) packet.outInterface = outgoing;
  const [sport, dport, proto] = [text('sport'), text('dport'), text('proto')];
  if (sport !== undefined) packet.sourcePort = requirePort(sport);
  if (dport !== undefined) packet.destinationPort = requirePort(dport);
  const icmp = family === 'ipv6' ? 58 : 1;
  const implied =
    sport !== undefined || dport !== undefined ? 6 : text('icmp-type') !== undefined ? icmp : undefined;
  const protocol = proto === undefined ? implied : protocolNumber(proto);
  if (protocol !== undefined) packet.protocol = protocol;
  const state = (text('state') ?? 'NEW').toUpperCase();
  if (states.includes(state)) packet.state = state as ConnectionState;
  else if (state !== 'UNKNOWN') throw new UsageError(`--state is one of ${states.join(', ')} or unknown`);
  readFlags(packet, text('flags'));
  readIcmpType(packet, text('icmp-type'));
  for (const name of ['mark', 'length', 'ttl'] as const) {
    const value = text(name);
    if (value !== undefined) packet[name] = wholeNumber(name, value);
  }
  return packet;
}

function readFlags(packet: PacketFields, given: string | undefined): void {
  if (given === undefined) {
    if (packet.protocol === 6 && packet.state === 'NEW') packet.tcpFlags = ['SYN'];
    return;
  }
  const named = given === '' || given.toUpperCase() === 'NONE' ? [] : given.toUpperCase().split(',');
  const wrong = named.find((flag) => !flags.includes(flag));
  if (wrong !== undefined) throw new UsageError(`--flags takes ${flags.join(', ')}, not ${wrong}`);
  packet.tcpFlags = named as TcpFlag[];
}

function readIcmpType(packet: PacketFields, given: string | undefined): void {
  if (given === undefined) return;
  const [type = '', code = '0'] = given.split('/');
  packet.icmpType = wholeNumber('icmp-type', type);
  packet.icmpCode = wholeNumber('icmp-type', code);
}

function wholeNumber(option: string, text: string): number {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= 0xffffffff))
    throw new UsageError(`--${option} is a whole number, not ${text}`);
  return value;
}

/** `tcp 198.51.100.7 to 10.0.0.5:22, in eth0, SYN, NEW, path input`. */
export function packetText(packet: PacketFields, path: PacketPath): string {
  const end = (address: string | undefined, port: number | undefined) =>
    `${address ?? '?'}${port === undefined ? '' : `:${port}`}`;
  const parts = [
    `${packet.protocol === undefined ? 'any protocol' : protocolName(packet.protocol)} ${end(packet.source, packet.sourcePort)} to ${end(packet.destination, packet.destinationPort)}`,
    packet.inInterface === undefined ? '' : `in ${packet.inInterface}`,
    packet.outInterface === undefined ? '' : `out ${packet.outInterface}`,
    packet.icmpType === undefined ? '' : `type ${packet.icmpType}/${packet.icmpCode ?? 0}`,
    packet.tcpFlags?.join(' ') ?? '',
    packet.state ?? 'state unknown',
    `path ${path}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
