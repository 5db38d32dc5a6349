import { describe, expect, it } from 'vitest';
import { validateRule } from '../check/validate.ts';
import { NetfilterError } from '../error.ts';
import { builtInChains } from '../model.ts';
import { printListing } from '../print/listing.ts';
import { printRule } from '../print/print.ts';
import { parseRule, parseRules } from '../read/parse-rule.ts';
import { differences, keptLines, measuredRules } from './rule-table.ts';
import { setOf } from './set.ts';

const strict = { oldNegation: false };
const userChains = ['mychain', 'other'];
const rows = measuredRules().filter((row) => !differences.has(row.rule));

describe('rules as iptables 1.8.9 prints them', () => {
  it.each(rows.filter((row) => row.outcome === 'ok'))(
    '$table $chain $rule',
    ({ table, chain, rule, saved, listed }) => {
      const rules = parseRules(rule, strict);
      expect(rules.map((one) => `-A ${chain} ${printRule(one)}`.trimEnd())).toEqual(saved);
      const head = '1        0     0 '.length;
      const lines = printListing(setOf(table, chain, rules), table)
        .trimEnd()
        .split('\n')
        .slice(2);
      // `-c 5 6` is the one row with counters of its own
      if (!rule.startsWith('-c')) expect(lines.map((line) => line.slice(head).trimEnd())).toEqual(listed);
      for (const line of saved) {
        const text = line.slice(`-A ${chain} `.length);
        expect(printRule(parseRule(text, strict))).toBe(text);
      }
    },
  );

  it.each(rows.filter((row) => row.outcome === 'refused'))(
    'refuses $table $chain $rule',
    ({ table, chain, rule }) => {
      expect(problemsOf(table, chain, rule)).not.toEqual([]);
    },
  );

  it.each(rows.filter((row) => row.outcome === 'kernel'))(
    'finds what the kernel refuses: $table $chain $rule',
    ({ table, chain, rule }) => {
      expect(problemsOf(table, chain, rule)).not.toEqual([]);
    },
  );

  it.each([...differences])('%s differs on purpose', (rule, { ours }) => {
    if (ours === null) expect(() => parseRule(rule, strict)).toThrow(NetfilterError);
    else expect(printRule(parseRule(rule, strict))).toBe(ours);
  });
});

/** Codes of what reading or checking the rule objects to, warnings left out. */
function problemsOf(table: string, chain: string, rule: string): string[] {
  try {
    const chains = [...(builtInChains[table] ?? []), ...(table === 'filter' ? userChains : [])];
    return parseRules(rule, strict)
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
    expect(printRule(parseRule(text, strict))).toBe(text);
  });
});
