import {
  builtInChains,
  type Chain,
  completeRuleSet,
  type Finding,
  isModelled,
  NetfilterError,
  type Rule,
  type RuleSet,
  recounted,
  ruleText,
  type Table,
  validateRule,
} from '@moru/netfilter';
import { chainNameSchema, type FieldError, ruleTextSchema, trialLimits } from '@moru/types';
import { ownedText } from '../firewall/revision.ts';
import { readSaveText } from '../firewall/rules.ts';
import { commitOrder, isOwned, tableOf } from './rewrite.ts';

/** The rules of one family as somebody wants them, read against those that run. */
export interface Draft {
  /** what runs, in its complete form, with counters */
  base: RuleSet;
  /** what is to run: owned chains as wanted, chains of other programs as they are; null where it cannot be read */
  wanted: RuleSet | null;
  /** tables that differ, in the order in which they are committed */
  tables: string[];
  /** `field` is TABLE.CHAIN.NUMBER[.FIELD] */
  errors: FieldError[];
  warnings: FieldError[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffd]/;

/**
 * Reads wanted rules (save form, the whole of a family) against the live ones. Nothing of the text goes further than
 * its model: every rule is either one of our own printing, or stands on the host in the same words already.
 */
export function readDraft(text: string, live: RuleSet): Draft {
  const draft: Draft = { base: completeRuleSet(live), wanted: null, tables: [], errors: [], warnings: [] };
  const given = readText(text, live.family, draft.errors);
  if (!given) return draft;
  const base = withTables(live, given);
  draft.base = base;
  const wanted = merged(base, given, draft.errors);
  judgeRules(base, wanted, draft);
  if (draft.errors.length > 0) return draft;
  return { ...draft, wanted, tables: changedTables(base, wanted) };
}

/** A draft against the same rules, with their counters of now. */
export function recountedDraft<Known extends Draft & { wanted: RuleSet }>(
  draft: Known,
  live: RuleSet,
): Known {
  const base = withTables(live, draft.wanted);
  const tables = draft.wanted.tables.map((table) => mergedTable(table, tableOf(base, table.name)));
  return { ...draft, base, wanted: completeRuleSet({ family: base.family, tables }) };
}

function readText(text: string, family: RuleSet['family'], errors: FieldError[]): RuleSet | null {
  if (controls.test(text)) errors.push({ field: 'rules', code: 'text.control' });
  const count = text.split('\n').length;
  // chain headers and comments are few beside the rules
  if (count > trialLimits.rules * 1.1) {
    errors.push({ field: 'rules', code: 'rules.tooMany', params: { max: trialLimits.rules } });
  }
  if (errors.length > 0) return null;
  try {
    return readSaveText(text, family);
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    errors.push({ field: 'rules', code: error.code, params: error.params, detail: error.message });
    return null;
  }
}

/** Complete, and with all tables that the other one has, if need be empty. */
function withTables(set: RuleSet, other: RuleSet): RuleSet {
  return other.tables.reduce((whole, { name }) => completeRuleSet(whole, name), completeRuleSet(set));
}

const holdsNothing = (table: Table) =>
  table.chains.filter(isOwned).every((chain) => chain.rules.length === 0 && chain.policy !== 'DROP');

/** The owned chains of `given` beside the other programs' chains of `base`. */
function merged(base: RuleSet, given: RuleSet, errors: FieldError[]): RuleSet {
  for (const table of base.tables) {
    // to leave a table out could mean "empty it" and could be an oversight: whoever means it writes it empty
    if (tableOf(given, table.name) || holdsNothing(table)) continue;
    errors.push({ field: table.name, code: 'table.missing', params: { table: table.name } });
  }
  const tables = withTables(given, base).tables.map((table) => mergedTable(table, tableOf(base, table.name)));
  return completeRuleSet({ family: base.family, tables });
}

/** The owned chains of `wanted`, with live counters, beside the other programs' chains of `live`. */
export function mergedTable(wanted: Table, live: Table | undefined): Table {
  const before = new Map(live?.chains.map((chain) => [chain.name, chain]));
  const owned = wanted.chains.filter(isOwned).map((chain) => withCounters(chain, before.get(chain.name)));
  const theirs = live?.chains.filter((chain) => !isOwned(chain)) ?? [];
  const jumps = new Set(owned.flatMap((chain) => chain.rules.map((rule) => rule.target?.name)));
  const missing = wanted.chains
    .filter((chain) => !isOwned(chain) && !before.has(chain.name) && jumps.has(chain.name))
    .map((chain) => ({ ...chain, rules: [] }));
  const hooks = builtInChains[wanted.name] ?? [];
  const others = [...owned.filter((chain) => !hooks.includes(chain.name)), ...theirs, ...missing];
  others.sort((a, b) => (a.name < b.name ? -1 : 1));
  const remarks = { before: [], inside: [], after: [] };
  return {
    name: wanted.name,
    chains: [...owned.filter((chain) => hooks.includes(chain.name)), ...others],
    remarks,
  };
}

/** Counters go with the rule, in the order in which equal rules stand; a new rule begins at 0. */
function withCounters(wanted: Chain, live: Chain | undefined): Chain {
  const before = live?.rules ?? [];
  const differs = wanted.rules.findIndex((rule, index) => {
    const beside = before[index];
    return beside === undefined || ruleText(beside) !== ruleText(rule);
  });
  // most of a chain stays as it is
  const same = differs < 0 ? wanted.rules.length : differs;
  const counted = new Map<string, Rule[]>();
  for (const rule of before.slice(same)) {
    const text = ruleText(rule);
    const rules = counted.get(text);
    if (rules) rules.push(rule);
    else counted.set(text, [rule]);
  }
  const others = wanted.rules
    .slice(same)
    .map((rule) => counted.get(ruleText(rule))?.shift() ?? recounted(rule, 0n, 0n));
  return {
    ...wanted,
    rules: [...before.slice(0, same), ...others],
    packets: live?.packets ?? 0n,
    bytes: live?.bytes ?? 0n,
  };
}

const fieldError = (place: string, { field, code, params }: Finding): FieldError => ({
  field: `${place}.${field}`,
  code,
  params,
});

/** As many as a person reads; the rest is in the draft all the same. */
const maxFindings = 200;

function note(list: FieldError[], finding: FieldError): void {
  if (list.length < maxFindings) list.push(finding);
}

function judgeRules(base: RuleSet, wanted: RuleSet, { errors, warnings }: Draft): void {
  let count = 0;
  for (const table of wanted.tables) {
    const chains = table.chains.map((chain) => chain.name);
    for (const chain of table.chains.filter(isOwned)) {
      const live = tableOf(base, table.name)?.chains.find((each) => each.name === chain.name);
      if (!live && !chainNameSchema.safeParse(chain.name).success) {
        errors.push({ field: `${table.name}.${chain.name}`, code: 'chain.name' });
      }
      const known = new Set(live?.rules.map(ruleText));
      const context = { table: table.name, chain: chain.name, chains };
      count += chain.rules.length;
      for (const [index, rule] of chain.rules.entries()) {
        const text = ruleText(rule);
        const isNew = !known.has(text);
        const place = () => `${table.name}.${chain.name}.${index + 1}`;
        if (isNew && (!isModelled(rule) || (text !== '' && !ruleTextSchema.safeParse(text).success))) {
          note(errors, { field: place(), code: 'rule.notModelled' });
          continue;
        }
        for (const finding of validateRule(rule, context)) {
          // what the host runs already is not for us to refuse, unless the chain it leads to goes away
          const counts = isNew || finding.code === 'chain.missing';
          const wrong = finding.severity === 'error' && counts;
          note(wrong ? errors : warnings, fieldError(place(), finding));
        }
      }
    }
  }
  if (count > trialLimits.rules) {
    errors.push({ field: 'rules', code: 'rules.tooMany', params: { max: trialLimits.rules, count } });
  }
}

/** Tables whose owned rules differ. */
export function changedTables(from: RuleSet, to: RuleSet): string[] {
  const only = (set: RuleSet, name: string) => ({
    ...set,
    tables: set.tables.filter((table) => table.name === name),
  });
  return commitOrder.filter((name) => ownedText(only(from, name)) !== ownedText(only(to, name)));
}
