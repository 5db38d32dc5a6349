import { type Bag, type Extension, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import type { Chain, Negatable, Rule, RuleSet, Table, Target } from '../model.ts';
import { listAddress } from '../values/address.ts';

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

/**
 * The text of `iptables -nL --line-numbers --verbose` of 1.8.9 legacy for one table (default filter); empty when
 * the set does not hold it. Protocols are numbers there; other versions print names.
 */
export function printListing(set: RuleSet, tableName = 'filter'): string {
  const table = set.tables.find((candidate) => candidate.name === tableName);
  if (!table) return '';
  const references = countReferences(table);
  return table.chains.map((chain) => listChain(chain, references.get(chain.name) ?? 0, set)).join('\n');
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

function listChain(chain: Chain, references: number, set: RuleSet): string {
  const head =
    chain.policy === null
      ? `${references} references`
      : `policy ${chain.policy} ${headCounter(chain.packets)} packets, ${headCounter(chain.bytes)} bytes`;
  let out = `Chain ${chain.name} (${head})\n${columns}`;
  for (const [index, rule] of chain.rules.entries()) out += listRule(rule, index + 1, set);
  return out;
}

const headCounter = abbreviateCounter;

/** Right-aligned to five places, the unit letter counted. */
const counter = (value: bigint): string => abbreviateCounter(value).padStart(5);

function listRule(rule: Rule, number: number, set: RuleSet): string {
  const everywhere = set.family === 'ipv6' ? '::/0' : '0.0.0.0/0';
  const head = `${String(number).padEnd(4)} ${counter(rule.packets)} ${counter(rule.bytes)} `;
  if (rule.verbatim !== null) return `${head}${rule.verbatim}\n`;
  const { target, protocol, fragment } = rule;
  let out = `${head}${listedTarget(target).padEnd(9)} `;
  out += `${protocol?.negated ? '!' : ' '}${String(protocol?.value ?? 0).padEnd(4)} `;
  out += `${fragment === false ? '!' : '-'}${fragment === null ? '-' : 'f'} `;
  out += ` ${listInterface(rule.inInterface)} ${listInterface(rule.outInterface)} `;
  out += `${listNetwork(rule.source, everywhere)} ${listNetwork(rule.destination, everywhere)} `;
  if (target?.kind === 'chain' && target.goto) out += '[goto] ';
  for (const match of rule.matches) {
    out += match.modelled
      ? listed(matchCatalog.get(match.name), match as unknown as Bag)
      : ` ${match.name} ${match.text}`;
  }
  if (target?.kind === 'extension') {
    out += target.modelled
      ? listed(targetCatalog.get(target.name), target as unknown as Bag)
      : ` ${target.text}`;
  }
  return `${out}\n`;
}

function listedTarget(target: Target | null): string {
  if (target?.kind !== 'extension' || !target.modelled) return target?.name ?? '';
  return targetCatalog.get(target.name)?.listedName ?? target.name;
}

function listed(extension: Extension | undefined, values: Bag): string {
  const text = extension?.list(values) ?? '';
  return text === '' ? '' : ` ${text}`;
}

function listInterface(value: Negatable<string> | null): string {
  return `${value?.negated ? '!' : ''}${value?.value ?? '*'}`.padEnd(6);
}

function listNetwork(value: Negatable<string> | null, everywhere: string): string {
  const text = value ? listAddress(value.value) : everywhere;
  return `${value?.negated ? '!' : ' '}${text.padEnd(19)}`;
}
