import type { Family } from '@moru/types';

export interface Address {
  family: Family;
  bits: bigint;
}

export interface Prefix extends Address {
  length: number;
}

export const widthOf: Record<Family, number> = { ipv4: 32, ipv6: 128 };

function parseIpv4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let bits = 0n;
  for (const part of parts) {
    // a leading zero is octal to some programs and decimal to others
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

function groupsOf(text: string): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  for (const [index, part] of text.split(':').entries()) {
    if (part.includes('.')) {
      const tail = index === text.split(':').length - 1 ? parseIpv4(part) : null;
      if (tail === null) return null;
      groups.push(tail >> 16n, tail & 0xffffn);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split('::');
  // only the last group may be written as an IPv4 address
  if (halves.length > 2 || (halves.length === 2 && halves[0]?.includes('.'))) return null;
  const head = groupsOf(halves[0] ?? '');
  const tail = groupsOf(halves[1] ?? '');
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...new Array<bigint>(missing).fill(0n), ...tail];
  return all.reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** An address in its usual notation, without zone; null for anything else, leading zeros of IPv4 included. */
export function parseAddress(text: string): Address | null {
  const family = text.includes(':') ? 'ipv6' : 'ipv4';
  const bits = family === 'ipv6' ? parseIpv6(text) : parseIpv4(text);
  return bits === null ? null : { family, bits };
}

function printIpv6(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (bits >> BigInt(112 - 16 * index)) & 0xffffn);
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0n) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: bigint[]) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

/** RFC 5952, as `ip` prints it but for IPv4-mapped ones. */
export function printAddress({ family, bits }: Address): string {
  if (family === 'ipv6') return printIpv6(bits);
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
}

const hostBits = ({ family, length }: Prefix): bigint => (1n << BigInt(widthOf[family] - length)) - 1n;

/** ADDRESS[/LENGTH]; null for anything else. Bits beyond the length are kept: see `isNetwork`. */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return null;
  const digits = slash < 0 ? String(widthOf[address.family]) : text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > widthOf[address.family]) return null;
  return { ...address, length: Number(digits) };
}

/** A route's destination, `default` included. */
export function parseDestination(text: string, family: Family): Prefix | null {
  if (text === 'default') return { family, bits: 0n, length: 0 };
  const prefix = parsePrefix(text);
  return prefix?.family === family ? prefix : null;
}

export const isNetwork = (prefix: Prefix): boolean => (prefix.bits & hostBits(prefix)) === 0n;

/** The network that an address with a prefix length lies in. */
export const networkOf = (prefix: Prefix): Prefix => ({ ...prefix, bits: prefix.bits & ~hostBits(prefix) });

export const contains = (prefix: Prefix, { family, bits }: Address): boolean =>
  prefix.family === family && (bits & ~hostBits(prefix)) === networkOf(prefix).bits;

/** The last address of an IPv4 network with room for one. */
export const isBroadcast = (prefix: Prefix, { bits }: Address): boolean =>
  prefix.family === 'ipv4' && prefix.length < 31 && bits === (networkOf(prefix).bits | hostBits(prefix));

/** `default`, or with the length always. */
export function printDestination(prefix: Prefix): string {
  if (prefix.length === 0 && prefix.bits === 0n) return 'default';
  return `${printAddress(prefix)}/${prefix.length}`;
}
