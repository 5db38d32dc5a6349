import { NetfilterError } from '../error.ts';
import type { Family, Rule } from '../model.ts';
import { printRule } from '../print/print.ts';
import { byteLength } from '../values/quote.ts';
import { Lexer } from './lexer.ts';
import { RuleReader } from './rule-reader.ts';

export interface RuleOptions {
  /** default ipv4 */
  family?: Family;
  /** take `!` behind the option too (`-s ! 10.0.0.1`), as versions before 1.4.3 did; default true */
  oldNegation?: boolean;
}

/**
 * Reads one rule: the words that follow `-A CHAIN`, as typed or in save form. Everything is normalised as the
 * tool does (reference/iptables.md section 1): `10/8` is `10.0.0.0/8`, `--syn` is `--tcp-flags …`, `http` is 80.
 * Names of hosts are never looked up. Several addresses in one option throw `address.several`: see `parseRules`.
 * Throws NetfilterError with line, column and word.
 */
export function parseRule(text: string, options: RuleOptions = {}): Rule {
  const lexer = new Lexer(text);
  const rule = readRule(lexer, options.family ?? 'ipv4', options.oldNegation ?? true);
  if (lexer.position < text.length) throw lexer.error('text.control', lexer.position, 'one line');
  return rule;
}

/** Reads the rest of the lexer's line as a rule. */
export function readRule(lexer: Lexer, family: Family, oldNegation: boolean): Rule {
  return readNextRule(new RuleReader(lexer, family, oldNegation));
}

/** As `readRule`, with a reader that is used for all lines. */
export function readNextRule(reader: RuleReader): Rule {
  const { lexer } = reader;
  const from = lexer.position;
  const rule = reader.read();
  // printing may lengthen a rule a few times; only a long one can come near the tool's buffer
  if (lexer.position - from > maxRule / 8 && byteLength(printRule(rule)) > maxRule) {
    throw lexer.error('text.lineTooLong', from, `at most ${maxRule} bytes`);
  }
  return rule;
}

/**
 * Bytes of a rule that fit one line of a restore file with counters, command and chain before it. The tool reads
 * 10,239 bytes at a time and takes what follows for a line of its own, so a longer rule would become two.
 */
export const maxRule = 10_000;

/** The most rules that one line may stand for; the tool has no bound, but 100 × 100 addresses are a mistake. */
const maxExpansion = 1000;

/**
 * Reads one line that may name several addresses (`-s a,b -d c,d`) and gives one rule for each pair, sources
 * first, as the tool does. A `!` before several addresses throws `address.several`, as in the tool.
 */
export function parseRules(text: string, options: RuleOptions = {}): Rule[] {
  try {
    return [parseRule(text, options)];
  } catch (error) {
    if (!(error instanceof NetfilterError) || error.code !== 'address.several') throw error;
  }
  const lists = addressLists(text);
  if (lists.some((list) => list.negated) || lists.length > 2) {
    throw new NetfilterError('address.several', { expected: 'one address after !' });
  }
  const [first, second] = lists.toSorted((a, b) => Number(b.source) - Number(a.source));
  const count = (first?.words.length ?? 1) * (second?.words.length ?? 1);
  if (count > maxExpansion) throw new NetfilterError('address.several', { params: { max: maxExpansion } });
  return (first?.words ?? []).flatMap((one) =>
    (second?.words ?? ['']).map((two) => {
      const cuts = [
        ...(first ? [{ ...first, word: one }] : []),
        ...(second ? [{ ...second, word: two }] : []),
      ];
      let out = text;
      for (const cut of cuts.toSorted((a, b) => b.start - a.start)) {
        out = out.slice(0, cut.start) + cut.word + out.slice(cut.end);
      }
      return parseRule(out, options);
    }),
  );
}

interface AddressList {
  source: boolean;
  negated: boolean;
  words: string[];
  start: number;
  end: number;
}

const addressOptions: ReadonlyMap<string, 'source' | 'destination'> = new Map([
  ['-s', 'source'],
  ['--source', 'source'],
  ['--src', 'source'],
  ['-d', 'destination'],
  ['--destination', 'destination'],
  ['--dst', 'destination'],
]);

function addressLists(text: string): AddressList[] {
  const lexer = new Lexer(text);
  const lists: AddressList[] = [];
  let before = '';
  for (let word = lexer.word(); word !== null; word = lexer.word()) {
    const side = addressOptions.get(word);
    if (side) {
      const value = lexer.word() ?? '';
      if (value.includes(',')) {
        const { start, end } = lexer;
        lists.push({
          source: side === 'source',
          negated: before === '!',
          words: value.split(','),
          start,
          end,
        });
      }
    }
    before = word;
  }
  return lists;
}
