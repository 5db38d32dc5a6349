import { NetfilterError } from '../error.ts';
import type { Family } from '../model.ts';
import { formatIpv6, parseIpv6Network } from './address6.ts';
import { parseUnsigned } from './number.ts';

const DOT = 46;
const SLASH = 47;

const octets: readonly string[] = Array.from({ length: 256 }, (_, i) => String(i));

/** `10.0.0.5` of 0x0a000005. */
export function formatIpv4(bits: number): string {
  return `${octets[bits >>> 24]}.${octets[(bits >>> 16) & 255]}.${octets[(bits >>> 8) & 255]}.${octets[bits & 255]}`;
}

/** Netmask of a prefix length of 0 to 32, unsigned. */
export function maskOfPrefix(prefix: number): number {
  return prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
}

/** Prefix length of a mask, or -1 when its ones are not in one run from the left. */
export function prefixOfMask(mask: number): number {
  const prefix = Math.clz32(~mask);
  return maskOfPrefix(prefix) === mask >>> 0 ? prefix : -1;
}

/**
 * Dotted parts as the tool reads them: each decimal, octal with a leading zero, or `0x` (`000.000.00.00` is
 * 0.0.0.0 and `010.0.0.1` is 8.0.0.1). -1 when malformed. With `short`, missing parts are zero: `10.1` is
 * 10.1.0.0.
 */
export function parseIpv4(text: string, end = text.length, short = false): number {
  let value = 0;
  let parts = 0;
  let from = 0;
  for (let i = 0; i <= end; i++) {
    if (i < end && text.charCodeAt(i) !== DOT) continue;
    const part = parts < 4 && i > from ? parseUnsigned(text.slice(from, i), 255) : -1;
    if (part < 0) return -1;
    value = value * 256 + part;
    parts++;
    from = i + 1;
  }
  if (parts === 4) return value;
  return short ? value * 256 ** (4 - parts) : -1;
}

/** An address with its mask as unsigned 32-bit numbers; bits outside the mask are zero. */
export interface Ipv4Network {
  bits: number;
  mask: number;
}

/** Reads `1.2.3.4`, `10/8`, `10.1.2.3/255.255.0.0`. Host names are never looked up: they are errors. */
export function parseIpv4Network(text: string): Ipv4Network {
  const slash = text.indexOf('/');
  let mask = 0xffffffff;
  if (slash >= 0) {
    const prefix = parseUnsigned(text.slice(slash + 1), 32);
    mask = prefix >= 0 ? maskOfPrefix(prefix) : parseIpv4(text.slice(slash + 1));
    if (mask < 0) throw new NetfilterError('address.mask', { word: text, expected: '0-32 | a.b.c.d' });
  }
  const bits = parseIpv4(text, slash < 0 ? text.length : slash, true);
  if (bits < 0) {
    const code = text.includes(':') ? 'address.family' : 'address.invalid';
    throw new NetfilterError(code, { word: text, expected: 'a.b.c.d[/mask]' });
  }
  return { bits: (bits & mask) >>> 0, mask };
}

/** A prefix length of one or two digits without a leading zero, or -1. */
function prefixAt(text: string, from: number): number {
  const length = text.length - from;
  const first = text.charCodeAt(from) - 48;
  if (length === 1) return first >= 0 && first <= 9 ? first : -1;
  const second = text.charCodeAt(from + 1) - 48;
  if (length !== 2 || first < 1 || first > 9 || second < 0 || second > 9) return -1;
  const prefix = first * 10 + second;
  return prefix <= 32 ? prefix : -1;
}

/** `10.0.0.0/8`, or with a dotted mask where the mask has holes. */
export function formatIpv4Network(network: Ipv4Network): string {
  const prefix = prefixOfMask(network.mask);
  return `${formatIpv4(network.bits)}/${prefix >= 0 ? octets[prefix] : formatIpv4(network.mask)}`;
}

/**
 * The canonical text of an address with optional mask (reference/iptables.md section 1): host bits cleared,
 * a plain address gets /32 or /128. Text that is canonical already comes back as the same string.
 */
export function normalizeAddress(text: string, family: Family): string {
  if (family === 'ipv4' && isCanonicalIpv4(text)) return text;
  if (text.includes(','))
    throw new NetfilterError('address.several', { word: text, expected: 'one address' });
  return family === 'ipv4' ? formatIpv4Network(parseIpv4Network(text)) : formatIpv6(parseIpv6Network(text));
}

/** True for `a.b.c.d/n` without leading zeros or bits behind the prefix: nearly every address of a dump. */
function isCanonicalIpv4(text: string): boolean {
  const { length } = text;
  let value = 0;
  let i = 0;
  for (let dots = 0; dots < 4; dots++) {
    const from = i;
    let part = 0;
    let c = i < length ? text.charCodeAt(i) : 0;
    while (c >= 48 && c <= 57) {
      part = part * 10 + c - 48;
      c = ++i < length ? text.charCodeAt(i) : 0;
    }
    const digits = i - from;
    if (digits === 0 || digits > 3 || part > 255 || c !== (dots < 3 ? DOT : SLASH)) return false;
    if (digits > 1 && part < (digits === 2 ? 10 : 100)) return false;
    value = (value << 8) | part;
    i++;
  }
  const prefix = prefixAt(text, i);
  return prefix >= 0 && (value & ~maskOfPrefix(prefix)) === 0;
}

/** One host address in canonical text, without a mask. */
export function normalizeHost(text: string, family: Family): string {
  if (family === 'ipv6') return formatIpv6(parseIpv6Network(text)).replace(/\/128$/, '');
  const bits = parseIpv4(text);
  if (bits < 0) throw new NetfilterError('address.invalid', { word: text, expected: 'a.b.c.d' });
  return formatIpv4(bits);
}

/** The network that matches every address of the family. */
export function isEverywhere(canonical: string): boolean {
  // few addresses end like that, and this is asked for each
  if (canonical.charCodeAt(canonical.length - 2) !== SLASH) return false;
  return canonical === '0.0.0.0/0' || canonical === '::/0';
}

/** As the `-nL` table shows an address: `/32` and `/128` are left out. */
export function listAddress(canonical: string): string {
  if (canonical.endsWith('/32') && !canonical.includes(':')) return canonical.slice(0, -3);
  return canonical.endsWith('/128') ? canonical.slice(0, -4) : canonical;
}
