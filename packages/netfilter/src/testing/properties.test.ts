import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateRule } from '../check/validate.ts';
import { fieldsOfRule, ruleFromFields } from '../editing/fields.ts';
import { NetfilterError } from '../error.ts';
import type { Rule } from '../model.ts';
import { printListing } from '../print/listing.ts';
import { printRule, printSave } from '../print/print.ts';
import { Lexer } from '../read/lexer.ts';
import { parseRule } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';
import { measuredRules } from './rule-table.ts';
import { setOf } from './set.ts';

/** Words that rules are made of, and what breaks readers. */
const words = [
  ...new Set(measuredRules().flatMap(({ rule }) => rule.split(' '))),
  ...[
    '"',
    '\\',
    '""',
    '"\\"',
    "'",
    '!',
    '-',
    '--',
    '#',
    '\r',
    '\t',
    '\u2028',
    '\u001b',
    '-M',
    '$(id)',
    '`id`',
  ],
  ...[
    '*filter',
    'COMMIT',
    ':INPUT ACCEPT [0:0]',
    '-A INPUT',
    '[1:2]',
    '\n',
    '\0',
    '한국어',
    '🔥',
    '-A',
    '-m foo',
  ],
];

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((parts) => parts.join(' ')),
  fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 })), { maxLength: 20 })
    .map((parts) => parts.join('')),
);

/** The rule, or null when the text is refused; anything but NetfilterError is a failure of the test. */
function read(text: string): Rule | null {
  try {
    return parseRule(text);
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

describe('hostile text', () => {
  it('is read or refused, and what is printed reads the same and is one line', () => {
    let taken = 0;
    fc.assert(
      fc.property(hostile, (text) => {
        const rule = read(text);
        if (!rule) return;
        taken++;
        const printed = printRule(rule);
        expect(printed).not.toContain('\n');
        expect(printRule(parseRule(printed, { oldNegation: false }))).toBe(printed);
        printListing(setOf('filter', 'INPUT', [rule]));
        validateRule(rule, { table: 'filter', chain: 'INPUT' });
      }),
      { numRuns: 4_000 },
    );
    // a reader that refuses everything would pass as well
    expect(taken).toBeGreaterThan(100);
  });

  it('does not upset the reader of whole sets', () => {
    const lines = fc
      .array(fc.oneof(hostile, fc.constantFrom(...words)), { maxLength: 8 })
      .map((parts) => parts.join('\n'));
    fc.assert(
      fc.property(lines, (text) => {
        for (const unreadable of ['refuse', 'keep'] as const) {
          try {
            const set = parseSave(`*filter\n:INPUT ACCEPT [0:0]\n-A INPUT ${text}\nCOMMIT\n`, { unreadable });
            const printed = printSave(set, { counters: true });
            expect(printSave(parseSave(printed, { unreadable }), { counters: true })).toBe(printed);
          } catch (error) {
            if (!(error instanceof NetfilterError)) throw error;
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never leaves the form with more than its own words', () => {
    const field = fc.option(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(...words)),
      { nil: undefined },
    );
    const form = fc.record({
      protocol: fc.constantFrom('tcp', 'udp', 'all', '', '! tcp', 'icmp -j ACCEPT'),
      source: field,
      destinationPort: field,
      inInterface: field,
      comment: field,
      target: fc.constantFrom('ACCEPT', 'DROP', 'mine'),
    });
    fc.assert(
      fc.property(form, (given) => {
        const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        let rule: Rule;
        try {
          rule = ruleFromFields(fields);
        } catch (error) {
          if (error instanceof NetfilterError) return;
          throw error;
        }
        expect(rule.target?.name).toBe(fields.target);
        expect(
          rule.matches.every((match) => ['tcp', 'udp', 'multiport', 'comment'].includes(match.name)),
        ).toBe(true);
        expect(fieldsOfRule(rule)).not.toBeNull();
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('words', () => {
  it('a quoted comment is read back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (comment) => {
        fc.pre(!/[\n\0]/.test(comment) && comment.isWellFormed());
        const rule = {
          ...parseRule(''),
          matches: [{ name: 'comment' as const, modelled: true as const, comment }],
        };
        const lexer = new Lexer(printRule(rule));
        expect([lexer.word(), lexer.word(), lexer.word(), lexer.word(), lexer.word()]).toEqual([
          '-m',
          'comment',
          '--comment',
          comment,
          null,
        ]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('a line feed is never printed', () => {
    const rule = {
      ...parseRule(''),
      matches: [{ name: 'comment' as const, modelled: true as const, comment: 'a\nb' }],
    };
    expect(() => printRule(rule)).toThrow(NetfilterError);
  });
});
