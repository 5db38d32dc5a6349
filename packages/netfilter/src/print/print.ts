import { type Bag, type Extension, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import type { Match, Negatable, Rule, RuleSet, Table, Target } from '../model.ts';
import { isAnyInterface } from '../values/interface-name.ts';
import { protocolName } from '../values/protocols.ts';
import { oneLine, plainWord } from '../values/quote.ts';

export interface PrintOptions {
  /** `[packets:bytes]` before every rule, as `iptables-save -c`; default false */
  counters?: boolean;
}

/**
 * The rule in save form without `-A CHAIN`, byte for byte what iptables 1.8.9 prints; empty for a rule that
 * tests and does nothing. Where the tool's own text would change the meaning on reload (`! -i +`, `! --dport :`:
 * reference/iptables.md section 0, fact 7) the condition is printed all the same, as 1.8.11 does.
 */
export function printRule(rule: Rule): string {
  return ruleWords(rule).slice(1);
}

/** As `printRule`, each word with a blank before it. */
function ruleWords(rule: Rule): string {
  if (rule.verbatim !== null) return ` ${oneLine(rule.verbatim)}`;
  let out = '';
  if (rule.source) out += printCore(' -s ', rule.source);
  if (rule.destination) out += printCore(' -d ', rule.destination);
  if (rule.inInterface) out += printInterface(' -i ', rule.inInterface);
  if (rule.outInterface) out += printInterface(' -o ', rule.outInterface);
  const protocol = rule.protocol;
  if (protocol) out += `${protocol.negated ? ' !' : ''} -p ${protocolName(protocol.value)}`;
  if (rule.fragment !== null) out += rule.fragment ? ' -f' : ' ! -f';
  for (const match of rule.matches) out += printMatch(match);
  return rule.target ? out + printTarget(rule.target) : out;
}

function printCore(option: string, value: Negatable<string>): string {
  return value.negated ? ` !${option}${value.value}` : option + value.value;
}

function printInterface(option: string, value: Negatable<string>): string {
  if (isAnyInterface(value)) return '';
  const name = plainWord(value.value);
  return value.negated ? ` !${option}${name}` : option + name;
}

/** ` -m NAME options`. */
function printMatch(match: Match): string {
  const head = ` -m ${match.name}`;
  if (!match.modelled) return match.text === '' ? head : `${head} ${oneLine(match.text)}`;
  const extension = matchCatalog.get(match.name);
  return extension ? head + printFields(extension, match as unknown as Bag) : head;
}

/** ` -j NAME options`, or ` -g CHAIN`. */
export function printTarget(target: Target): string {
  if (target.kind === 'chain') return (target.goto ? ' -g ' : ' -j ') + target.name;
  const head = ` -j ${target.name}`;
  if (target.kind === 'verdict') return head;
  if (!target.modelled) return target.text === '' ? head : `${head} ${oneLine(target.text)}`;
  const extension = targetCatalog.get(target.name);
  return extension ? head + printFields(extension, target as unknown as Bag) : head;
}

function printFields(extension: Extension, values: Bag): string {
  let out = '';
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
  let out = '';
  for (const table of set.tables) out += printTable(table, options);
  return out;
}

function printTable(table: Table, options: PrintOptions): string {
  let out = lines(table.remarks.before);
  out += `*${table.name}\n`;
  for (const chain of table.chains) {
    out += `:${chain.name} ${chain.policy ?? '-'} [${chain.packets}:${chain.bytes}]\n`;
  }
  for (const chain of table.chains) {
    const head = `-A ${chain.name}`;
    for (const rule of chain.rules) {
      if (rule.remarks) out += lines(rule.remarks);
      if (options.counters) out += `[${rule.packets}:${rule.bytes}] `;
      out += head;
      out += ruleWords(rule);
      out += '\n';
    }
  }
  return `${out}${lines(table.remarks.inside)}COMMIT\n${lines(table.remarks.after)}`;
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
