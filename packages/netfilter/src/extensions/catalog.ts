import { NetfilterError } from '../error.ts';
import type { Family, Rule } from '../model.ts';
import type { KnownMatch } from './matches/registry.ts';
import { matchSpecs } from './matches/registry.ts';
import type { AnyField, Codec, Fields, FinishContext, Places, Spec } from './spec.ts';
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
  readonly codec: Pick<Codec<unknown>, 'words' | 'optional' | 'expected' | 'read'>;
  readonly gather: AnyField['gather'] | null;
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
  /** ` -m NAME`, or ` -j NAME` */
  readonly option: string;
  readonly listedName: string;
  readonly listedClose: boolean;
  readonly options: ReadonlyMap<string, OptionEntry>;
  /** in print order */
  readonly fields: readonly FieldEntry[];
  /** those that the tool demands */
  readonly required: readonly FieldEntry[];
  /** a new object with every property null */
  readonly blank: () => Bag;
  readonly finish: ((values: Bag, context: FinishContext) => void) | null;
  readonly list: (values: Bag) => string;
  readonly protocol: number | null;
  readonly anyProtocol: boolean;
  /** where the kernel takes it with these options */
  readonly places: (values: Bag) => Places;
}

/**
 * Ways to copy an object that differ in nothing but their place in the source. JavaScript engines remember at each
 * place the few shapes (V8: four) that were copied there; one place for all 80 shapes takes six times as long.
 */
const copiers: readonly ((bag: Bag) => Bag)[] = [
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
  (bag) => ({ ...bag }),
];

function compile(spec: Spec<string, Fields>, kind: 'match' | 'target', index: number): Extension {
  const options = new Map<string, OptionEntry>();
  const fields: FieldEntry[] = [];
  const head = { name: spec.name, modelled: true };
  const blank: Bag = kind === 'match' ? head : { kind: 'extension', ...head };
  for (const [key, field] of Object.entries(spec.fields)) {
    blank[key] = null;
    fields.push({ key, prefix: ` ${field.names[0]}`, field });
    const gather = field.gather ?? null;
    const negatable = field.negatable || gather !== null;
    const entry = { key, negatable, inverted: false, codec: field.codec, gather };
    for (const name of field.names) options.set(name, entry);
    if (field.opposite) options.set(field.opposite, { ...entry, inverted: true });
    for (const alias of field.aliases ?? []) {
      for (const name of alias.names) options.set(name, { ...entry, codec: alias.codec });
    }
  }
  // an object that was read from JSON holds its properties itself, where one that grew holds some beside it
  const shape = JSON.parse(JSON.stringify(blank)) as Bag;
  const copy = copiers[index % copiers.length] ?? ((bag) => ({ ...bag }));
  return {
    name: spec.name,
    option: ` ${kind === 'match' ? '-m' : '-j'} ${spec.name}`,
    listedName: spec.listedName ?? spec.name,
    listedClose: spec.listedClose ?? false,
    options,
    fields,
    required: fields.filter(({ field }) => field.required === true),
    blank: () => copy(shape),
    finish: finishOf(spec),
    list: spec.list as Extension['list'],
    protocol: spec.protocol ?? null,
    anyProtocol: spec.anyProtocol ?? false,
    places: placesOf(spec),
  };
}

function finishOf({ name, family, finish }: Spec<string, Fields>): Extension['finish'] {
  const own = (finish as Extension['finish'] | undefined) ?? null;
  if (family === undefined) return own;
  return (values, context) => {
    if (context.family !== family) throw otherFamily(name, family);
    own?.(values, context);
  };
}

function otherFamily(name: string, family: Family): NetfilterError {
  return new NetfilterError('extension.family', {
    word: name,
    params: { name, family: family === 'ipv4' ? 'IPv4' : 'IPv6' },
  });
}

function placesOf({ tables, chains, places }: Spec<string, Fields>): Extension['places'] {
  const all: Places = { tables: tables ?? null, chains: chains ?? null };
  const narrow = places as ((values: Bag) => Partial<Places>) | undefined;
  return narrow ? (values) => ({ ...all, ...narrow(values) }) : () => all;
}

function compileAll(specs: readonly unknown[], kind: 'match' | 'target'): ReadonlyMap<string, Extension> {
  const compiled = (specs as readonly Spec<string, Fields>[]).map((spec, i) =>
    // matches and targets take the places from either end, so that the frequent ones share none
    compile(spec, kind, kind === 'match' ? i : copiers.length - 1 - (i % copiers.length)),
  );
  return new Map(
    compiled.flatMap((extension, index): [string, Extension][] => {
      const names = [extension.name, ...((specs[index] as Spec<string, Fields>).otherNames ?? [])];
      return names.map((name) => [name, extension]);
    }),
  );
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
