import { readFile } from 'node:fs/promises';
import type { Family, NetworkRoute } from '@moru/types';
import { parseAddress, parseDestination } from './address.ts';
import { groupOf, includes } from './lines.ts';

/** What a shell can read without any program: the main table of IPv4, all tables of IPv6. */
const kernelFiles: Record<Family, string> = {
  ipv4: '/proc/net/route',
  ipv6: '/proc/net/ipv6_route',
};

/** Columns of those files that tell routes apart: device, destination, gateway, metric and mask or length. */
const columns: Record<Family, readonly number[]> = { ipv4: [0, 1, 2, 6, 7], ipv6: [0, 1, 4, 5, 9] };

const hex = (value: bigint | number, digits: number) => value.toString(16).padStart(digits, '0');

/** An IPv4 address as /proc/net/route has it: a number in the byte order of the machine, which is little-endian. */
const reversed = (bits: bigint) => (hex(bits, 8).match(/../g) ?? []).reverse().join('').toUpperCase();

/** How the kernel lists a route there, those columns alone. */
function lineOf(route: NetworkRoute): string {
  const { family, device, metric } = route;
  const destination = parseDestination(route.destination, family);
  const gateway = route.gateway === null ? 0n : (parseAddress(route.gateway)?.bits ?? 0n);
  const { bits, length } = destination ?? { bits: 0n, length: 0 };
  if (family === 'ipv6') {
    return [hex(bits, 32), hex(length, 2), hex(gateway, 32), hex(metric, 8), device].join(' ');
  }
  const all = 0xffffffffn;
  return [device, reversed(bits), reversed(gateway), metric, reversed(all ^ (all >> BigInt(length)))].join(
    ' ',
  );
}

function linesIn(text: string, family: Family): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const words = line.trim().split(/\s+/);
      return columns[family].map((column) => words[column] ?? '').join(' ');
    });
}

/** How to tell that the routes which a change touches are as they were before it. */
export interface RouteMarks {
  /** lines of the touched groups as they were, in the kernel's order */
  want: string[];
  /** lines that the change adds */
  gone: string[];
}

/**
 * Marks for a change of `before` (all routes) that takes or brings `touched`; `text` is the kernel's file of this
 * moment. Null where the two do not tell of the same routes: they have changed in between.
 */
export function marksOf(
  family: Family,
  before: readonly NetworkRoute[],
  touched: readonly NetworkRoute[],
  text: string,
): RouteMarks | null {
  const groups = new Set(touched.map(groupOf));
  const stood = before.filter((route) => groups.has(groupOf(route))).map(lineOf);
  const gone = touched.filter((route) => !includes(before, route)).map(lineOf);
  const want = linesIn(text, family).filter((line) => stood.includes(line));
  const marks = { want, gone };
  const same = want.toSorted().join('\n') === stood.toSorted().join('\n');
  return (family === 'ipv4' ? same : stood.every((line) => want.includes(line))) ? marks : null;
}

/**
 * Whether the kernel's file shows what the marks ask for. Of equal IPv4 routes the first wins, so order counts there;
 * the file of IPv6 lists a route once for each table that has it. guard.sh judges in the same way.
 */
export function showsBack(family: Family, { want, gone }: RouteMarks, text: string): boolean {
  const tracked = new Set([...want, ...gone]);
  const seen = linesIn(text, family).filter((line) => tracked.has(line));
  if (family === 'ipv4') return seen.join('\n') === want.join('\n');
  return (
    want.every((line) => seen.includes(line)) &&
    gone.every((line) => want.includes(line) || !seen.includes(line))
  );
}

export const readKernelLines = (family: Family): Promise<string> =>
  readFile(kernelFiles[family], 'utf8').catch(() => '');
