import { type Chain, foreignOwner, isBuiltIn, printRule, type RuleSet } from '@moru/netfilter';
import type { FirewallChain, FirewallState, TableName } from '@moru/types';
import { otherBackendHoldsRules } from './other-backend.ts';
import { complete, revisionOf } from './revision.ts';
import { type LiveRules, readRules } from './rules.ts';
import { readSaved } from './saved.ts';
import type { Iptables } from './tools.ts';

function chainOf(table: string, chain: Chain): FirewallChain {
  return {
    name: chain.name,
    builtIn: isBuiltIn(table, chain.name),
    policy: chain.policy,
    packets: String(chain.packets),
    bytes: String(chain.bytes),
    owner: foreignOwner(chain.name) === null ? 'moru' : 'foreign',
    rules: chain.rules.map((rule, index) => ({
      number: index + 1,
      text: printRule(rule),
      packets: String(rule.packets),
      bytes: String(rule.bytes),
    })),
  };
}

/** sshguard blocks by `-I sshguard -s ADDRESS -j DROP`; chain and jump are the administrator's (section 4.3). */
function sshguardOf(set: RuleSet): FirewallState['sshguard'] {
  const chains = set.tables.find((table) => table.name === 'filter')?.chains ?? [];
  const find = (name: string) => chains.find((chain) => chain.name === name);
  const guard = find('sshguard');
  return {
    chain: guard !== undefined,
    jump:
      find('INPUT')?.rules.some((rule) => rule.target?.kind === 'chain' && rule.target.name === 'sshguard') ??
      false,
    blocked: guard?.rules.filter((rule) => rule.target?.name === 'DROP').length ?? 0,
  };
}

/** What the firewall tab shows, from rules just read. */
export async function stateOf(
  iptables: Iptables,
  live: LiveRules,
  rulesFile: string,
): Promise<FirewallState> {
  const readAt = new Date().toISOString();
  const set = complete(live.set);
  const [saved, otherBackend] = await Promise.all([
    readSaved(rulesFile, iptables.family, set),
    otherBackendHoldsRules(iptables),
  ]);
  return {
    family: iptables.family,
    readAt,
    revision: revisionOf(set),
    iptables: iptables.version,
    tables: set.tables.map((table) => ({
      name: table.name as TableName,
      chains: table.chains.map((chain) => chainOf(table.name, chain)),
    })),
    saved,
    sshguard: sshguardOf(set),
    otherBackend,
  };
}

export async function readState(iptables: Iptables, rulesFile: string): Promise<FirewallState> {
  return stateOf(iptables, await readRules(iptables), rulesFile);
}
