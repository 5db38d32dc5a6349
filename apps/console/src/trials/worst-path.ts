import type { AccessPath, AccessReport, ChangeChecked } from '@moru/types';

const rank = { lost: 3, unknown: 2, kept: 1, none: 0 };

export const worstFirst = (a: AccessPath, b: AccessPath) => rank[b.draft.state] - rank[a.draft.state];

/** The administrator's own SSH could be judged: it is known from where it comes. */
export const knowsAdministrator = (access: AccessReport | null): boolean =>
  access?.paths.some(({ path }) => path === 'administratorSsh') ?? false;

/**
 * SSH from the console, where the change may take it and nothing is known of the administrator's own: nobody then says
 * that SSH is still open for anybody. One of several ports is enough, and what was shut already is not lost.
 */
export function standInPaths(access: AccessReport | null): AccessPath[] {
  const paths = access?.paths.filter(({ path }) => path === 'consoleSsh') ?? [];
  if (knowsAdministrator(access)) return [];
  return paths.filter(
    ({ peer, now, draft }) =>
      now.state !== 'lost' &&
      (draft.state === 'lost' || draft.state === 'unknown') &&
      !paths.some((other) => other.peer === peer && other.draft.state === 'kept'),
  );
}

/** The way in that fares worst under the change, of those that must stay. */
export function worstPath({ access }: Pick<ChangeChecked, 'access'>): AccessPath | null {
  const control = access?.paths.filter((path) => path.control) ?? [];
  return [...control, ...standInPaths(access)].toSorted(worstFirst)[0] ?? null;
}
