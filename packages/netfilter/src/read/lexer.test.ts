import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { Lexer } from './lexer.ts';

function words(text: string): string[] {
  const lexer = new Lexer(text);
  const out: string[] = [];
  for (let word = lexer.word(); word !== null; word = lexer.word()) out.push(word);
  return out;
}

function problem(text: string): NetfilterError {
  try {
    words(text);
  } catch (error) {
    if (error instanceof NetfilterError) return error;
  }
  throw new Error('nothing was thrown');
}

describe('Lexer', () => {
  // measured with 1.8.9: what `-m comment --comment WORDS` became
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['"a b" c', ['a b', 'c']],
    ['"a"b', ['a', 'b']],
    ['a"b c"', ['ab c']],
    ['a\\b', ['a\\b']],
    ['"a\\b\\\\c\\"d\\\'e"', ['ab\\c"d\'e']],
    ['""', ['']],
    ["it's", ["it's"]],
    ['a\rb', ['a\rb']],
    ['', []],
    ['   ', []],
  ])('splits %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('stops at the line end and goes on behind it', () => {
    const lexer = new Lexer('a b\nc');
    expect([lexer.word(), lexer.word(), lexer.word(), lexer.word()]).toEqual(['a', 'b', null, null]);
    expect(lexer.nextLine()).toBe(true);
    expect([lexer.word(), lexer.word()]).toEqual(['c', null]);
    expect(lexer.nextLine()).toBe(false);
  });

  it.each([
    ['-m "open', 'text.quote', 4],
    ['a "b\\', 'text.quote', 3],
    ['a "b\nc"', 'text.quote', 3],
    ['a\0b', 'text.control', 2],
    ['"a\0b"', 'text.quote', 1],
    ['"a\\\0b"', 'text.quote', 1],
    [`x ${'y'.repeat(1024)}`, 'text.wordTooLong', 3],
    [`x ${'한'.repeat(342)}`, 'text.wordTooLong', 3],
    ['w '.repeat(253), 'text.tooManyWords', 505],
  ])('refuses %j', (text, code, column) => {
    expect(problem(text)).toMatchObject({ code, line: 1, column });
  });

  it('takes the longest word and the longest line that the tool takes', () => {
    expect(words('y'.repeat(1023))).toHaveLength(1);
    expect(words('한'.repeat(341))).toHaveLength(1);
    expect(words('w '.repeat(252))).toHaveLength(252);
  });

  it('gives equal words as equal text however full its cache is', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `w${i % 3000}`);
    const lexer = new Lexer(many.join('\n'));
    const out: (string | null)[] = [];
    do out.push(lexer.word());
    while (lexer.nextLine());
    expect(out).toEqual(many);
  });
});
