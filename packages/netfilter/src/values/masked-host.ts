import { NetfilterError } from '../error.ts';
import type { Codec } from '../extensions/spec.ts';
import type { Family } from '../model.ts';
import { formatIpv4, formatIpv4Network, listAddress, normalizeHost, parseIpv4Network } from './address.ts';
import { formatIpv6, parseIpv6Network } from './address6.ts';

/** The mask of an address in canonical text: a prefix length, or dotted or in groups where it has holes. */
function maskText(text: string, family: Family): string {
  const network =
    family === 'ipv4' ? formatIpv4Network(parseIpv4Network(text)) : formatIpv6(parseIpv6Network(text));
  return network.slice(network.indexOf('/'));
}

/**
 * `address[/mask]` of the options that keep the bits behind the mask (`10.1.2.3/8` stays what it is). Canonical, with
 * a mask always. Parts that are left out, as in `10/8`, are refused: the tool takes that for 0.0.0.10/8.
 */
export const maskedHost: Codec<string> = {
  words: 1,
  expected: 'address[/mask]',
  read(first, _second, family) {
    const slash = first.indexOf('/');
    const host = normalizeHost(slash < 0 ? first : first.slice(0, slash), family);
    return host + maskText(slash < 0 ? host : `${host}${first.slice(slash)}`, family);
  },
  print: listAddress,
};

/**
 * As `maskedHost`, for options that hold a prefix length only and print it in any case. `network`: bits behind it are
 * cleared.
 */
export function prefixedHost(bits: 'kept' | 'network'): Codec<string> {
  return {
    ...maskedHost,
    expected: 'address[/prefix]',
    read(first, second, family) {
      const held = maskedHost.read(first, second, family);
      if (!/^\/\d+$/.test(held.slice(held.indexOf('/')))) {
        throw new NetfilterError('address.mask', { word: first, expected: 'prefix length' });
      }
      if (bits === 'kept') return held;
      return family === 'ipv4'
        ? formatIpv4Network(parseIpv4Network(held))
        : formatIpv6(parseIpv6Network(held));
    },
    print: (value) => value,
  };
}

/** A prefix length, or the mask that says the same; masks with holes are refused. */
export const prefixLength: Codec<number> = {
  words: 1,
  expected: '0-32 | 0-128 | mask',
  read(first, _second, family) {
    const everywhere = family === 'ipv4' ? formatIpv4(0) : '::';
    const text = maskText(`${everywhere}/${first}`, family).slice(1);
    if (!/^\d+$/.test(text)) throw new NetfilterError('address.mask', { word: first });
    return Number(text);
  },
  print: String,
};
