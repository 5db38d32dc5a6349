import type { AccessPath, ChangeChecked } from '@moru/types';

const rank = { lost: 3, unknown: 2, kept: 1, none: 0 };

/** The control path that fares worst under the change. */
export function worstPath({ access }: Pick<ChangeChecked, 'access'>): AccessPath | null {
  const paths = access?.paths.filter(({ control }) => control) ?? [];
  return paths.toSorted((a, b) => rank[b.draft.state] - rank[a.draft.state])[0] ?? null;
}
