import type { Rule } from '../model.ts';
import type { KnownMatch } from './matches/registry.ts';
import { matchSpecs } from './matches/registry.ts';
import type { AnyField, Codec, Fields, FinishContext, Spec } from './spec.ts';
import type { KnownTarget } from './targets/registry.ts';
import { targetSpecs } from './targets/registry.ts';

/** Properties of a match or target by name, as the generic reader and printer see them. */
export type Bag = Record<string, unknown>;

/** One option name and the property that it fills. */
export interface OptionEntry {
  readonly key: string;
  readonly negatable: boolean;
  /** the option alone means what another one means with a `!` */
  readonly inverted: boolean;
  readonly codec: Pick<Codec<unknown>, 'words' | 'expected' | 'read'>;
}

export interface FieldEntry {
  readonly key: string;
  /** `--dport`, or `--tcp-option` …: the printed name with its leading blank */
  readonly prefix: string;
  readonly field: AnyField;
}

/** A description made ready for reading and printing. */
export interface Extension {
  readonly name: string;
  readonly listedName: string;
  readonly options: ReadonlyMap<string, OptionEntry>;
  /** in print order */
  readonly fields: readonly FieldEntry[];
  /** an object with every property null, to copy */
  readonly blank: Bag;
  readonly finish: ((values: Bag, context: FinishContext) => void) | null;
  readonly list: (values: Bag) => string;
  readonly protocol: number | null;
  readonly tables: readonly string[] | null;
  readonly chains: readonly string[] | null;
}

function compile(spec: Spec<string, Fields>, kind: 'match' | 'target'): Extension {
  const options = new Map<string, OptionEntry>();
  const fields: FieldEntry[] = [];
  const head = { name: spec.name, modelled: true };
  const blank: Bag = kind === 'match' ? head : { kind: 'extension', ...head };
  for (const [key, field] of Object.entries(spec.fields)) {
    blank[key] = null;
    fields.push({ key, prefix: ` ${field.names[0]}`, field });
    const entry = { key, negatable: field.negatable, inverted: false, codec: field.codec };
    for (const name of field.names) options.set(name, entry);
    if (field.opposite) options.set(field.opposite, { ...entry, inverted: true });
    for (const alias of field.aliases ?? []) {
      for (const name of alias.names) options.set(name, { ...entry, codec: alias.codec });
    }
  }
  return {
    name: spec.name,
    listedName: spec.listedName ?? spec.name,
    options,
    fields,
    blank,
    finish: (spec.finish as Extension['finish'] | undefined) ?? null,
    list: spec.list as Extension['list'],
    protocol: spec.protocol ?? null,
    tables: spec.tables ?? null,
    chains: spec.chains ?? null,
  };
}

function compileAll(specs: readonly unknown[], kind: 'match' | 'target'): ReadonlyMap<string, Extension> {
  const compiled = (specs as readonly Spec<string, Fields>[]).map((spec) => compile(spec, kind));
  return new Map(compiled.map((extension) => [extension.name, extension]));
}

export const matchCatalog = compileAll(matchSpecs, 'match');
export const targetCatalog = compileAll(targetSpecs, 'target');

/** The match that a protocol's options load. */
export const protocolMatches: ReadonlyMap<number, Extension> = new Map(
  [...matchCatalog.values()].flatMap((extension): [number, Extension][] =>
    extension.protocol === null ? [] : [[extension.protocol, extension]],
  ),
);

/** The first match of that name, typed. */
export function findMatch<N extends KnownMatch['name']>(
  rule: Rule,
  name: N,
): Extract<KnownMatch, { name: N }> | null {
  const found = rule.matches.find((match) => match.modelled && match.name === name);
  return (found as Extract<KnownMatch, { name: N }> | undefined) ?? null;
}

/** The target, typed, when it is the extension of that name. */
export function targetOf<N extends KnownTarget['name']>(
  rule: Rule,
  name: N,
): Extract<KnownTarget, { name: N }> | null {
  const target = rule.target;
  if (target?.kind !== 'extension' || !target.modelled || target.name !== name) return null;
  return target as Extract<KnownTarget, { name: N }>;
}
