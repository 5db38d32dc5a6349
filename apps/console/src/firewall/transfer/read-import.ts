import {
  type Family,
  NetfilterError,
  parseRulesListing,
  parseSave,
  type Repair,
  type RuleSet,
  repairSaved,
} from '@moru/netfilter';
import { chainsOf, placedError, type TextChain, type TextError } from '../text/read-text.ts';

/** A file or a pasted text with rules of any number of tables. */
export interface ImportQuestion {
  text: string;
  family: Family;
}

export type ImportRead = { repairs: Repair[] } & (
  | { error: TextError; tables: null }
  | { error: null; tables: { name: string; chains: TextChain[] }[] }
);

/**
 * Reads what `iptables-save [-c]`, `iptables -S [-v]` and this console's own export print, and the guide's form of the
 * saved file. Counters are left out.
 */
export function readImport({ text, family }: ImportQuestion): ImportRead {
  const repaired = repairSaved(text);
  const { repairs } = repaired;
  try {
    const set = readSet(repaired.text, family);
    const tables = set.tables.map((table) => ({ name: table.name, chains: chainsOf(table, family) }));
    if (tables.length === 0) throw new NetfilterError('save.tableExpected', { line: 1, expected: '*filter' });
    return { repairs, error: null, tables };
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    return { repairs, error: placedError(error), tables: null };
  }
}

/** A listing has no line of a table; which one it is of it does not say, and without `-t` it is filter. */
function readSet(text: string, family: Family): RuleSet {
  const isListing = !/^\*/m.test(text) && /^-[PNA] /m.test(text);
  return isListing ? parseRulesListing(text, { family }) : parseSave(text, { family });
}
