import { dialectWords } from '../dialects/print-rule.ts';
import { type Bag, type Extension, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import type { Match, Negatable, Rule, RuleSet, Table, Target } from '../model.ts';
import { isAnyInterface } from '../values/interface-name.ts';
import { protocolName } from '../values/protocols.ts';
import { oneLine, plainWord } from '../values/quote.ts';
import type { Dialect } from './dialect.ts';

export interface RulePrintOptions {
  /** the version whose words to use; default 1.8.9 legacy */
  dialect?: Dialect;
  /**
   * with `dialect`: exactly what that version's `iptables-save` prints once it holds the rule, also where this says less
   * than the rule (`dialectFindings` names those). To compare with a dump; never to load. Default false
   */
  lossy?: boolean;
}

export interface PrintOptions extends RulePrintOptions {
  /** `[packets:bytes]` before every rule, as `iptables-save -c`; default false */
  counters?: boolean;
}

/**
 * The rule in save form without `-A CHAIN`, byte for byte what iptables 1.8.9 prints; empty for a rule that
 * tests and does nothing. Where the tool's own text would change the meaning on reload (`! -i +`, `! --dport :`:
 * reference/iptables.md section 0, fact 7) the condition is printed all the same, as 1.8.11 does. With a `dialect`,
 * as that version prints it.
 */
export function printRule(rule: Rule): string;
export function printRule(rule: Rule, options: RulePrintOptions): string;
export function printRule(rule: Rule, options?: RulePrintOptions): string {
  return (options?.dialect ? dialectWords(rule, options.dialect, options) : ruleWords(rule)).slice(1);
}

const texts = new WeakMap<Rule, string>();

/**
 * As `printRule`, remembered for as long as the rule lives: for rules that are compared or printed again and again and
 * that nobody changes in place.
 */
export function ruleText(rule: Rule): string {
  let text = texts.get(rule);
  if (text === undefined) {
    text = printRule(rule);
    texts.set(rule, text);
  }
  return text;
}

/** The rule without remarks and with other counters. */
export function recounted(rule: Rule, packets: bigint, bytes: bigint): Rule {
  const copy: Rule = { ...rule, remarks: null, packets, bytes };
  const text = texts.get(rule);
  if (text !== undefined) texts.set(copy, text);
  return copy;
}

/** As `printRule`, each word with a blank before it, behind the text `before`. */
function ruleWords(rule: Rule, before = ''): string {
  const known = texts.get(rule);
  if (known !== undefined) return known === '' ? before : `${before} ${known}`;
  if (rule.verbatim !== null) return `${before} ${oneLine(rule.verbatim)}`;
  let out = before;
  if (rule.source) out = addCore(out, ' -s ', rule.source);
  if (rule.destination) out = addCore(out, ' -d ', rule.destination);
  if (rule.inInterface) out = addInterface(out, ' -i ', rule.inInterface);
  if (rule.outInterface) out = addInterface(out, ' -o ', rule.outInterface);
  const protocol = rule.protocol;
  if (protocol)
    out += protocol.negated ? ` !${protocolOption(protocol.value)}` : protocolOption(protocol.value);
  if (rule.fragment !== null) out += rule.fragment ? ' -f' : ' ! -f';
  for (const match of rule.matches) out = addMatch(out, match);
  return rule.target ? addTarget(out, rule.target) : out;
}

/** ` -p tcp` of each protocol. */
const protocolOptions: readonly string[] = Array.from({ length: 256 }, (_, i) => ` -p ${protocolName(i)}`);

const protocolOption = (number: number): string => protocolOptions[number] ?? ` -p ${number}`;

function addCore(out: string, option: string, value: Negatable<string>): string {
  return value.negated ? `${out} !${option}${value.value}` : out + (option + value.value);
}

function addInterface(out: string, option: string, value: Negatable<string>): string {
  if (isAnyInterface(value)) return out;
  const name = plainWord(value.value);
  return value.negated ? `${out} !${option}${name}` : out + (option + name);
}

/** ` -m NAME options`. */
export const printMatch = (match: Match): string => addMatch('', match);

function addMatch(out: string, match: Match): string {
  const extension = match.modelled ? matchCatalog.get(match.name) : undefined;
  if (extension) return addFields(out + extension.option, extension, match as unknown as Bag);
  const text = match.modelled || match.text === '' ? '' : ` ${oneLine(match.text)}`;
  return `${out} -m ${match.name}${text}`;
}

/** ` -j NAME options`, or ` -g CHAIN`. */
export const printTarget = (target: Target): string => addTarget('', target);

function addTarget(out: string, target: Target): string {
  if (target.kind === 'chain') return out + ((target.goto ? ' -g ' : ' -j ') + target.name);
  const extension =
    target.kind === 'extension' && target.modelled ? targetCatalog.get(target.name) : undefined;
  if (extension) return addFields(out + extension.option, extension, target as unknown as Bag);
  const text = target.modelled || target.text === '' ? '' : ` ${oneLine(target.text)}`;
  const words = ` -j ${target.name}${text}`;
  return out + words;
}

/** The options of a match or target, each with a blank before it. */
export const printFields = (extension: Extension, values: Bag): string => addFields('', extension, values);

/*
 * Texts are put together right to left where a few short ones make one that is still short: only then is it copied
 * at once, and the long one before it gets one node more instead of several.
 */
function addFields(before: string, extension: Extension, values: Bag): string {
  let out = before;
  for (const { key, prefix, field } of extension.fields) {
    const held = values[key];
    if (held === null) continue;
    let value: unknown = held;
    let option = prefix;
    if (field.negatable) {
      const negatable = held as Negatable<unknown>;
      value = negatable.value;
      if (!negatable.negated) {
        if (field.omit?.(value)) continue;
      } else if (field.opposite) option = ` ${field.opposite}`;
      else out += ' !';
    } else if (field.omit?.(value)) continue;
    if (field.named) option = ` ${field.named(value)}`;
    const text = field.codec.print(value);
    out += text === '' ? option : `${option} ${text}`;
  }
  return out;
}

/** The matches of a rule in save form, each with its `-m`, without those named. */
export function printMatches(rule: Rule, except: readonly string[] = []): string {
  return rule.matches
    .filter((match) => !except.includes(match.name))
    .map(printMatch)
    .join('')
    .slice(1);
}

/**
 * The whole rule set as `iptables-save` prints it. Chains are printed in the order they stand in (the tool has
 * built-in chains in hook order, then the others by name), rules grouped by chain.
 */
export function printSave(set: RuleSet, options: PrintOptions = {}): string {
  return set.tables.map((table) => printTable(table, options)).join('');
}

/**
 * Lines that are joined at a time. A text that grows by `+=` is a tree until somebody reads it, of which each rule
 * adds some twenty nodes that garbage collection has to carry along; joined lines are plain text.
 */
const linesAtOnce = 512;

function printTable(table: Table, options: PrintOptions): string {
  const parts: string[] = [lines(table.remarks.before), `*${table.name}\n`];
  for (const chain of table.chains) {
    parts.push(`:${chain.name} ${chain.policy ?? '-'} [${chain.packets}:${chain.bytes}]\n`);
  }
  let rows: string[] = [];
  const { dialect, counters } = options;
  for (const chain of table.chains) {
    const head = `-A ${chain.name}`;
    for (const rule of chain.rules) {
      for (const remark of rule.remarks ?? []) rows.push(remark);
      const before = counters ? `[${rule.packets}:${rule.bytes}] ${head}` : head;
      rows.push(dialect ? before + dialectWords(rule, dialect, options) : ruleWords(rule, before));
      if (rows.length < linesAtOnce) continue;
      rows.push('');
      parts.push(rows.join('\n'));
      rows = [];
    }
  }
  parts.push(lines(rows), lines(table.remarks.inside), 'COMMIT\n', lines(table.remarks.after));
  return parts.join('');
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
