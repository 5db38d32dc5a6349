import {
  applyEdit,
  type Edit,
  parseRule,
  parseSave,
  printRule,
  type Rule,
  type RuleSet,
} from '@moru/netfilter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockedPayload, specifiedPayload } from './edit.ts';

function setOf(rules: string[]): RuleSet {
  const lines = rules.map((rule, index) => `[${index}:${index}] -A INPUT ${rule}`);
  const head = [
    '*filter',
    ':INPUT ACCEPT [11:22]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [1:2]',
    ':own - [0:0]',
  ];
  return parseSave(`${[...head, ...lines, 'COMMIT'].join('\n')}\n`);
}
const inputOf = (set: RuleSet): Rule[] => set.tables[0]?.chains[0]?.rules ?? [];
const remove = (number: number): Edit => ({ type: 'delete', table: 'filter', chain: 'INPUT', number });
const append = (text: string): Edit => ({
  type: 'append',
  table: 'filter',
  chain: 'INPUT',
  rule: parseRule(text),
});

describe('lockedPayload', () => {
  it('keeps policies and counters, and names no chain that this would flush', () => {
    expect(lockedPayload(setOf(['-j own']), append('-p tcp --dport 22 -j ACCEPT'))).toEqual([
      ':INPUT ACCEPT [11:22]',
      ':FORWARD DROP [0:0]',
      ':OUTPUT ACCEPT [1:2]',
      '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    ]);
    expect(lockedPayload(setOf(['-j own', '-j own']), remove(2)).at(-1)).toBe('-D INPUT 2');
  });
});

describe('specifiedPayload', () => {
  it('names a rule by its text', () => {
    expect(specifiedPayload(setOf(['-i lo -j ACCEPT', '-j own']), remove(2))).toEqual(['-D INPUT -j own']);
    expect(specifiedPayload(setOf([]), append('-j own'))).toEqual(['-A INPUT -j own']);
  });

  /** What the lines do to a list of rules, each a text with its counter. */
  function play(rules: string[], lines: string[]): string[] {
    const left = [...rules];
    for (const line of lines) {
      const inserted = /^\[(\d+):\d+\] -I INPUT (\d+) (.*)$/.exec(line);
      if (inserted) left.splice(Number(inserted[2]) - 1, 0, `${inserted[1]} ${inserted[3]}`);
      else {
        const text = line.replace('-D INPUT ', '');
        left.splice(
          left.findIndex((each) => each.replace(/^\d+ /, '') === text),
          1,
        );
      }
    }
    return left;
  }

  it('takes away just the one that is meant, however many are equal', () => {
    const texts = fc.array(fc.constantFrom('-i lo -j ACCEPT', '-j own', '-s 10.0.0.0/8 -j DROP'), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(texts, fc.nat(), (rules, at) => {
        const number = (at % rules.length) + 1;
        const set = setOf(rules);
        const told = (rule: Rule) => `${rule.packets} ${printRule(rule)}`;
        const wanted = inputOf(applyEdit(set, remove(number))).map(told);
        expect(play(inputOf(set).map(told), specifiedPayload(set, remove(number)))).toEqual(wanted);
      }),
    );
  });
});
