import { asInstalled } from '../dialects/installed.ts';
import { listedPart } from '../dialects/listed.ts';
import { listedProtocol } from '../dialects/protocol-names.ts';
import { targetCatalog } from '../extensions/catalog.ts';
import type { Chain, Family, Negatable, Rule, RuleSet, Table, Target } from '../model.ts';
import { listAddress } from '../values/address.ts';
import { type Dialect, defaultDialect, within } from './dialect.ts';

const kilo = 1000n;
const u64 = 0xffff_ffff_ffff_ffffn;

/**
 * A counter as the `-v` views abbreviate it: plain to 99999, then K, M, G, T in steps of 1,000, each rounded on
 * the last. Wraps at 2^64 as the tool does, so 2^64-1 is `0K` (reference/iptables.md section 1, Counters).
 */
export function abbreviateCounter(value: bigint): string {
  if (value <= 99_999n) return String(value);
  let number = value;
  for (const unit of ['K', 'M', 'G']) {
    number = ((number + 500n) & u64) / kilo;
    if (number <= 9_999n) return `${number}${unit}`;
  }
  return `${(number + 500n) / kilo}T`;
}

export interface ListingOptions {
  /** the version whose table to print; default 1.8.9 legacy */
  dialect?: Dialect;
}

/** What every line of one listing is printed with. */
interface Style {
  dialect: Dialect;
  family: Family;
}

/**
 * The text of `iptables -nL --line-numbers --verbose` for one table (default filter) once that version has loaded the
 * set; empty when the set does not hold the table. 1.8.9 shows protocols as numbers, others as names.
 */
export function printListing(set: RuleSet, tableName = 'filter', options: ListingOptions = {}): string {
  const table = set.tables.find((candidate) => candidate.name === tableName);
  if (!table) return '';
  const style: Style = { dialect: options.dialect ?? defaultDialect, family: set.family };
  const references = countReferences(table);
  return table.chains.map((chain) => listChain(chain, references.get(chain.name) ?? 0, style)).join('\n');
}

function countReferences(table: Table): Map<string, number> {
  const references = new Map<string, number>();
  for (const chain of table.chains) {
    for (const rule of chain.rules) {
      if (rule.target?.kind !== 'chain') continue;
      references.set(rule.target.name, (references.get(rule.target.name) ?? 0) + 1);
    }
  }
  return references;
}

const columns =
  'num   pkts bytes target     prot opt in     out     source               destination         \n';

function listChain(chain: Chain, references: number, style: Style): string {
  const head =
    chain.policy === null
      ? `${references} references`
      : `policy ${chain.policy} ${headCounter(chain.packets)} packets, ${headCounter(chain.bytes)} bytes`;
  let out = `Chain ${chain.name} (${head})\n${columns}`;
  for (const [index, rule] of chain.rules.entries()) out += listRule(rule, index + 1, style);
  return out;
}

const headCounter = abbreviateCounter;

/** Right-aligned to five places, the unit letter counted. */
const counter = (value: bigint): string => abbreviateCounter(value).padStart(5);

function listRule(rule: Rule, number: number, { dialect, family }: Style): string {
  const everywhere = family === 'ipv6' ? '::/0' : '0.0.0.0/0';
  const head = `${String(number).padEnd(4)} ${counter(rule.packets)} ${counter(rule.bytes)} `;
  if (rule.verbatim !== null) return `${head}${rule.verbatim}\n`;
  const held = asInstalled(rule, dialect).rule;
  const { target, protocol } = held;
  let out = `${head}${listedTarget(target).padEnd(9)} `;
  out += `${protocol?.negated ? '!' : ' '}${listedProtocol(protocol?.value ?? 0, dialect)}`;
  out += `${listFragment(held.fragment, family, dialect)} `;
  out += ` ${listInterface(held.inInterface)} ${listInterface(held.outInterface)} `;
  out += `${listNetwork(held.source, everywhere)} ${listNetwork(held.destination, everywhere)} `;
  if (target?.kind === 'chain' && target.goto) out += '[goto] ';
  for (const match of held.matches) out += listedPart('match', match, dialect);
  if (target) out += listedPart('target', target, dialect);
  return `${out}\n`;
}

/** The `opt` column. There are no fragments to choose in IPv6, where 1.8.7 and before leave it empty. */
function listFragment(fragment: boolean | null, family: Family, dialect: Dialect): string {
  if (family === 'ipv6' && within(dialect, { before: '1.8.9' })) return '  ';
  return `${fragment === false ? '!' : '-'}${fragment === null ? '-' : 'f'}`;
}

function listedTarget(target: Target | null): string {
  if (target?.kind !== 'extension' || !target.modelled) return target?.name ?? '';
  return targetCatalog.get(target.name)?.listedName ?? target.name;
}

function listInterface(value: Negatable<string> | null): string {
  return `${value?.negated ? '!' : ''}${value?.value ?? '*'}`.padEnd(6);
}

function listNetwork(value: Negatable<string> | null, everywhere: string): string {
  const text = value ? listAddress(value.value) : everywhere;
  return `${value?.negated ? '!' : ' '}${text.padEnd(19)}`;
}
