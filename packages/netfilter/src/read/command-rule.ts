import { NetfilterError } from '../error.ts';
import type { Family, Rule } from '../model.ts';
import { Lexer } from './lexer.ts';
import { readRule } from './parse-rule.ts';
import type { Word } from './words.ts';

/** A word of a rule; `address` marks the value of `-s` or `-d`. */
export interface RuleWord extends Word {
  address: 'source' | 'destination' | null;
}

/** More addresses in one command are a mistake: the tool has no bound. */
const maxExpansion = 1000;

/**
 * The rules that the words of one command stand for: one for each pair of addresses, sources first, as the tool
 * makes them. Errors carry the index of the word they are about in `column`.
 */
export function rulesOfWords(words: readonly RuleWord[], family: Family, oldNegation: boolean): Rule[] {
  const lists = words.filter((word) => word.address !== null && word.text.includes(','));
  if (lists.length === 0)
    return [
      ruleOfTexts(
        words.map((word) => word.text),
        family,
        oldNegation,
      ),
    ];
  const alternatives = words.map((word) => (lists.includes(word) ? word.text.split(',') : [word.text]));
  const count = alternatives.reduce((product, texts) => product * texts.length, 1);
  if (lists.length > 2 || count > maxExpansion) throw several(words, lists[0], maxExpansion);
  for (const list of lists) {
    const at = words.indexOf(list);
    if (words[at - 1]?.text === '!' || words[at - 2]?.text === '!') throw several(words, list, 1);
  }
  const [outer, inner] = lists.toSorted(
    (a, b) => Number(b.address === 'source') - Number(a.address === 'source'),
  );
  const outerAt = outer ? words.indexOf(outer) : -1;
  const innerAt = inner ? words.indexOf(inner) : -1;
  return (alternatives[outerAt] ?? []).flatMap((first) =>
    (alternatives[innerAt] ?? ['']).map((second) => {
      const texts = words.map(({ text }, at) => (at === outerAt ? first : at === innerAt ? second : text));
      return ruleOfTexts(texts, family, oldNegation);
    }),
  );
}

function several(words: readonly RuleWord[], word: RuleWord | undefined, max: number): NetfilterError {
  const column = word ? words.indexOf(word) : 0;
  return new NetfilterError('address.several', {
    column,
    params: { max },
    expected: max === 1 ? 'one address after !' : `at most ${max} rules`,
    ...(word ? { word: word.text, field: word.address ?? 'source' } : {}),
  });
}

function ruleOfTexts(texts: readonly string[], family: Family, oldNegation: boolean): Rule {
  const starts: number[] = [];
  let line = '';
  for (const [index, text] of texts.entries()) {
    if (text.includes('\n')) {
      throw new NetfilterError('text.control', { column: index, word: text, expected: 'one line' });
    }
    if (index > 0) line += ' ';
    starts.push(line.length);
    line += lexerWord(text);
  }
  const lexer = new Lexer(line);
  try {
    const rule = readRule(lexer, family, oldNegation);
    if (lexer.position < line.length) throw lexer.error('text.control', lexer.position, 'one line');
    return rule;
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    const at = (error.column ?? 1) - 1;
    const index = starts.findLastIndex((start) => start <= at);
    error.column = Math.max(index, 0);
    throw error;
  }
}

/** A word that the lexer of restore files gives back as it was. */
function lexerWord(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 32 || c === 34) return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  }
  return text === '' ? '""' : text;
}
