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

/** Null where the program is not there or fails. */
async function dumpOf(name: string): Promise<string | null> {
  const program = await findProgram(name);
  if (!program) return null;
  const { exitCode, stdout } = await runProgram(program, [], limits);
  return exitCode === 0 ? stdout : null;
}

/**
 * Whether the back end that `iptables` does not speak to holds rules: a packet must pass both
 * (reference/iptables.md section 4.2). Legacy tables that no program here can list count as rules, to be on the
 * safe side.
 */
export async function otherBackendHoldsRules({ family, version }: Iptables): Promise<boolean> {
  const { prefix, legacyTables } = names[family];
  if (version.backend === 'legacy') {
    const dump = await dumpOf(`${prefix}-nft-save`);
    return dump !== null && filters(dump);
  }
  // the file is not there where the kernel has no legacy iptables
  const tables = await readFile(legacyTables, 'utf8').catch(() => '');
  if (tables.trim() === '') return false;
  const dump = await dumpOf(`${prefix}-legacy-save`);
  return dump === null || filters(dump);
}
