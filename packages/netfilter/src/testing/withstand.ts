import { isDeepStrictEqual } from 'node:util';
import { validateFields, validateRule } from '../check/validate.ts';
import { describeRule } from '../editing/describe.ts';
import { fieldsOfRule, type RuleFields, ruleFromFields } from '../editing/fields.ts';
import { NetfilterError } from '../error.ts';
import { matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import { canonicalText } from '../host/canonical.ts';
import type { Family, Negatable, Rule, RuleSet } from '../model.ts';
import { Random } from '../plan/testing/random.ts';
import { commandOf } from '../print/command.ts';
import { printListing } from '../print/listing.ts';
import { printRule, printSave } from '../print/print.ts';
import { parseRule, parseRules } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';
import { hostileRule, hostileSave, hostileValue } from './hostile-text.ts';
import { setOf } from './set.ts';

/** How often something was taken: what refuses everything would hold every other promise too. */
export interface Taken {
  rules: number;
  sets: number;
  forms: number;
}

/**
 * Gives texts made from `seed` to everything that reads, builds, prints or judges. Throws with the seed and the text
 * when anything but a NetfilterError is thrown, or when what is printed does not read as the same rule.
 */
export function withstand(seed: number, taken: Taken): void {
  const random = new Random(seed);
  const kind = random.below(10);
  const [what, given, check] =
    kind < 7
      ? (['rules', hostileRule(random), (text: string) => tryRule(text, random)] as const)
      : kind < 9
        ? (['sets', hostileSave(random), trySave] as const)
        : (['forms', hostileFields(random), tryFields] as const);
  try {
    taken[what] += (check as (given: unknown) => number)(given);
  } catch (error) {
    throw new Error(`seed ${seed}: ${JSON.stringify(given)}`, { cause: error });
  }
}

/** Null when it was refused. */
function orRefused<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

function demand(holds: boolean, what: string, ...seen: unknown[]): void {
  if (!holds)
    throw new Error(`${what}: ${seen.map((each) => JSON.stringify(each, withBigints)).join(' / ')}`);
}

const withBigints = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

function tryRule(text: string, random: Random): number {
  const family = random.chance(0.8) ? 'ipv4' : 'ipv6';
  const options = { family, oldNegation: random.chance(0.5) } as const;
  const rules = orRefused(() => parseRules(text, options)) ?? [];
  const alone = orRefused(() => parseRule(text, options));
  demand(!alone || isDeepStrictEqual(rules, [alone]), 'parseRules reads it otherwise', rules, alone);
  for (const rule of rules) checkRule(rule, family);
  return rules.length > 0 ? 1 : 0;
}

/** That the rule survives its print, and that whoever judges or tells rules can take it. */
function checkRule(rule: Rule, family: Family): void {
  const printed = printRule(rule);
  demand(!/[\n\0]/.test(printed), 'more than a line is printed', printed);
  const again = parseRule(printed, { family, oldNegation: false });
  demand(isDeepStrictEqual(asPrinted(again), asPrinted(rule)), 'print loses something', printed, rule, again);
  demand(printRule(again) === printed, 'print changes', printed, printRule(again));
  const set = { ...setOf('filter', 'INPUT', [rule]), family };
  const listing = printListing(set);
  demand(!/\0/.test(listing) && listing.split('\n').length === 4, 'not one line of a listing', listing);
  demand(canonicalText(set).split('\n').length <= 5, 'not one line of canonical text', canonicalText(set));
  for (const table of ['filter', 'nat']) validateRule(rule, { table, chain: 'INPUT', chains: ['INPUT'] });
  describeRule(rule);
  for (const type of ['append', 'delete'] as const) {
    const command = commandOf({ type, table: 'filter', chain: 'INPUT', rule });
    demand(!/[\n\0]/.test(command), 'a command of more than a line', command);
  }
  const fields = fieldsOfRule(rule, family);
  if (fields) demand(printRule(ruleFromFields(fields, family)) === printed, 'fields lose something', fields);
}

/** The rule without what is not printed: counters, defaults, and conditions that every packet meets. */
function asPrinted(rule: Rule): Rule {
  const interfaceOf = (held: Negatable<string> | null) =>
    held?.value === '+' && !held.negated ? null : held;
  return {
    ...rule,
    packets: 0n,
    bytes: 0n,
    inInterface: interfaceOf(rule.inInterface),
    outInterface: interfaceOf(rule.outInterface),
    matches: rule.matches.map((match) => (match.modelled ? withoutOmitted(match, matchCatalog) : match)),
    target:
      rule.target?.kind === 'extension' && rule.target.modelled
        ? withoutOmitted(rule.target, targetCatalog)
        : rule.target,
  };
}

function withoutOmitted<T extends { name: string }>(held: T, catalog: typeof matchCatalog): T {
  const values: Record<string, unknown> = { ...held };
  for (const { key, field } of catalog.get(held.name)?.fields ?? []) {
    if (values[key] === null) continue;
    const { negated, value } = field.negatable
      ? (values[key] as Negatable<unknown>)
      : { negated: false, value: values[key] };
    if (!negated && field.omit?.(value)) values[key] = null;
  }
  // type 255 is every type, whatever the code beside it
  const type = (held as Partial<{ type: Negatable<{ type: number; code: number | null }> }>).type;
  if (held.name === 'icmp' && type?.value.type === 255)
    values.type = { ...type, value: { type: 255, code: null } };
  return values as T;
}

function trySave(text: string): number {
  let taken = 0;
  for (const unreadable of ['refuse', 'keep'] as const) {
    const set = orRefused(() => parseSave(text, { unreadable }));
    if (!set) continue;
    taken = 1;
    const printed = printSave(set, { counters: true });
    const again = parseSave(printed, { unreadable });
    demand(printSave(again, { counters: true }) === printed, 'print of a set changes', printed);
    demand(isDeepStrictEqual(shapeOf(again), shapeOf(set)), 'print of a set loses something', printed);
    printListing(set);
    canonicalText(set);
    for (const table of set.tables) {
      for (const rule of table.chains.flatMap((chain) => chain.rules)) {
        validateRule(rule, { table: table.name, chain: 'INPUT' });
        describeRule(rule);
        commandOf({ type: 'append', table: table.name, chain: 'INPUT', rule });
      }
    }
  }
  return taken;
}

/** Tables, chains and the number of rules, with all counters. */
const shapeOf = (set: RuleSet): unknown =>
  set.tables.map(({ name, chains, remarks }) => [
    name,
    remarks,
    chains.map((chain) => ({
      ...chain,
      rules: chain.rules.map(({ packets, bytes, verbatim, remarks }) => ({
        packets,
        bytes,
        verbatim,
        remarks,
      })),
    })),
  ]);

function hostileFields(random: Random): RuleFields {
  const fields: RuleFields = {};
  const names = [
    'source',
    'destination',
    'sourcePort',
    'destinationPort',
    'inInterface',
    'outInterface',
  ] as const;
  for (const name of names) if (random.chance(0.3)) fields[name] = hostileValue(random);
  if (random.chance(0.6))
    fields.protocol = random.chance(0.7) ? random.pick(['tcp', 'udp']) : hostileValue(random);
  if (random.chance(0.3)) fields.states = Array.from({ length: random.below(3) }, () => hostileValue(random));
  if (random.chance(0.3)) fields.comment = hostileValue(random);
  if (random.chance(0.7)) fields.target = random.chance(0.5) ? 'ACCEPT' : hostileValue(random);
  if (random.chance(0.2)) fields.rejectWith = hostileValue(random);
  return fields;
}

/** Matches that a form can make. */
const formMatches = ['tcp', 'udp', 'multiport', 'conntrack', 'comment'];

function tryFields(fields: RuleFields): number {
  let taken = 0;
  for (const family of ['ipv4', 'ipv6'] as const) {
    const findings = validateFields(fields, { table: 'filter', chain: 'INPUT' }, family);
    const rule = orRefused(() => ruleFromFields(fields, family));
    if (!rule) {
      demand(findings.length > 0, 'a form that is refused is said to be right', fields);
      continue;
    }
    taken = 1;
    checkRule(rule, family);
    demand(
      (rule.target?.name ?? '') === (fields.target?.trim() ?? ''),
      'another target than asked for',
      rule,
    );
    const names = rule.matches.map((match) => match.name);
    demand(
      names.every((name) => formMatches.includes(name)),
      'a match that no field stands for',
      names,
    );
  }
  return taken;
}
