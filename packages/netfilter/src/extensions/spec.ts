import type { Family, Negatable, Rule } from '../model.ts';

/** How a value is read from words and written back. Reading throws NetfilterError without a place. */
export interface Codec<T> {
  /** words that the option takes */
  readonly words: 0 | 1 | 2;
  /** takes one word more unless that begins with `-` or `!`; without it `first` is empty */
  readonly optional?: true;
  /** the grammar in short, for error messages */
  readonly expected: string;
  read(first: string, second: string, family: Family): T;
  /** save form; empty for an option without words */
  print(value: T): string;
}

/** Another spelling that fills the same property, as `--syn` fills the TCP flags. Read, never printed. */
export interface Alias<T> {
  readonly names: readonly string[];
  readonly codec: Pick<Codec<T>, 'words' | 'optional' | 'expected' | 'read'>;
}

/** One property of a match or target: the options that fill it. The first name is the printed one. */
export interface Field<T, N extends boolean, P extends boolean> {
  readonly names: readonly [string, ...string[]];
  readonly codec: Codec<T>;
  /** may carry a `!`; the property is then a `Negatable` */
  readonly negatable: N;
  /** always set once the rule is read: demanded by the tool, or filled by `finish` */
  readonly present: P;
  /** demanded by the tool */
  readonly required?: boolean;
  /** values that the tool leaves unprinted because they test nothing or are the default */
  readonly omit?: (value: T) => boolean;
  readonly aliases?: readonly Alias<T>[];
  /** the option that is printed for a value, where that is not always the first name */
  readonly named?: (value: T) => string;
  /** the option that says the opposite; the tool prints it instead of a `!` */
  readonly opposite?: string;
  /**
   * Several options, or one that may come more than once, fill this property together: makes the new value of
   * what is held and what was read. Refuses repetitions and a `!` itself.
   */
  readonly gather?: (held: T | null, read: T, negated: boolean) => T;
}

// biome-ignore lint/suspicious/noExplicitAny: any field, whatever it holds; its reader restores the type
export type AnyField = Field<any, boolean, boolean>;
export type Fields = Record<string, AnyField>;

type Value<F> =
  F extends Field<infer T, infer N, infer P>
    ? (N extends true ? Negatable<T> : T) | (P extends true ? never : null)
    : never;

/** The object that a description stands for: `name`, and one property per field. */
export type Values<F extends Fields> = { -readonly [K in keyof F]: Value<F[K]> };

/** What an extension knows of its rule when all its options are read. */
export interface FinishContext {
  rule: Rule;
  family: Family;
}

/** Where the kernel takes an extension: null is everywhere. */
export interface Places {
  /** tables */
  readonly tables: readonly string[] | null;
  /** built-in chains */
  readonly chains: readonly string[] | null;
}

/**
 * A match or a target as data. The order of `fields` is the order in which the tool prints them.
 * Adding an extension means adding one such description to its registry.
 */
export interface Spec<Name extends string, F extends Fields> {
  readonly name: Name;
  /** other names that load it; never printed */
  readonly otherNames?: readonly string[];
  /** the family that has it, or null for both */
  readonly family?: Family;
  /** the name in the target column of `iptables -nL`, where it is another */
  readonly listedName?: string;
  /** `iptables -nL` shows it without the blank before it */
  readonly listedClose?: true;
  readonly fields: F;
  /** fills defaults and refuses what the tool refuses after its last option */
  readonly finish?: (values: Values<F>, context: FinishContext) => void;
  /** the part of an `iptables -nL` line after the addresses, without its leading blank */
  readonly list: (values: Values<F>) => string;
  /** protocol that loads this match when one of its options is met (`-p tcp --dport 22`) */
  readonly protocol?: number;
  /** the kernel takes it with any protocol all the same */
  readonly anyProtocol?: true;
  /** tables, or null for all */
  readonly tables?: readonly string[];
  /** built-in chains from which the kernel takes it */
  readonly chains?: readonly string[];
  /** narrows both by what the options are */
  readonly places?: (values: Values<F>) => Partial<Places>;
}

interface FieldOptions<T> {
  required?: boolean;
  omit?: (value: T) => boolean;
  aliases?: readonly Alias<T>[];
  named?: (value: T) => string;
  opposite?: string;
  gather?: (held: T | null, read: T, negated: boolean) => T;
}

type Names = readonly [string, ...string[]];
type Present<T> = FieldOptions<T> & { present: true };

/** A field that takes a `!` before its option. */
export function negatable<T>(names: Names, codec: Codec<T>, options: Present<T>): Field<T, true, true>;
export function negatable<T>(names: Names, codec: Codec<T>, options?: FieldOptions<T>): Field<T, true, false>;
export function negatable<T>(names: Names, codec: Codec<T>, options: object = {}): Field<T, true, boolean> {
  return { names, codec, negatable: true, present: false, ...options };
}

/** A field that takes no `!`. */
export function plain<T>(names: Names, codec: Codec<T>, options: Present<T>): Field<T, false, true>;
export function plain<T>(names: Names, codec: Codec<T>, options?: FieldOptions<T>): Field<T, false, false>;
export function plain<T>(names: Names, codec: Codec<T>, options: object = {}): Field<T, false, boolean> {
  return { names, codec, negatable: false, present: false, ...options };
}

/** Keeps the exact types of a description, from which the type of its match or target is inferred. */
export function defineExtension<Name extends string, F extends Fields>(spec: Spec<Name, F>): Spec<Name, F> {
  return spec;
}

/** The match of a description. */
export type MatchOf<S> =
  S extends Spec<infer Name, infer F> ? { name: Name; modelled: true } & Values<F> : never;

/** The target of a description. */
export type TargetOf<S> =
  S extends Spec<infer Name, infer F> ? { kind: 'extension'; name: Name; modelled: true } & Values<F> : never;
