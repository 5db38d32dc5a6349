import type { Store } from '../store/store.ts';

/** RFC 1123: a label of a host name has at most this many letters. */
const longest = 63;

/**
 * The host name of an instance of this name: in small letters, and with a number behind it when another instance has
 * it already, since names of instances may be the same (reference/kakaocloud.md A.7) and logs are kept by host name.
 */
export function freeHostname(store: Store, name: string): string {
  const base = name.toLowerCase().replaceAll('_', '-');
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const hostname = base.slice(0, longest - suffix.length) + suffix;
    if (store.get('SELECT 1 FROM instances WHERE hostname = ?', hostname) === undefined) return hostname;
  }
}
