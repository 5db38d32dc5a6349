import { formatIpv6, parseIpv6Network } from './address6.ts';
import { NetfilterError } from './error.ts';
import type { Family } from './model.ts';

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
 * Up to four dotted decimal parts with leading zeros allowed, as the tool reads them (`000.000.00.00` is
 * 0.0.0.0); -1 when malformed. Missing parts are zero when `short` allows them: `10` is 10.0.0.0 with a mask.
 */
export function parseIpv4(text: string, end = text.length, short = false): number {
  let value = 0;
  let parts = 0;
  let digits = 0;
  let part = 0;
  for (let i = 0; i <= end; i++) {
    const c = i === end ? DOT : text.charCodeAt(i);
    if (c === DOT) {
      if (digits === 0 || parts === 4) return -1;
      value = value * 256 + part;
      parts++;
      digits = 0;
      part = 0;
    } else {
      const digit = c - 48;
      if (digit < 0 || digit > 9 || ++digits > 3) return -1;
      part = part * 10 + digit;
      if (part > 255) return -1;
    }
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
    const prefix = prefixAt(text, slash + 1);
    mask = prefix >= 0 ? maskOfPrefix(prefix) : parseIpv4(text.slice(slash + 1));
    if (mask < 0) throw new NetfilterError('address.mask', { word: text, expected: '0-32 | a.b.c.d' });
  }
  const bits = parseIpv4(text, slash < 0 ? text.length : slash, slash >= 0);
  if (bits < 0) {
    const code = text.includes(':') ? 'address.family' : 'address.invalid';
    throw new NetfilterError(code, { word: text, expected: 'a.b.c.d[/mask]' });
  }
  return { bits: (bits & mask) >>> 0, mask };
}

function prefixAt(text: string, from: number): number {
  const length = text.length - from;
  if (length < 1 || length > 2) return -1;
  const first = text.charCodeAt(from) - 48;
  const second = length === 2 ? text.charCodeAt(from + 1) - 48 : 0;
  if (first < 0 || first > 9 || second < 0 || second > 9) return -1;
  const prefix = length === 2 ? first * 10 + second : first;
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
  if (text.includes(','))
    throw new NetfilterError('address.several', { word: text, expected: 'one address' });
  if (family === 'ipv6') return formatIpv6(parseIpv6Network(text));
  return isCanonicalIpv4(text) ? text : formatIpv4Network(parseIpv4Network(text));
}

/** True for `a.b.c.d/n` without leading zeros or bits behind the prefix: nearly every address of a dump. */
function isCanonicalIpv4(text: string): boolean {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === DOT || c === SLASH) {
      if (digits === 0 || part > 255) return false;
      value = ((value << 8) | part) >>> 0;
      if (c === SLASH) {
        const prefix = dots === 3 ? prefixAt(text, i + 1) : -1;
        if (prefix < 0 || (text.length - i === 3 && text.charCodeAt(i + 1) === 48)) return false;
        return (value & ~maskOfPrefix(prefix)) === 0;
      }
      if (++dots > 3) return false;
      part = 0;
      digits = 0;
    } else {
      const digit = c - 48;
      if (digit < 0 || digit > 9 || (digits === 1 && part === 0) || ++digits > 3) return false;
      part = part * 10 + digit;
    }
  }
  return false;
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
  return canonical === '0.0.0.0/0' || canonical === '::/0';
}

/** As the `-nL` table shows an address: `/32` and `/128` are left out. */
export function listAddress(canonical: string): string {
  if (canonical.endsWith('/32') && !canonical.includes(':')) return canonical.slice(0, -3);
  return canonical.endsWith('/128') ? canonical.slice(0, -4) : canonical;
}
