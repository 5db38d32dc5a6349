import { parseIpv4 } from '../../values/address.ts';
import type { PacketFields, TcpFlag } from '../packet.ts';

const flagOrder: readonly TcpFlag[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const ipHeader = 20;

/** What of a packet no rule can see, but the wire needs. */
export interface WireDetails {
  /** tells packets apart in the trace */
  id: number;
  /** bytes behind the transport header */
  payload: number;
}

/** The packet as bytes, from its IP header on, with all checksums right. */
export function ipv4Packet(fields: PacketFields, { id, payload }: WireDetails): Buffer {
  const source = parseIpv4(fields.source ?? '0.0.0.0');
  const destination = parseIpv4(fields.destination ?? '0.0.0.0');
  const whole = transport(fields, payload);
  const body = fields.transportBytes === undefined ? whole : whole.subarray(0, fields.transportBytes);
  const header = Buffer.alloc(ipHeader);
  header.writeUInt8(0x45, 0);
  header.writeUInt8(fields.tos ?? 0, 1);
  header.writeUInt16BE(ipHeader + body.length, 2);
  header.writeUInt16BE(id, 4);
  header.writeUInt16BE((fields.moreFragments ? 0x2000 : 0) | (fields.fragmentOffset ?? 0), 6);
  header.writeUInt8(fields.ttl ?? 64, 8);
  header.writeUInt8(fields.protocol ?? 0, 9);
  header.writeUInt32BE(source, 12);
  header.writeUInt32BE(destination, 16);
  header.writeUInt16BE(checksum(header), 10);
  finishTransport(fields.protocol ?? 0, header, body);
  return Buffer.concat([header, body]);
}

function transport(fields: PacketFields, payload: number): Buffer {
  const data = Buffer.alloc(payload, 0x78);
  switch (fields.protocol) {
    case 6: {
      const options = Buffer.from(fields.tcpOptions ?? []);
      const header = Buffer.alloc(20);
      header.writeUInt16BE(fields.sourcePort ?? 0, 0);
      header.writeUInt16BE(fields.destinationPort ?? 0, 2);
      header.writeUInt32BE(0x1000, 4);
      header.writeUInt8(((fields.dataOffset ?? 20 + options.length) / 4) << 4, 12);
      const flags = (fields.tcpFlags ?? []).reduce((bits, flag) => bits | (1 << flagOrder.indexOf(flag)), 0);
      header.writeUInt8(flags, 13);
      header.writeUInt16BE(1024, 14);
      return Buffer.concat([header, options, data]);
    }
    case 17:
    case 136: {
      const header = Buffer.alloc(8);
      header.writeUInt16BE(fields.sourcePort ?? 0, 0);
      header.writeUInt16BE(fields.destinationPort ?? 0, 2);
      header.writeUInt16BE(8 + payload, 4);
      return Buffer.concat([header, data]);
    }
    case 1: {
      const header = Buffer.alloc(8);
      header.writeUInt8(fields.icmpType ?? 0, 0);
      header.writeUInt8(fields.icmpCode ?? 0, 1);
      // echoes of the same identifier would be one connection
      header.writeUInt16BE(fields.sourcePort ?? 0, 4);
      return Buffer.concat([header, data]);
    }
    case 33:
    case 132: {
      const header = Buffer.alloc(12);
      header.writeUInt16BE(fields.sourcePort ?? 0, 0);
      header.writeUInt16BE(fields.destinationPort ?? 0, 2);
      return Buffer.concat([header, data]);
    }
    case 50:
    case 51: {
      const header = Buffer.alloc(12);
      header.writeUInt32BE(fields.spi ?? 0, fields.protocol === 50 ? 0 : 4);
      return Buffer.concat([header, data]);
    }
    default:
      return data;
  }
}

/** Where the transport checksum stands. */
const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6 };

function finishTransport(protocol: number, ip: Buffer, body: Buffer): void {
  const at = checksumAt[protocol];
  if (at === undefined || body.length < at + 2) return;
  body.writeUInt16BE(0, at);
  const pseudo = Buffer.alloc(12);
  ip.copy(pseudo, 0, 12, 20);
  pseudo.writeUInt8(protocol, 9);
  pseudo.writeUInt16BE(body.length, 10);
  const sum = protocol === 1 ? checksum(body) : checksum(Buffer.concat([pseudo, body]));
  // UDP says "no checksum" with zero
  body.writeUInt16BE(sum === 0 && protocol === 17 ? 0xffff : sum, at);
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The packet in an Ethernet frame. */
export function ethernetFrame(packet: Buffer, destination: string, source: string): Buffer {
  const mac = (text: string): Buffer => Buffer.from(text.replaceAll(':', ''), 'hex');
  return Buffer.concat([mac(destination), mac(source), Buffer.from([0x08, 0x00]), packet]);
}
