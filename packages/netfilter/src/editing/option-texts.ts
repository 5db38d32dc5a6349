import { NetfilterError } from '../error.ts';
import type { Extension, OptionEntry } from '../extensions/catalog.ts';
import { Lexer } from '../read/lexer.ts';
import { quoteWord } from '../values/quote.ts';

/** One option of a match or target as a form holds it. */
export interface OptionText {
  /** `--limit` */
  option: string;
  /** a `!` stands before it */
  not: boolean;
  /** its value without quotes; the words of an option that takes two with a blank between them; empty for none */
  value: string;
}

/** Takes the printed options of a match or target apart: `--limit 6/min --limit-burst 10`. */
export function optionTexts(printed: string, { options }: Pick<Extension, 'options'>): OptionText[] {
  const lexer = new Lexer(printed);
  const out: OptionText[] = [];
  let not = false;
  for (let word = lexer.word(); word !== null; word = lexer.word()) {
    const entry = lexer.quoted ? undefined : options.get(word);
    if (entry) {
      out.push({ option: word, not, value: '' });
      not = false;
    } else if (word === '!' && !lexer.quoted) {
      not = true;
    } else {
      const last = out.at(-1);
      if (last) last.value = last.value === '' ? word : `${last.value} ${word}`;
    }
  }
  return out;
}

/** The options as words of a rule. */
export function printOptionTexts(
  texts: readonly OptionText[],
  { options }: Pick<Extension, 'options'>,
): string {
  return texts
    .map(({ option, not, value }) => {
      const codec = options.get(option)?.codec;
      return [...(not ? ['!'] : []), option, ...(codec ? valueWords(value, codec) : [])].join(' ');
    })
    .join(' ');
}

/** One word stays as it is: the blank at the end of `--log-prefix "drop: "` means something. */
function valueWords(value: string, { words, optional }: OptionEntry['codec']): string[] {
  const most = words + (optional ? 1 : 0);
  if (most === 0 || (words === 0 && value === '')) return [];
  if (most === 1) return [quoteWord(value)];
  const parts = value.trim().split(/\s+/);
  if (parts.length > most) throw new NetfilterError('option.value', { word: value });
  return parts.map(quoteWord);
}

/** An option that a form can offer. */
export interface OptionForm {
  option: string;
  negatable: boolean;
  /** words of its value */
  words: 0 | 1 | 2;
  /** the value may be left out */
  optional: boolean;
  required: boolean;
  /** the grammar in short */
  expected: string;
  /** options of one name fill the same property: only one of them can be given */
  key: string;
}

/** The options of a match or target in print order; other spellings of the same thing are left out. */
export function optionForms({ fields, options }: Pick<Extension, 'fields' | 'options'>): OptionForm[] {
  return fields.flatMap(({ key, field }) => {
    const names = [field.names[0], ...(field.aliases ?? []).flatMap(({ names }) => names.slice(0, 1))];
    return names.flatMap((option): OptionForm[] => {
      const entry = options.get(option);
      if (!entry) return [];
      const { words, optional = false, expected } = entry.codec;
      const required = field.required === true && names.length === 1;
      return [{ option, negatable: entry.negatable, words, optional, required, expected, key }];
    });
  });
}
