import { createHash } from 'node:crypto';
import type { NetworkRoute } from '@moru/types';
import { groupOf } from './lines.ts';

/**
 * Routes that come and go by themselves: of the host's own addresses, by ICMP, and those of IPv6 on the link, which
 * appear some time after the carrier.
 */
export const passing = (route: NetworkRoute) =>
  route.table === 'local' ||
  route.protocol === 'redirect' ||
  (route.protocol === 'kernel' && /^f(?:e[89ab]|f)[0-9a-f]*:/.test(route.destination));

/**
 * SHA-256 (hex) of the routes, without lifetimes and without the state of cables: what hangs on a carrier is the same
 * route when it is back. Of equals the first wins, so their order counts; IPv6 spreads over them, so theirs does not.
 */
export function revisionOf(routes: readonly NetworkRoute[]): string {
  const lines = routes
    .filter((route) => !passing(route))
    .map((route) => ({
      group: groupOf(route),
      line: route.specification,
      ordered: route.family === 'ipv4',
    }));
  // the sort is stable: equals keep the kernel's order
  lines.sort((a, b) => {
    if (a.group !== b.group) return a.group < b.group ? -1 : 1;
    if (a.ordered || a.line === b.line) return 0;
    return a.line < b.line ? -1 : 1;
  });
  const hash = createHash('sha256');
  for (const { group, line } of lines) hash.update(`${group} ${line}\n`);
  return hash.digest('hex');
}
