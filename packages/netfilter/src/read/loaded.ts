import type { Bag, Extension } from '../extensions/catalog.ts';

/** A loaded match or target with what has been read of it. */
export interface Loaded {
  /** null: kept as text, or a chain */
  extension: Extension | null;
  values: Bag;
  /** where the text of one that is kept as text ends in the source so far */
  textEnd: number;
}

/** What the rule at hand has loaded, in order. The places are made once and used again for the next rule. */
export class LoadedList {
  count = 0;
  private readonly entries: Loaded[] = [];

  at(index: number): Loaded | undefined {
    return index < this.count ? this.entries[index] : undefined;
  }

  last(): Loaded | undefined {
    return this.count > 0 ? this.entries[this.count - 1] : undefined;
  }

  have(extension: Extension): boolean {
    return this.extensions().includes(extension);
  }

  haveOption(name: string): boolean {
    return this.options().some((options) => options.has(name));
  }

  /** Of each that is not kept as text. */
  options(): Extension['options'][] {
    return this.extensions().map((extension) => extension.options);
  }

  private extensions(): Extension[] {
    return this.entries.slice(0, this.count).flatMap(({ extension }) => extension ?? []);
  }

  add(extension: Extension | null, values: Bag, textEnd: number): Loaded {
    const entry = this.entries[this.count++];
    if (entry === undefined) {
      const added: Loaded = { extension, values, textEnd };
      this.entries.push(added);
      return added;
    }
    entry.extension = extension;
    entry.values = values;
    entry.textEnd = textEnd;
    return entry;
  }
}

/** Whether nothing but blanks stands between the text of an entry so far and `start`. */
export function follows(entry: Loaded, source: string, start: number): boolean {
  for (let i = entry.textEnd; i < start; i++) {
    const c = source.charCodeAt(i);
    if (c !== 32 && c !== 9) return false;
  }
  return true;
}

/** Adds a piece of the source to the text of an entry, with the blanks before it when it follows directly. */
export function keepText(entry: Loaded, source: string, start: number, end: number): void {
  const text = entry.values.text as string;
  const direct = follows(entry, source, start);
  // the blank between the name and the text is printed anyway
  const from = direct && entry.textEnd < start ? entry.textEnd + (text === '' ? 1 : 0) : start;
  entry.values.text = `${text}${direct || text === '' ? '' : ' '}${source.slice(from, end)}`;
  entry.textEnd = end;
}

/** The first word of a kept text that is not a `!`, without quotes. */
export function firstWord(entry: Loaded): string {
  return /^[\s!]*"?([^\s"]*)/.exec(entry.values.text as string)?.[1] ?? '';
}
