import { readFile } from 'node:fs/promises';
import type { Family } from '@moru/types';
import { findProgram } from '../process/find.ts';
import { runProgram } from '../process/start.ts';
import type { Iptables } from './tools.ts';

const limits = { timeoutMs: 5_000, maxBytes: 1024 * 1024 };

const names: Record<Family, { prefix: string; legacyTables: string }> = {
  ipv4: { prefix: 'iptables', legacyTables: '/proc/net/ip_tables_names' },
  ipv6: { prefix: 'ip6tables', legacyTables: '/proc/net/ip6_tables_names' },
};

/** Whether a dump holds a rule or a policy of DROP; an empty table does nothing. */
function filters(dump: string): boolean {
  return /^-A |^:\S+ DROP /m.test(dump);
}

/** Whether the kernel has tables of legacy; the file is not there where it knows none. */
async function hasLegacyTables(family: Family): Promise<boolean> {
  const tables = await readFile(names[family].legacyTables, 'utf8').catch(() => '');
  return tables.trim() !== '';
}

/**
 * The program that dumps the back end which `iptables` does not speak to; null where there is none, or where that
 * back end has no tables.
 */
export async function otherSave({ family, version }: Iptables): Promise<string | null> {
  const { prefix } = names[family];
  if (version.backend === 'legacy') return findProgram(`${prefix}-nft-save`);
  return (await hasLegacyTables(family)) ? findProgram(`${prefix}-legacy-save`) : null;
}

/**
 * Whether the back end that `iptables` does not speak to holds rules: a packet must pass both
 * (reference/iptables.md section 4.2). Legacy tables that no program here can list count as rules, to be on the
 * safe side.
 */
export async function otherBackendHoldsRules(iptables: Iptables): Promise<boolean> {
  const program = await otherSave(iptables);
  if (program) {
    const { exitCode, stdout } = await runProgram(program, [], limits);
    if (exitCode === 0) return filters(stdout);
  }
  return iptables.version.backend === 'nf_tables' && (await hasLegacyTables(iptables.family));
}
