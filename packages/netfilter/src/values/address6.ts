import { NetfilterError } from '../error.ts';
import { parseDecimal, parseUnsigned } from './number.ts';

/** An IPv6 address with its mask, each as eight 16-bit groups. */
export interface Ipv6Network {
  groups: number[];
  mask: number[];
}

/** Eight groups of an address, or null when malformed. Zone indices are not taken. */
export function parseIpv6(text: string): number[] | null {
  if (text.length > 45) return null;
  const gap = text.indexOf('::');
  if (gap >= 0 && text.indexOf('::', gap + 1) >= 0) return null;
  const head = readGroups(gap < 0 ? text : text.slice(0, gap), gap < 0);
  const tail = gap < 0 ? [] : readGroups(text.slice(gap + 2), true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return null;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function readGroups(text: string, last: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const words = text.split(':');
  for (const [index, word] of words.entries()) {
    if (last && index === words.length - 1 && word.includes('.')) {
      const parts = word.split('.').map((part) => parseDecimal(part, 255));
      const [a = -1, b = -1, c = -1, d = -1] = parts;
      if (parts.length !== 4 || a < 0 || b < 0 || c < 0 || d < 0) return null;
      groups.push(a * 256 + b, c * 256 + d);
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(word)) return null;
      groups.push(Number.parseInt(word, 16));
    }
  }
  return groups;
}

function maskGroups(prefix: number): number[] {
  return Array.from({ length: 8 }, (_, i) => {
    const bits = Math.min(16, Math.max(0, prefix - i * 16));
    return bits === 0 ? 0 : (0xffff << (16 - bits)) & 0xffff;
  });
}

/** Reads `2001:db8::1`, `fd00::/8`, `fd00::/ff00::`. */
export function parseIpv6Network(text: string): Ipv6Network {
  const slash = text.indexOf('/');
  const groups = parseIpv6(slash < 0 ? text : text.slice(0, slash));
  if (groups === null) {
    const code = /^[\d.]+(\/|$)/.test(text) ? 'address.family' : 'address.invalid';
    throw new NetfilterError(code, { word: text, expected: 'x:x::x[/prefix]' });
  }
  let mask: number[] | null = maskGroups(128);
  if (slash >= 0) {
    const prefix = parseUnsigned(text.slice(slash + 1), 128);
    mask = prefix >= 0 ? maskGroups(prefix) : parseIpv6(text.slice(slash + 1));
    if (mask === null) throw new NetfilterError('address.mask', { word: text, expected: '0-128' });
  }
  const bits = mask;
  return { groups: groups.map((group, i) => group & (bits[i] ?? 0)), mask };
}

/** `fd00::/8`, with the mask in full where it has holes. */
export function formatIpv6(network: Ipv6Network): string {
  const zeros = network.mask.findIndex((group) => group !== 0xffff);
  const partial = zeros < 0 ? 0 : (network.mask[zeros] ?? 0);
  const prefix = zeros < 0 ? 128 : zeros * 16 + Math.clz32(~(partial << 16));
  const contiguous = maskGroups(prefix).every((group, i) => group === network.mask[i]);
  return `${formatGroups(network.groups)}/${contiguous ? prefix : formatGroups(network.mask)}`;
}

/** RFC 5952: the longest run of zero groups (two at least, the first of equals) becomes `::`. */
export function formatGroups(groups: readonly number[]): string {
  let bestAt = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (groups[i + length] === 0) length++;
    if (length > bestLength) {
      bestAt = i;
      bestLength = length;
    }
    if (length > 0) i += length - 1;
  }
  // as inet_ntop: an IPv4-mapped or -compatible address keeps its dotted tail
  if (bestAt === 0 && (bestLength === 6 || (bestLength === 5 && groups[5] === 0xffff))) {
    const [high = 0, low = 0] = [groups[6], groups[7]];
    return `${bestLength === 5 ? '::ffff:' : '::'}${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  const words = groups.map((group) => group.toString(16));
  if (bestAt < 0) return words.join(':');
  return `${words.slice(0, bestAt).join(':')}::${words.slice(bestAt + bestLength).join(':')}`;
}
