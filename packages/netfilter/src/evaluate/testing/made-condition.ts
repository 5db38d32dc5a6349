import type { PacketFields } from '../packet.ts';
import type { Random } from './random.ts';

/** A condition in text with fields of packets at its edges, within and without. */
export interface MadeCondition {
  text: string;
  /** values that fulfil it, or would without a `!` */
  fits: PacketFields;
  /** values around it */
  edges: PacketFields[];
  /** it cannot be judged */
  unjudged?: boolean;
}

export type Maker = (random: Random) => MadeCondition;

/** Now and then a `!`. */
export const not = (random: Random, share = 0.25): string => (random.chance(share) ? '! ' : '');

export const contiguous = [
  '10.1.2.3/32',
  '10.1.2.0/24',
  '10.0.0.0/8',
  '10.128.0.0/9',
  '192.168.4.0/22',
  '172.16.5.128/25',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '203.0.113.7/32',
];
/** The tool takes a mask with holes for a connection's address too, but loads the whole address for it. */
export const networks = [...contiguous, '10.1.0.3/255.255.0.255'];

const ports = [0, 1, 22, 53, 80, 443, 1023, 1024, 8080, 32768, 65535];
export type PortKey = 'sourcePort' | 'destinationPort';

/** A port or a range of ports with the values around its ends. */
export function portRange(
  random: Random,
  key: PortKey,
): { text: string; from: number; to: number; edges: PacketFields[] } {
  const a = random.pick(ports);
  const b = random.chance(0.5) ? a : random.pick(ports);
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  const edges = [from - 1, from, to, to + 1]
    .filter((port) => port >= 0 && port <= 0xffff)
    .map((port): PacketFields => ({ [key]: port }));
  return { text: from === to ? `${from}` : `${from}:${to}`, from, to, edges };
}
