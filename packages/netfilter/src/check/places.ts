import type { Bag, Extension } from '../extensions/catalog.ts';
import type { Negatable } from '../model.ts';

/** Where the kernel takes an extension with its options. */
export interface ExtensionPlaces {
  /** null: everywhere */
  tables: readonly string[] | null;
  /** built-in chains; null: all of the table */
  chains: readonly string[] | null;
  /** the options decide, not the extension: nft then looks at rules of built-in chains only */
  byOptions: boolean;
}

const inward = ['PREROUTING', 'INPUT', 'FORWARD'];
const outward = ['FORWARD', 'OUTPUT', 'POSTROUTING'];
const notOutput = [...inward, 'POSTROUTING'];

/**
 * Hooks that options rule out, as the kernel's own checks have them; the host test of `validateSet` tries each.
 * Null: no limit.
 */
const narrowed: ReadonlyMap<string, (values: Bag) => readonly string[] | null> = new Map([
  ['devgroup', ({ source, destination }: Bag) => both(source ? inward : null, destination ? outward : null)],
  [
    'addrtype',
    ({ limitInInterface, limitOutInterface }: Bag) =>
      limitInInterface ? inward : limitOutInterface ? outward : null,
  ],
  [
    'physdev',
    // the port is not known yet, unless only bridged packets are meant
    ({ out, isOut, isBridged }: Bag) => ((out || isOut) && !isTrue(isBridged) ? notOutput : null),
  ],
  ['TCPMSS', ({ clampToPathMtu }: Bag) => (clampToPathMtu ? outward : null)],
]);

const isTrue = (held: unknown): boolean => held !== null && !(held as Negatable<true>).negated;

/** Extensions whose description narrows its places by its options. */
const narrowedByDescription: ReadonlySet<string> = new Set(['policy', 'SET']);

export function placesOf(extension: Extension, values: Bag): ExtensionPlaces {
  const { tables, chains } = extension.places(values);
  const narrow = narrowed.get(extension.name)?.(values) ?? null;
  const byOptions = narrow !== null || narrowedByDescription.has(extension.name);
  return { tables, chains: both(chains, narrow), byOptions };
}

/** Chains that both lists allow. */
function both(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b;
  return a.filter((chain) => b.includes(chain));
}
