import { readFileSync } from 'node:fs';
import type { Family } from '../model.ts';
import type { Difference } from './difference.ts';
import { extensionDifferences } from './extension-differences.ts';
import { ipv6Differences } from './ipv6-differences.ts';
import { rareDifferences } from './rare-differences.ts';

/** One measured line: what iptables 1.8.9 (legacy) on Debian 12 made of a rule. */
export interface MeasuredRule {
  table: string;
  chain: string;
  /** as given */
  rule: string;
  /**
   * `refused`: by the tool's parser; `kernel`: by the kernel at COMMIT; `absent`: taken by the tool, but Linux 6.18 as it
   * was built here has no such module (no load balancer, LEDs or security policy; CLUSTERIP and ULOG are gone), so
   * saved and listed by the tool over a stand-in that kept its rules in a file
   */
  outcome: 'ok' | 'refused' | 'kernel' | 'absent';
  /** lines of `iptables-save` */
  saved: string[];
  /** lines of `iptables -nL --line-numbers --verbose` from the target on, without trailing blanks */
  listed: string[];
}

const rows = (name: string): string[][] =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

const several = (cell: string): string[] => (cell === '' ? [] : cell.split(' ⏎ '));

const tables: Readonly<Record<Family, readonly string[]>> = {
  ipv4: [
    'rules-1.8.9.tsv',
    'rules-1.8.9-matches-1.tsv',
    'rules-1.8.9-matches-2.tsv',
    'rules-1.8.9-matches-3.tsv',
    'rules-1.8.9-targets.tsv',
    'rules-1.8.9-targets-2.tsv',
    'rules-1.8.9-absent.tsv',
  ],
  ipv6: ['rules-1.8.9-ipv6.tsv', 'rules-1.8.9-ipv6-matches.tsv'],
};

/**
 * Whether a rule names a set, a counter or the like, which the kernel must hold already. Measured with those of
 * `makeObjects` and with the estimators `RE1` and `RE2`; without them the tool or the kernel refuses the rule.
 */
export const needsObject = (rule: string): boolean =>
  /--(match-set|set|nfacct-name|(add|del|map)-set|timeout) [a-z"]|--rateest[12]? /.test(rule);

const measured = (family: Family): MeasuredRule[] =>
  tables[family]
    .flatMap((name) => rows(name).slice(1))
    .map(([table = '', chain = '', rule = '', outcome = '', saved = '', listed = '']) => ({
      table,
      chain,
      rule,
      outcome: outcome as MeasuredRule['outcome'],
      saved: several(saved),
      listed: several(listed),
    }));

/** What there is in IPv4 only: addresses, some extensions, fragments. */
const ipv4Only =
  /\d\.\d+\.\d|-p icmp( |$)|icmp-|-m (ttl|realm|osf|icmp|ipvs)\b|-j (TTL|ECN|CLUSTERIP|ULOG|LED|SECMARK)\b|-f |10\/8|10\.1\/16|0\/0|-s 10\b|0x0a000001|--mask 24/;

/** A row of IPv4 as ip6tables gives it where the two differ in nothing else. */
function asIpv6(row: MeasuredRule): MeasuredRule {
  const wide = '0.0.0.0/0'.length;
  const listed = row.listed.map((line) =>
    line.replaceAll(/0\.0\.0\.0\/0( |$)/g, (_, end: string) => `${'::/0'.padEnd(wide)}${end}`).trimEnd(),
  );
  return { ...row, listed };
}

/**
 * Rules whose options are all modelled, each loaded alone; filter also had the chains `mychain` and `other`. Those of
 * IPv6 are what was measured there and is otherwise than in IPv4, and every row of IPv4 that ip6tables was measured
 * to treat alike.
 */
export function measuredRules(family: Family = 'ipv4'): MeasuredRule[] {
  const own = measured(family);
  if (family === 'ipv4') return own;
  const known = new Set(own.map(keyOf));
  const shared = measured('ipv4').filter((row) => !ipv4Only.test(row.rule) && !known.has(keyOf(row)));
  return [...shared.map(asIpv6), ...own];
}

const keyOf = ({ table, chain, rule }: MeasuredRule): string => `${table} ${chain} ${rule}`;

/** Saved lines of matches and targets that others ship (xtables-addons) and that are kept as text, with their table. */
export function keptLines(): { table: string; line: string }[] {
  return rows('kept-as-text.tsv').map(([table = '', line = '']) => ({ table, line }));
}

const flipped = 'the tool prints no condition, which turns the meaning round when it is loaded again';
const glued = 'other versions take a value in the same word as its option';

/** By the rule as it was given. */
export const differences: ReadonlyMap<string, Difference> = new Map<string, Difference>([
  ...extensionDifferences,
  ...rareDifferences,
  ['! -i + -j DROP', { ours: '! -i + -j DROP', why: flipped }],
  ['-p tcp ! --dport 0:65535 -j ACCEPT', { ours: '-p tcp -m tcp ! --dport 0:65535 -j ACCEPT', why: flipped }],
  ['-p tcp ! --sport : -j ACCEPT', { ours: '-p tcp -m tcp ! --sport 0:65535 -j ACCEPT', why: flipped }],
  ['-p udp ! --sport : -j ACCEPT', { ours: '-p udp -m udp ! --sport 0:65535 -j ACCEPT', why: flipped }],
  [
    '-m conntrack ! --ctorigsrc 10.0.0.0/255.0.255.0 -j ACCEPT',
    {
      ours: '-m conntrack ! --ctorigsrc 10.0.0.0/255.0.255.0 -j ACCEPT',
      why: 'the tool prints the address without its mask',
    },
  ],
  ['-ptcp --dport 22 -j ACCEPT', { ours: '-p tcp -m tcp --dport 22 -j ACCEPT', why: glued }],
  ['--protocol=tcp --dport 22 -j ACCEPT', { ours: '-p tcp -m tcp --dport 22 -j ACCEPT', why: glued }],
  ['-s1.2.3.4 -jDROP', { ours: '-s 1.2.3.4/32 -j DROP', why: glued }],
  ['--source=1.2.3.4 --jump=DROP', { ours: '-s 1.2.3.4/32 -j DROP', why: glued }],
  ['-ieth0 -j DROP', { ours: '-i eth0 -j DROP', why: '1.8.9 takes the whole word for the name' }],
  ['-s 0x0a000001 -j DROP', { ours: null, why: 'the tool asks the resolver, which we never do' }],
  ['-p tcp --dport " 22" -j ACCEPT', { ours: null, why: 'a blank in a number is a mistake' }],
  [
    '-m limit --limit 1/d -j LOG',
    { ours: '-m limit --limit 1/day -j LOG', why: 'refused by legacy kernels, taken by nft' },
  ],
]);

const measuredInIpv6 = new Set(measured('ipv6').map(({ rule }) => rule));

const all: Readonly<Record<Family, ReadonlyMap<string, Difference>>> = {
  ipv4: differences,
  ipv6: new Map([
    ...[...differences].filter(([rule]) => !ipv4Only.test(rule) && !measuredInIpv6.has(rule)),
    ...ipv6Differences,
  ]),
};

/** Every rule that differs on purpose in that family. */
export const differencesOf = (family: Family): ReadonlyMap<string, Difference> => all[family];
