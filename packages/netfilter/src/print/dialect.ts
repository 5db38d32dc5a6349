import { NetfilterError } from '../error.ts';

/** Which part of the kernel holds the rules: x_tables, or nf_tables behind the same words. */
export type Backend = 'legacy' | 'nft';

/**
 * Versions and back ends of iptables that were measured, each by what it takes, prints and lists. Without a back end
 * in its name: legacy (reference/iptables.md section 1.2; 1.8.7 and both of 1.8.11 by the host tests of `dialects/`).
 */
export type Dialect =
  | '1.6.1'
  | '1.8.4'
  | '1.8.7-legacy'
  | '1.8.7-nft'
  | '1.8.9-legacy'
  | '1.8.9-nft'
  | '1.8.11'
  | '1.8.11-nft';

export const dialects: readonly Dialect[] = [
  '1.6.1',
  '1.8.4',
  '1.8.7-legacy',
  '1.8.7-nft',
  '1.8.9-legacy',
  '1.8.9-nft',
  '1.8.11',
  '1.8.11-nft',
];

/** What text is when nobody says otherwise: the version that the measured tables hold. */
export const defaultDialect: Dialect = '1.8.9-legacy';

export function backendOf(dialect: Dialect): Backend {
  return dialect.endsWith('-nft') ? 'nft' : 'legacy';
}

/** The version without the back end, such as `1.8.9`. */
export function versionOf(dialect: Dialect): string {
  return dialect.split('-')[0] ?? dialect;
}

/**
 * The dialect of an installed iptables: the newest measured one of that back end that is not newer, else the oldest.
 * Options are only ever added, so the older neighbour never promises one that is missing. So Ubuntu 18.04 (1.6.1) and
 * 20.04 (1.8.4) are met exactly, as are Debian 11 and Ubuntu 22.04 (1.8.7), Debian 12 (1.8.9) and Debian 13 (1.8.11);
 * Ubuntu 24.04 (1.8.10) speaks as 1.8.9, and anything after 1.8.11 as 1.8.11.
 *
 * What decides where a neighbour is right: 1.8.9 and 1.8.10 alone list protocols as numbers; 1.8.11 saves `-p 47`
 * where the others save `gre`, and refuses reversed ranges; 1.8.7 and before save `--to 65535` and two blanks before
 * an NFLOG prefix; 1.8.4 and before save MAC addresses in upper case. 1.8.7 is 1.8.4 but for that and for how `-nL`
 * shows a MAC address. On nft no version before 1.8.7 was measured.
 *
 * `version` is `1.8.9` or `v1.8.9`; anything else throws `option.value`.
 */
export function dialectOf(version: string, backend: Backend): Dialect {
  const wanted = /^v?\d+(\.\d+)+/.exec(version)?.[0].replace('v', '');
  if (wanted === undefined) throw new NetfilterError('option.value', { word: version, expected: '1.8.9' });
  const candidates = dialects.filter((dialect) => backendOf(dialect) === backend);
  const fitting = candidates.filter((dialect) => rankOf(versionOf(dialect)) <= rankOf(wanted));
  return fitting.at(-1) ?? candidates[0] ?? defaultDialect;
}

/**
 * Version and back end out of `iptables --version` (`iptables v1.8.9 (nf_tables)`). Versions before 1.8.0 name no back
 * end and are legacy. Null for any other text.
 */
export function parseVersion(text: string): { version: string; backend: Backend } | null {
  const found = /\bv(\d+(?:\.\d+)+)(?:\s+\((\w+)\))?/.exec(text);
  if (!found?.[1]) return null;
  return { version: found[1], backend: found[2] === 'nf_tables' ? 'nft' : 'legacy' };
}

/** A number that grows with the version: 1.8.11 is 1008011. */
function rankOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return (major * 1_000 + minor) * 1_000 + Math.min(patch, 999);
}

/** The versions that a fact holds for; both ends are measured versions, and the truth may lie between two of them. */
export interface Span {
  /** the first one */
  since?: string;
  /** the first one that it no longer holds for */
  before?: string;
  backend?: Backend;
}

/** Not for every rule anew: see `perDialect`. */
export function within(dialect: Dialect, { since, before, backend }: Span): boolean {
  const rank = rankOf(versionOf(dialect));
  return (
    (since === undefined || rank >= rankOf(since)) &&
    (before === undefined || rank < rankOf(before)) &&
    (backend === undefined || backendOf(dialect) === backend)
  );
}

/** Makes a table for each dialect when it is first asked for: dumps ask for one of them a hundred thousand times. */
export function perDialect<T>(make: (dialect: Dialect) => T): (dialect: Dialect) => T {
  const made = new Map<Dialect, T>();
  return (dialect) => {
    let held = made.get(dialect);
    if (held === undefined) {
      held = make(dialect);
      made.set(dialect, held);
    }
    return held;
  };
}
