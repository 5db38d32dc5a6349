import type { ChangeChecked } from '@moru/types';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { checkChange, wantedOf } from '../check-queries.ts';
import type { DraftRules } from '../drafts/draft-rules.ts';
import type { Session } from '../drafts/session.ts';

export interface DraftCheck {
  /** of the draft as it stands, or of an earlier one while `isChecking` */
  answer: ChangeChecked | null;
  error: unknown;
  isChecking: boolean;
}

// the host reads its rules for each question: it is asked when the hand rests
const settleMs = 700;

// rules are told apart as objects: every edit makes a new one
const numbers = new WeakMap<DraftRules, number>();
let last = 0;

function numberOf(rules: DraftRules): number {
  const known = numbers.get(rules);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(rules, last);
  return last;
}

interface CheckOptions {
  /** where the administrator's SSH comes from; undefined: as the console sees this browser */
  administrator?: string | null | undefined;
  /** false where there is no host to ask */
  isWanted?: boolean;
}

/** What the host says of the draft: wrong rules, and who could still reach it. Nothing is changed. */
export function useDraftCheck(
  instanceId: string,
  { host, draft, clash }: Session,
  { administrator, isWanted = true }: CheckOptions = {},
): DraftCheck {
  const [settled, setSettled] = useState(draft.rules);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft.rules), settleMs);
    return () => clearTimeout(timer);
  }, [draft.rules]);
  const enabled = isWanted && draft.steps.length > 0 && clash === null && settled === draft.rules;
  const query = useQuery({
    queryKey: ['check', instanceId, host.state.revision, numberOf(settled), administrator ?? null],
    queryFn: () =>
      checkChange(instanceId, {
        ...wantedOf(host, settled),
        ...(administrator === undefined ? {} : { administrator }),
      }),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  // of a draft that changes nothing any more there is nothing to say
  const isEmpty = draft.steps.length === 0;
  return {
    answer: isEmpty ? null : (query.data ?? null),
    error: isEmpty ? null : query.error,
    isChecking: draft.steps.length > 0 && clash === null && (!enabled || query.isFetching),
  };
}
