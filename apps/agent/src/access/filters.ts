import { type EvaluateOptions, parseSave, type RuleSet } from '@moru/netfilter';
import type { AccessCause, HostInterface } from '@moru/types';
import { otherSave } from '../firewall/other-backend.ts';
import type { Iptables } from '../firewall/tools.ts';
import { runProgram } from '../process/start.ts';

type BackendName = 'legacy' | 'nf_tables';

/** One back end's rules of a family, as they run and as they are wanted. */
export interface Filter {
  backend: BackendName;
  now: RuleSet;
  draft: RuleSet;
  evaluate: EvaluateOptions;
}

/** Everything that filters packets of a family; `cause`: something does that cannot be judged. */
export interface FamilyFilters {
  filters: Filter[];
  cause: AccessCause | null;
}

/** Rules of the back end that `iptables` does not speak to; null where it has none. */
export type OtherRules = RuleSet | 'unreadable' | null;

const limits = { timeoutMs: 5_000, maxBytes: 4 * 1024 * 1024 };

/**
 * The rules of the back end that changes, beside those of the other one, which stay: a packet has to pass both
 * (reference/iptables.md section 4.2).
 */
export function familyFilters(
  { family, version: { backend } }: Iptables,
  { now, draft }: { now: RuleSet; draft: RuleSet },
  interfaces: readonly HostInterface[],
  other: OtherRules,
): FamilyFilters {
  const local = interfaces.flatMap(({ addresses }) =>
    addresses.filter((each) => each.family === family).map(({ address }) => address),
  );
  const optionsOf = (name: BackendName): EvaluateOptions => ({
    backend: name === 'legacy' ? 'legacy' : 'nft',
    addresses: { local },
  });
  const filters: Filter[] = [{ backend, now, draft, evaluate: optionsOf(backend) }];
  if (other === 'unreadable') return { filters, cause: 'unreadable' };
  if (other) {
    const name = backend === 'legacy' ? 'nf_tables' : 'legacy';
    filters.push({ backend: name, now: other, draft: other, evaluate: optionsOf(name) });
  }
  return { filters, cause: null };
}

/** Reads the rules of the other back end as they run. */
export async function readOtherRules(iptables: Iptables): Promise<OtherRules> {
  const program = otherSave(iptables);
  if (!program) return null;
  const { exitCode, stdout, truncated } = await runProgram(program, [], limits);
  if (exitCode !== 0 || truncated || /^# Table .* is incompatible/m.test(stdout)) return 'unreadable';
  try {
    return parseSave(stdout, { family: iptables.family, unreadable: 'keep' });
  } catch {
    return 'unreadable';
  }
}
