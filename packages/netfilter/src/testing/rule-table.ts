import { readFileSync } from 'node:fs';
import { extensionDifferences } from './extension-differences.ts';

/** One measured line: what iptables 1.8.9 (legacy) on Debian 12 made of a rule. */
export interface MeasuredRule {
  table: string;
  chain: string;
  /** as given */
  rule: string;
  /** `refused`: by the tool's parser; `kernel`: by the kernel at COMMIT */
  outcome: 'ok' | 'refused' | 'kernel';
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

const tables = [
  'rules-1.8.9.tsv',
  'rules-1.8.9-matches-1.tsv',
  'rules-1.8.9-matches-2.tsv',
  'rules-1.8.9-targets.tsv',
];

/**
 * Whether a rule names a set or a counter, which the kernel must hold already. Measured with sets `s1` and `s2` and
 * counters `x` and `a b`; without them the tool refuses the rule.
 */
export const needsObject = (rule: string): boolean =>
  /--(match-set|set|nfacct-name|(add|del|map)-set) [a-z"]/.test(rule);

/** Rules whose options are all modelled, each loaded alone; filter also had the chains `mychain` and `other`. */
export function measuredRules(): MeasuredRule[] {
  return tables
    .flatMap((name) => rows(name).slice(1))
    .map(([table = '', chain = '', rule = '', outcome = '', saved = '', listed = '']) => ({
      table,
      chain,
      rule,
      outcome: outcome as MeasuredRule['outcome'],
      saved: several(saved),
      listed: several(listed),
    }));
}

/** Saved lines of matches and targets that are kept as text, with their table. */
export function keptLines(): { table: string; line: string }[] {
  return rows('kept-as-text.tsv').map(([table = '', line = '']) => ({ table, line }));
}

/** A rule of which we make something else than 1.8.9, on purpose. Null: we refuse it. */
export interface Difference {
  ours: string | null;
  why: string;
}

const flipped = 'the tool prints no condition, which turns the meaning round when it is loaded again';
const glued = 'other versions take a value in the same word as its option';

export const differences: ReadonlyMap<string, Difference> = new Map<string, Difference>([
  ...extensionDifferences,
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
