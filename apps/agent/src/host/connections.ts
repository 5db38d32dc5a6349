import { readFileSync } from 'node:fs';

const folder = '/proc/sys/net/netfilter';

/**
 * How many connections the host can keep, where it has as many: the kernel then drops whatever is new before any rule
 * sees it (fault F18). Null where there is room, and where the kernel keeps none.
 */
export function connectionsFull(): number | null {
  try {
    const [kept = 0, most = 0] = ['nf_conntrack_count', 'nf_conntrack_max'].map((name) =>
      Number(readFileSync(`${folder}/${name}`, 'utf8')),
    );
    return most > 0 && kept >= most ? most : null;
  } catch {
    return null;
  }
}
