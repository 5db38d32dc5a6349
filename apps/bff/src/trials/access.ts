import { isIP } from 'node:net';
import type { AccessRequest } from '@moru/types';
import type { ConsolePlace } from './trials.ts';

/** Loopback is a forwarder or a proxy, which is nobody's SSH. */
function seenAddress(address: string): string | null {
  const plain = address.replace(/^::ffff:/, '');
  return isIP(plain) === 0 || /^127\.|^::1$/.test(plain) ? null : plain;
}

/** Who must still get in after a change; `administrator` undefined: the address that the request came from. */
export const accessOf = (
  place: Pick<ConsolePlace, 'addresses'>,
  administrator: string | null | undefined,
  address: string,
): AccessRequest => ({
  console: [...place.addresses],
  administrator: administrator === undefined ? seenAddress(address) : administrator,
});
