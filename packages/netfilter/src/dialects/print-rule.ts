import { type Bag, type Extension, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import type { Match, Negatable, Rule, Target } from '../model.ts';
import { type Dialect, perDialect, within } from '../print/dialect.ts';
import { printFields, printMatch, printTarget } from '../print/print.ts';
import { oneLine, plainWord } from '../values/quote.ts';
import { asInstalled } from './installed.ts';
import { savedProtocol } from './protocol-names.ts';
import { quirksOf, type WordQuirk } from './words.ts';

/** How a rule is printed in a dialect: for loading, or as its `iptables-save` would have it. */
export interface Manner {
  lossy?: boolean;
}

/**
 * The words of a rule in a dialect, each with a blank before it; empty for a rule that tests and does nothing.
 * What that version's own text would lose is printed all the same unless `lossy`.
 */
export function dialectWords(rule: Rule, dialect: Dialect, { lossy = false }: Manner): string {
  if (rule.verbatim !== null) return ` ${oneLine(rule.verbatim)}`;
  const { source, destination, inInterface, outInterface, protocol, fragment, matches, target } = lossy
    ? asInstalled(rule, dialect).rule
    : rule;
  let out = coreWord(' -s ', source) + coreWord(' -d ', destination);
  out +=
    interfaceWord(' -i ', inInterface, dialect, lossy) + interfaceWord(' -o ', outInterface, dialect, lossy);
  if (protocol) out += `${protocol.negated ? ' !' : ''} -p ${savedProtocol(protocol.value, dialect)}`;
  if (fragment !== null) out += fragment ? ' -f' : ' ! -f';
  for (const match of matches) out += matchWords(match, dialect, lossy);
  if (target) return out + targetWords(target, dialect, lossy);
  // nft of 1.8.7 leaves the blank that would stand before the target
  return lossy && leavesBlank(dialect) ? `${out} ` : out;
}

function coreWord(option: string, value: Negatable<string> | null): string {
  if (!value) return '';
  return value.negated ? ` !${option}${value.value}` : option + value.value;
}

/** Legacy before 1.8.11 prints `! -i +` as nothing, and any name without quotes. */
function interfaceWord(
  option: string,
  held: Negatable<string> | null,
  dialect: Dialect,
  lossy: boolean,
): string {
  if (!held || (held.value === '+' && (!held.negated || (lossy && losesAnyInterface(dialect))))) return '';
  return coreWord(option, { negated: held.negated, value: lossy ? held.value : plainWord(held.value) });
}

export const losesAnyInterface = perDialect((dialect) =>
  within(dialect, { before: '1.8.11', backend: 'legacy' }),
);

const leavesBlank = perDialect((dialect) => within(dialect, { before: '1.8.9', backend: 'nft' }));

function matchWords(match: Match, dialect: Dialect, lossy: boolean): string {
  const quirks = quirksOf(dialect).get(`match ${match.name}`);
  const extension = matchCatalog.get(match.name);
  if (!quirks || !extension || !match.modelled) return printMatch(match);
  return `${extension.option}${quirkyFields(extension, match as unknown as Bag, quirks, lossy)}`;
}

function targetWords(target: Target, dialect: Dialect, lossy: boolean): string {
  const quirks = target.kind === 'extension' ? quirksOf(dialect).get(`target ${target.name}`) : undefined;
  const extension = targetCatalog.get(target.name);
  if (!quirks || !extension || !target.modelled) return printTarget(target);
  return `${extension.option}${quirkyFields(extension, target as unknown as Bag, quirks, lossy)}`;
}

/** Field by field, so that a quirk can take the place of one. */
function quirkyFields(
  extension: Extension,
  values: Bag,
  quirks: readonly WordQuirk[],
  lossy: boolean,
): string {
  return extension.fields
    .map((entry) => {
      for (const { field, words, loses } of quirks) {
        if (field !== entry.key || (loses && !lossy)) continue;
        const text = words(values[field], values);
        if (text !== null) return text;
      }
      return printFields({ ...extension, fields: [entry] }, values);
    })
    .join('');
}
