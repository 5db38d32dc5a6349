import { NetfilterError } from '../error.ts';
import type { Negatable } from '../model.ts';
import { byteLength } from './quote.ts';

/** IFNAMSIZ less its terminator. */
export const maxInterfaceName = 15;

/** What the tool itself refuses: no name, or one longer than 15 bytes. */
export function checkInterface(name: string): void {
  if (name === '' || name.length > maxInterfaceName || byteLength(name) > maxInterfaceName) {
    throw new NetfilterError('interface.length', {
      expected: `1-${maxInterfaceName} bytes`,
      params: { max: maxInterfaceName },
    });
  }
}

/**
 * What we take in a rule that we make: letters, digits, `_ . : -`, and a `+` at the end for "any that begins
 * so". The tool takes anything, such as `-F` (reference/security.md section 3).
 */
export function isPlainInterface(name: string): boolean {
  return name === '+' || (/^[A-Za-z0-9_.:-]+\+?$/.test(name) && !name.startsWith('-'));
}

/** `-i +`: every interface. Its negation matches nothing and must not be lost in print. */
export function isAnyInterface(value: Negatable<string>): boolean {
  return value.value === '+' && !value.negated;
}
