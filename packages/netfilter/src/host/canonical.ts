import type { RuleSet } from '../model.ts';
import { ruleText } from '../print/print.ts';
import { foreignOwner, type OwnerOf } from './foreign.ts';

const tableOrder = ['raw', 'mangle', 'nat', 'filter', 'security'];

/**
 * The text that a revision is the hash of: policies and rules of the chains that we own, without counters and
 * comment lines. Chains of other programs are left out, jumps to them are kept. Independent of the order in
 * which a tool lists tables and user chains, and of tables that hold nothing: a table appears in a legacy dump
 * as soon as anybody has looked at it (reference/iptables.md section 1.2).
 */
export function canonicalText(set: RuleSet, ownerOf: OwnerOf = foreignOwner): string {
  let out = '';
  const tables = set.tables.toSorted((a, b) => tableOrder.indexOf(a.name) - tableOrder.indexOf(b.name));
  for (const table of tables) {
    const chains = table.chains
      .filter((chain) => ownerOf(chain.name) === null)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (chains.every((chain) => chain.rules.length === 0 && chain.policy === 'ACCEPT')) continue;
    out += `*${table.name}\n`;
    for (const chain of chains) out += `:${chain.name} ${chain.policy ?? '-'}\n`;
    for (const chain of chains) {
      for (const rule of chain.rules) {
        const words = ruleText(rule);
        out += words === '' ? `-A ${chain.name}\n` : `-A ${chain.name} ${words}\n`;
      }
    }
  }
  return `${set.family}\n${out}`;
}
