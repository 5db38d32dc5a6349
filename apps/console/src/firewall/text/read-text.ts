import {
  type Family,
  NetfilterError,
  type Policy,
  parseRule,
  parseSave,
  printRule,
  type Repair,
  type Rule,
  type RuleSet,
  repairSaved,
} from '@moru/netfilter';

/** One table as text, as somebody wrote it. */
export interface TextQuestion {
  text: string;
  family: Family;
  /** the table that is edited; a text with any other one is refused */
  table: string;
}

export interface TextRule {
  text: string;
  off: boolean;
}

export interface TextChain {
  name: string;
  policy: Policy | null;
  rules: TextRule[];
}

/** An error with its place, as it travels out of a worker. */
export type TextError = Pick<NetfilterError, 'code' | 'params'> & {
  line: number;
  column: number;
  word?: string;
  expected?: string;
};

export type TextRead = { repairs: Repair[] } & (
  | { error: TextError; chains: null }
  | { error: null; chains: TextChain[] }
);

/** Sign of a rule that is switched off: commented out, as it would be in a file. */
export const offSign = '#-A ';

const offLine = /^#-A (\S+) (.*)$/;

/** Reads the text; whatever is wrong with it comes back with its line and word. Never throws for what was written. */
export function readText({ text, family, table }: TextQuestion): TextRead {
  const repaired = repairSaved(text);
  const { repairs } = repaired;
  try {
    const set = parseSave(repaired.text, { family });
    const [first, second] = set.tables;
    if (!first || first.name !== table || second) {
      const wrong = second ?? first;
      throw new NetfilterError('save.tableUnknown', {
        ...placeOfTable(repaired.text, wrong?.name),
        expected: `*${table}`,
      });
    }
    return { repairs, error: null, chains: chainsOf(first, family) };
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    return { repairs, error: placedError(error), chains: null };
  }
}

/** The chains of a table with their rules as texts; lines that are commented out are rules that are switched off. */
export function chainsOf({ chains: all, remarks }: RuleSet['tables'][number], family: Family): TextChain[] {
  const chains = all.map(({ name, policy }): TextChain => ({ name, policy, rules: [] }));
  const byName = new Map(chains.map((chain) => [chain.name, chain]));
  const takeOff = (lines: readonly string[] | null) => {
    for (const line of lines ?? []) addOff(line, byName, family);
  };
  for (const chain of all) {
    for (const rule of chain.rules) {
      takeOff(rule.remarks);
      byName.get(chain.name)?.rules.push({ text: textOf(rule), off: false });
    }
  }
  takeOff(remarks.inside);
  return chains;
}

const textOf = (rule: Rule): string => printRule(rule);

/** A comment that is no rule stays what it is: words, which no host keeps. */
function addOff(remark: string, chains: ReadonlyMap<string, TextChain>, family: Family): void {
  const [, name = '', rule = ''] = offLine.exec(remark) ?? [];
  const chain = chains.get(name);
  if (!chain) return;
  try {
    chain.rules.push({ text: textOf(parseRule(rule, { family })), off: true });
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
  }
}

function placeOfTable(
  text: string,
  name: string | undefined,
): { line: number; column: number; word?: string } {
  if (name === undefined) return { line: 1, column: 1 };
  const line = text.split('\n').findIndex((each) => each.startsWith(`*${name}`)) + 1;
  return { line: Math.max(line, 1), column: 1, word: `*${name}` };
}

/** What of an error travels out of a worker. */
export function placedError({
  code,
  params,
  line = 1,
  column = 1,
  word,
  expected,
}: NetfilterError): TextError {
  return {
    ...{ code, params, line, column },
    ...(word === undefined ? {} : { word }),
    ...(expected === undefined ? {} : { expected }),
  };
}
