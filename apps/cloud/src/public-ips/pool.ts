import { randomInt } from 'node:crypto';

/** TEST-NET-3 (RFC 5737), which the fabric translates; its first addresses are kept for gateways. */
const prefix = '203.0.113';
const first = 10;
const last = 254;

/** An address that nobody holds, or null when all are taken. The platform chooses (reference/kakaocloud.md A.6). */
export function freeAddress(taken: ReadonlySet<string>): string | null {
  const free: string[] = [];
  for (let host = first; host <= last; host += 1) {
    const address = `${prefix}.${host}`;
    if (!taken.has(address)) free.push(address);
  }
  // Not the lowest one: an address that was just given back would come again and hide that it was.
  return free.length === 0 ? null : (free[randomInt(free.length)] ?? null);
}
