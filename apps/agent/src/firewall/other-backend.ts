import { findProgram } from '../process/find.ts';
import { runProgram } from '../process/start.ts';
import { hasLegacyTables } from './legacy-tables.ts';
import { type Iptables, prefixes } from './tools.ts';

const limits = { timeoutMs: 5_000, maxBytes: 1024 * 1024 };

/** Whether a dump holds a rule or a policy of DROP; an empty table does nothing. */
function filters(dump: string): boolean {
  return /^-A |^:\S+ DROP /m.test(dump);
}

/** What that program is called where it is installed. */
export function otherSaveName({ family, version }: Iptables): string {
  return `${prefixes[family]}-${version.backend === 'legacy' ? 'nft' : 'legacy'}-save`;
}

/**
 * The program that dumps the back end which `iptables` does not speak to; null where there is none, or where that
 * back end has no tables.
 */
export function otherSave(iptables: Iptables): string | null {
  if (!mayHoldRules(iptables)) return null;
  return findProgram(otherSaveName(iptables));
}

/** Without tables of legacy there is nothing to list, and to run its program would load them. */
export function mayHoldRules({ family, version }: Iptables): boolean {
  return version.backend === 'legacy' || hasLegacyTables(family);
}

/**
 * Whether the back end that `iptables` does not speak to holds rules: a packet must pass both
 * (reference/iptables.md section 4.2). Legacy tables that no program here can list count as rules, to be on the
 * safe side.
 */
export async function otherBackendHoldsRules(iptables: Iptables): Promise<boolean> {
  const program = otherSave(iptables);
  if (program) {
    const { exitCode, stdout } = await runProgram(program, [], limits);
    if (exitCode === 0) return filters(stdout);
  }
  return iptables.version.backend === 'nf_tables' && hasLegacyTables(iptables.family);
}
