import { NetfilterError } from '../error.ts';

/** One word of a command as the program would get it, and where it stands in the source. */
export interface Word {
  /** quotes and escapes resolved */
  text: string;
  /** of its first character, an opening quote included */
  start: number;
  /** after its last */
  end: number;
  /** part of it was quoted or escaped, so no shell reads it as an operator */
  quoted: boolean;
}

/** A text with its lines, which are found when they are first asked for. */
export class SourceText {
  readonly text: string;
  private starts: number[] | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** Line and column (from 1) of an offset. */
  place(offset: number): { line: number; column: number } {
    this.starts ??= lineStarts(this.text);
    const { starts } = this;
    let low = 0;
    for (let high = starts.length; low + 1 < high; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** Place and text of a word, for an error about it. */
  placeOf(word: Word): { line: number; column: number; word: string } {
    return { ...this.place(word.start), word: this.text.slice(word.start, word.end) };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The error as it was, without the place that an inner reader gave it, at this one. */
export function moved(
  error: NetfilterError,
  place: { line: number; column: number; word?: string },
): NetfilterError {
  const { code, expected, field, params } = error;
  const word = place.word ?? error.word;
  return new NetfilterError(code, {
    ...place,
    params,
    ...(word === undefined ? {} : { word }),
    ...(expected === undefined ? {} : { expected }),
    ...(field === undefined ? {} : { field }),
  });
}
