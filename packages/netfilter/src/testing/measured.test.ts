import { describe, expect, it } from 'vitest';
import { validateRule } from '../check/validate.ts';
import { NetfilterError } from '../error.ts';
import { builtInChains, type Family, isModelled } from '../model.ts';
import { printListing } from '../print/listing.ts';
import { printRule } from '../print/print.ts';
import { parseRule, parseRules } from '../read/parse-rule.ts';
import { differencesOf, keptLines, measuredRules } from './rule-table.ts';
import { setOf } from './set.ts';

const families: Family[] = ['ipv4', 'ipv6'];
const userChains = ['mychain', 'other'];

describe.each(families)('rules of %s as 1.8.9 prints them', (family) => {
  const strict = { family, oldNegation: false };
  const differences = differencesOf(family);
  const rows = measuredRules(family).filter((row) => !differences.has(row.rule));
  const taken = ['ok', 'absent'];

  it.each(rows.filter((row) => taken.includes(row.outcome)))(
    '$table $chain $rule',
    ({ table, chain, rule, saved, listed }) => {
      const rules = parseRules(rule, strict);
      expect(rules.map((one) => `-A ${chain} ${printRule(one)}`.trimEnd())).toEqual(saved);
      const head = '1        0     0 '.length;
      const lines = printListing({ ...setOf(table, chain, rules), family }, table)
        .trimEnd()
        .split('\n')
        .slice(2);
      // `-c 5 6` is the one row with counters of its own
      if (!rule.startsWith('-c')) expect(lines.map((line) => line.slice(head).trimEnd())).toEqual(listed);
      for (const line of saved) {
        const text = line.slice(`-A ${chain} `.length);
        expect(printRule(parseRule(text, strict))).toBe(text);
      }
      expect(problemsOf(family, table, chain, rule).filter((code) => code !== 'value.leadingDash')).toEqual(
        [],
      );
    },
  );

  it.each(rows.filter((row) => row.outcome === 'refused'))(
    'refuses $table $chain $rule',
    ({ table, chain, rule }) => {
      expect(problemsOf(family, table, chain, rule)).not.toEqual([]);
    },
  );

  it.each(rows.filter((row) => row.outcome === 'kernel'))(
    'finds what the kernel refuses: $table $chain $rule',
    ({ table, chain, rule }) => {
      expect(problemsOf(family, table, chain, rule)).not.toEqual([]);
    },
  );

  it.each([...differences])('%s differs on purpose', (rule, { ours }) => {
    if (ours === null) expect(() => parseRule(rule, strict)).toThrow(NetfilterError);
    else expect(printRule(parseRule(rule, strict))).toBe(ours);
  });
});

/** Codes of what reading or checking the rule objects to, warnings left out. */
function problemsOf(family: Family, table: string, chain: string, rule: string): string[] {
  try {
    const chains = [...(builtInChains[table] ?? []), ...(table === 'filter' ? userChains : [])];
    return parseRules(rule, { family, oldNegation: false })
      .flatMap((one) => validateRule(one, { table, chain, chains }))
      .filter((finding) => finding.severity === 'error')
      .map((finding) => finding.code);
  } catch (error) {
    if (error instanceof NetfilterError) return [error.code];
    throw error;
  }
}

describe('what is not modelled', () => {
  it.each(keptLines())('comes back unchanged: $line', ({ line }) => {
    const text = line.replace(/^-A \S+ /, '');
    const rule = parseRule(text, { oldNegation: false });
    expect(printRule(rule)).toBe(text);
    expect(isModelled(rule)).toBe(false);
  });
});
