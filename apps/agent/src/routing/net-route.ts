import type { NetworkRoute } from '@moru/types';
import { type Prefix, parseDestination, printAddress } from './address.ts';

/** Flags of a route in /proc/net/route and the letters of net-tools (lib/inet_gr.c), in its order. */
const letters: readonly (readonly [bit: number, letter: string])[] = [
  [0x0002, 'G'],
  [0x0004, 'H'],
  [0x0008, 'R'],
  [0x0010, 'D'],
  [0x0020, 'M'],
  [0x00040000, 'A'],
  [0x01000000, 'C'],
];

const refuse = 0x0200;

/** Eight hexadecimal digits in the byte order of the machine, which is little-endian wherever Node runs on servers. */
function address(hex: string): string {
  return (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}

function flagsOf(bits: number): string {
  // net-tools: a refusing route has `!` in the place of U
  const first = bits & refuse ? '!' : bits & 0x0001 ? 'U' : '';
  return first + letters.map(([bit, letter]) => (bits & bit ? letter : '')).join('');
}

interface Row {
  destination: string;
  gateway: string;
  mask: string;
  flags: number;
  metric: string;
  references: string;
  used: string;
  device: string;
}

function printRow({ destination, gateway, mask, flags, metric, references, used, device }: Row): string {
  const refuses = (flags & refuse) !== 0;
  return [
    destination.padEnd(15),
    (refuses ? '-' : gateway).padEnd(15),
    mask.padEnd(15),
    flagsOf(flags).padEnd(5),
    metric.padEnd(6),
    (refuses ? '-' : references).padEnd(2),
    used.padStart(7),
    refuses ? '-' : device,
  ].join(' ');
}

const heading = [
  'Kernel IP routing table',
  'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface',
];
const print = (rows: readonly Row[]) => `${[...heading, ...rows.map(printRow)].join('\n')}\n`;

/**
 * What `route -n` prints, from the text of /proc/net/route: the same columns, byte for byte, in the kernel's order,
 * also where net-tools is not installed.
 */
export function printNetRoute(proc: string): string {
  const rows = proc
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [device, destination, gateway, flags, references, used, metric, mask] = line.trim().split(/\s+/);
      if (!device || !destination || !gateway || !flags || !references || !used || !metric || !mask)
        return [];
      return {
        destination: address(destination),
        gateway: address(gateway),
        mask: address(mask),
        flags: Number.parseInt(flags, 16),
        metric,
        references,
        used,
        device,
      };
    });
  return print(rows);
}

/** The kernel's order: by address, of one address the longer prefix first, then by metric, then as they were made. */
function inKernelOrder(a: { prefix: Prefix; route: NetworkRoute }, b: typeof a): number {
  if (a.prefix.bits !== b.prefix.bits) return a.prefix.bits < b.prefix.bits ? -1 : 1;
  return b.prefix.length - a.prefix.length || a.route.metric - b.route.metric;
}

/** What `route -n` would print of routes that are not there yet; Ref and Use are 0. */
export function predictNetRoute(routes: readonly NetworkRoute[]): string {
  const main = routes.flatMap((route) => {
    const prefix =
      route.family === 'ipv4' && route.table === 'main' ? parseDestination(route.destination, 'ipv4') : null;
    return prefix ? [{ prefix, route }] : [];
  });
  const rows = main.sort(inKernelOrder).map(({ prefix, route }) => {
    const { gateway, device } = route.nexthops[0] ?? route;
    const refused = route.type === 'unreachable' || route.type === 'prohibit' ? refuse : 0;
    return {
      destination: printAddress(prefix),
      gateway: gateway ?? '0.0.0.0',
      mask: printAddress({ family: 'ipv4', bits: 0xffffffffn ^ (0xffffffffn >> BigInt(prefix.length)) }),
      flags: 1 | (gateway === null ? 0 : 2) | (prefix.length === 32 ? 4 : 0) | refused,
      metric: String(route.metric),
      references: '0',
      used: '0',
      device: device ?? '*',
    };
  });
  return print(rows);
}
