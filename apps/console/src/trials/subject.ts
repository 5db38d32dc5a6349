import type { TrialView } from '@moru/types';

/** What a trial changes: words and addresses of its pages follow it. A change of both stands with the rules. */
export type TrialSubject = 'rules' | 'routes';

/** `otherwise` while nobody knows yet whether the trial has begun. */
export function subjectOf(
  { trial }: Pick<TrialView, 'trial'>,
  otherwise: TrialSubject = 'rules',
): TrialSubject {
  if (!trial) return otherwise;
  const { revisions } = trial;
  return revisions.routes && !revisions.ipv4 && !revisions.ipv6 ? 'routes' : 'rules';
}
