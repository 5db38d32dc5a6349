import type { FirewallOutputKind, TableName } from '@moru/types';
import { isKeyOf, textOf } from '../http/list-search.ts';

const tables: Record<TableName, true> = { filter: true, nat: true, mangle: true, raw: true, security: true };
const kinds: Record<FirewallOutputKind, true> = {
  list: true,
  rules: true,
  version: true,
  save: true,
  file: true,
  other: true,
};

/** Which chain is shown, and how. */
export interface FirewallSearch {
  /** the host's other rules */
  family?: 'ipv6';
  table?: TableName;
  chain?: string;
  /** the table as text instead of the grid */
  mode?: 'text';
  /** the columns of `iptables -nL --line-numbers --verbose` instead of sentences */
  columns?: 'iptables';
  q?: string;
  /** number of the rule that the inspector shows */
  rule?: number;
}

export function firewallSearch(search: Record<string, unknown>): FirewallSearch {
  const rule = Number(search.rule);
  return {
    ...(search.family === 'ipv6' ? { family: 'ipv6' as const } : {}),
    ...(isKeyOf(tables, search.table) ? { table: search.table } : {}),
    ...(typeof search.chain === 'string' ? { chain: search.chain } : {}),
    ...(search.columns === 'iptables' ? { columns: 'iptables' as const } : {}),
    ...(search.mode === 'text' ? { mode: 'text' as const } : {}),
    ...textOf(search.q),
    ...(Number.isInteger(rule) && rule > 0 ? { rule } : {}),
  };
}

/** The views in the order of the guide's chapter. */
export const outputKinds: readonly FirewallOutputKind[] = [
  'version',
  'list',
  'rules',
  'save',
  'file',
  // of our own, and only where there is something to see
  'other',
];

export function outputSearch(search: Record<string, unknown>): { kind?: FirewallOutputKind } {
  return isKeyOf(kinds, search.kind) ? { kind: search.kind } : {};
}

/** Number of the generation that is shown; none is the newest. */
export function historySearch(search: Record<string, unknown>): { generation?: number } {
  const generation = Number(search.generation);
  return Number.isInteger(generation) && generation > 0 ? { generation } : {};
}

/** The trial whose course and end are shown. */
export function reviewSearch(search: Record<string, unknown>): { trial?: string } {
  return typeof search.trial === 'string' && /^[\w-]{1,64}$/.test(search.trial)
    ? { trial: search.trial }
    : {};
}
