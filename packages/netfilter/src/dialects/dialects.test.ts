import { describe, expect, it } from 'vitest';
import { type Finding, validateRule } from '../check/validate.ts';
import { NetfilterError } from '../error.ts';
import { builtInChains, type Rule } from '../model.ts';
import { dialects, within } from '../print/dialect.ts';
import { printListing } from '../print/listing.ts';
import { printRule } from '../print/print.ts';
import { parseRules } from '../read/parse-rule.ts';
import { differences, measuredRules } from '../testing/rule-table.ts';
import { setOf } from '../testing/set.ts';
import { dialectFindings } from './findings.ts';
import { type DialectRow, dialectRows } from './testing/dialect-table.ts';

const strict = { oldNegation: false };
const refusing = ['dialect.option', 'dialect.value', 'dialect.kernel'];
const glued = 'how a rule was typed: a value in the word of its option is never printed';
const clock = 'how slow a rate the kernel can hold depends on its clock';
const needless = 'refused in every dialect: the rule would not stay what it is on another host';

/** Where we take a rule that a version refuses, or the other way round. */
const exceptions: ReadonlyArray<{ rule: RegExp; takes: boolean; why: string }> = [
  { rule: /^(-ptcp|--protocol=tcp|-s1\.2\.3\.4|--source=)/, takes: true, why: glued },
  { rule: /--to-destination 10\.0\.0\.1:http$/, takes: true, why: 'a port is printed as a number' },
  { rule: /--comment ""/, takes: false, why: 'measured on the command line; a restore file loses the word' },
  { rule: /-m nosuchmatch/, takes: true, why: 'only the host knows its extensions' },
  { rule: /--hashlimit-above 1\/day/, takes: true, why: clock },
  { rule: /--limit 1\/d /, takes: true, why: clock },
  { rule: /--match-set nosuch/, takes: true, why: 'only the host knows its sets' },
  { rule: /-p tcp -j TCPMSS/, takes: false, why: needless },
  { rule: /^! -p 6 --dport/, takes: false, why: needless },
  { rule: /--limit-burst 0/, takes: false, why: needless },
  { rule: /^-j TRACE$/, takes: false, why: needless },
  { rule: /--connlimit-mask 33|--to 10\.2\.0\.0\/255\.0\.255\.0/, takes: false, why: needless },
];

interface Judged {
  rules: Rule[];
  /** codes of what refuses it */
  refused: string[];
}

function judge({ table, chain, rule, dialect }: DialectRow): Judged {
  const chains = [...(builtInChains[table] ?? []), ...(table === 'filter' ? ['mychain', 'other'] : [])];
  try {
    const rules = parseRules(rule, strict);
    const findings: Finding[] = rules.flatMap((one) => [
      ...validateRule(one, { table, chain, chains }),
      ...dialectFindings(one, dialect).filter(({ code }) => refusing.includes(code)),
    ]);
    return {
      rules,
      refused: findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    };
  } catch (error) {
    if (error instanceof NetfilterError) return { rules: [], refused: [error.code] };
    throw error;
  }
}

const rows = dialectRows();
/** `-ieth0`, which 1.8.9 takes for an interface called `-ieth0` */
const isMisread = (row: DialectRow): boolean => row.rule.startsWith('-ieth0');

describe('every measured line', () => {
  it.each(rows.filter((row) => row.refused === null && !isMisread(row)))(
    '$dialect takes $table $chain $rule',
    (row) => {
      const { rules, refused } = judge(row);
      if (refused.length > 0) {
        expect(exceptions.filter(({ rule, takes }) => !takes && rule.test(row.rule)).length).toBe(1);
        return;
      }
      const manner = { dialect: row.dialect, lossy: true };
      expect(rules.map((one) => `-A ${row.chain} ${printRule(one, manner)}`.trimEnd())).toEqual(row.saved);
      const lines = printListing(setOf(row.table, row.chain, rules), row.table, manner)
        .trimEnd()
        .split('\n');
      expect(lines.slice(2).map((line) => line.trimEnd())).toEqual(row.listed);
    },
  );

  it.each(rows.filter((row) => row.refused !== null))('$dialect refuses $table $chain $rule', (row) => {
    const { refused } = judge(row);
    if (refused.length > 0) return;
    expect(exceptions.filter(({ rule, takes }) => takes && rule.test(row.rule)).length).toBe(1);
  });
});

describe('print for loading', () => {
  const rules = measuredRules()
    .filter(({ rule, outcome }) => outcome === 'ok' && differences.get(rule)?.ours !== null)
    .flatMap(({ rule }) => parseRules(rule, strict));

  it('is the plain print in the default dialect', () => {
    for (const rule of rules) expect(printRule(rule, { dialect: '1.8.9-legacy' })).toBe(printRule(rule));
  });

  it.each(dialects)('keeps in %s what its own text would lose, and says so', (dialect) => {
    let lost = 0;
    for (const rule of rules) {
      const safe = printRule(rule, { dialect });
      expect(printRule(parseRules(safe, strict)[0] ?? rule, { dialect })).toBe(safe);
      const findings = dialectFindings(rule, dialect).filter(({ code }) => !refusing.includes(code));
      const differs = printRule(rule, { dialect, lossy: true }).trimEnd() !== safe;
      if (differs) lost++;
      expect(`${safe}: ${findings.length > 0}`).toBe(`${safe}: ${differs}`);
    }
    expect(lost).toBeGreaterThan(3);
  });
});

describe('dialectFindings', () => {
  const codesOf = (rule: string, dialect: (typeof dialects)[number]): string[] =>
    parseRules(rule, strict).flatMap((one) =>
      dialectFindings(one, dialect).map(({ field, code, severity }) => `${field} ${code} ${severity}`),
    );

  it.each(dialects)('has nothing to say about ordinary rules in %s', (dialect) => {
    expect(codesOf('-p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT', dialect)).toEqual([]);
    expect(codesOf('-s 10.0.0.0/8 ! -i eth0 -m comment --comment "a b" -j LOG', dialect)).toEqual([]);
  });

  it('tells text that turns the meaning round when it is loaded again', () => {
    expect(dialectFindings(parseRules('! -i + -j DROP', strict)[0] as Rule, '1.8.9-legacy')).toEqual([
      {
        field: 'inInterface',
        code: 'dialect.saved',
        severity: 'error',
        params: { dialect: '1.8.9-legacy', option: '-i', becomes: '' },
      },
    ]);
    expect(codesOf('! -i + -j DROP', '1.8.9-nft')).toEqual([]);
    expect(codesOf('! -i + -j DROP', '1.8.7-nft')).toEqual(['inInterface dialect.installed error']);
    for (const dialect of dialects) {
      const flips = within(dialect, { before: '1.8.11' });
      expect(codesOf('-p ah ! --ahspi : -j ACCEPT', dialect).length).toBe(flips ? 1 : 0);
      expect(codesOf('-p udp ! --sport : -j ACCEPT', dialect).length).toBe(flips ? 1 : 0);
    }
  });

  it('tells a rule that is another one from the start', () => {
    expect(codesOf('-p tcp ! --sport : -j DROP', '1.8.9-nft')).toEqual([
      'sourcePort dialect.installed error',
    ]);
    expect(codesOf('-p tcp -m tcp ! --tcp-flags NONE NONE -j DROP', '1.8.11-nft')).toEqual([
      'match dialect.installed error',
    ]);
    expect(codesOf('-p tcp -m tcp --dport 22 -m tcp --dport 23 -j DROP', '1.8.9-nft')).toEqual([
      'match dialect.installed error',
    ]);
    expect(codesOf('-s 10.1.0.3/255.255.0.255 -j DROP', '1.8.7-nft')).toEqual([
      'source dialect.installed error',
    ]);
    expect(codesOf('-p tcp -j DNAT --to-destination :1000-2000/3000', '1.6.1')).toEqual([
      'target dialect.installed error',
    ]);
  });

  it('tells a mask that becomes that of one host', () => {
    const rule = '-m conntrack --ctorigsrc 10.0.0.0/255.0.255.0 -j ACCEPT';
    expect(codesOf(rule, '1.8.9-legacy')).toEqual(['match dialect.installed error']);
    expect(codesOf(rule, '1.8.11')).toEqual([]);
  });

  it.each([
    ['-o eth0 -j MASQUERADE --random-fully', '1.6.1', 'target dialect.option error'],
    ['-m owner --gid-owner 5 --suppl-groups -j ACCEPT', '1.6.1', 'match dialect.option error'],
    ['-j IDLETIMER --timeout 5 --label x --alarm', '1.8.4', 'target dialect.option error'],
    ['-p sctp --chunk-types any PAD -j ACCEPT', '1.8.7-legacy', 'match dialect.value error'],
    ['-m pkttype --pkt-type otherhost -j DROP', '1.8.4', 'match dialect.value error'],
    ['-p udp --dport 443:80 -j ACCEPT', '1.8.11', 'destinationPort dialect.value error'],
    ['-m comment --comment "" -j ACCEPT', '1.6.1', 'match dialect.value error'],
    ['-p tcp -j DNAT --to-destination 1.2.3.4:0', '1.8.7-nft', 'target dialect.value error'],
    ['-j NFQUEUE --queue-balance 1:65535', '1.8.11', 'target dialect.value error'],
    ['-j QUEUE', '1.8.9-nft', 'target dialect.kernel error'],
    ['-s 0.1.0.3/0.255.0.255 -j DROP', '1.8.7-nft', 'source dialect.kernel error'],
    ['-m hashlimit --hashlimit-upto 1/day --hashlimit-name n', '1.6.1', 'match dialect.saved error'],
    ['-p tcp -j REDIRECT --random', '1.8.4', 'target dialect.installed warning'],
    ['-j NFLOG --nflog-range 5', '1.8.11-nft', 'target dialect.installed warning'],
  ] as const)('%s in %s: %s', (rule, dialect, finding) => {
    expect(codesOf(rule, dialect)).toEqual([finding]);
    expect(codesOf(rule, '1.8.9-legacy')).toEqual([]);
  });

  it('prints 1/day as 1.6.1 does', () => {
    const [rule] = parseRules('-m hashlimit --hashlimit-above 1/day --hashlimit-name n', strict);
    expect(printRule(rule as Rule, { dialect: '1.6.1', lossy: true })).toContain(
      '--hashlimit-above 172/day ',
    );
  });
});
