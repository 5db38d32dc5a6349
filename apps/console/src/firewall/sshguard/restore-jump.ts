import { chainOf, type DraftRules, textOf } from '../drafts/draft-rules.ts';
import type { PlannedEdit } from '../drafts/step.ts';

const place = { table: 'filter', chain: 'INPUT' } as const;
const jump = '-j sshguard';

/** What brings SSHGUARD's blocks to bear again: the jump first in INPUT, and its chain where that is gone as well. */
export function restoreJump(rules: DraftRules): PlannedEdit[] {
  const entries = chainOf(rules, 'filter', 'INPUT')?.entries ?? [];
  if (entries.some(({ rule, off }) => !off && textOf(rule) === jump)) return [];
  const first = entries[0]?.id ?? null;
  return [
    ...(chainOf(rules, 'filter', 'sshguard')
      ? []
      : [{ table: 'filter', chain: 'sshguard', type: 'newChain' } as const]),
    { ...place, type: 'insert', at: { side: 'after', id: null, other: first }, rules: [{ text: jump }] },
  ];
}
