import type { FirewallState } from '@moru/types';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readAnew } from '../../http/read-anew.ts';
import { subjectOf } from '../../trials/subject.ts';
import { currentTrialQuery, isRunning, trialQuery } from '../../trials/trial-queries.ts';
import type { DraftActions } from '../editor.tsx';
import { firewallQuery } from '../firewall-queries.ts';
import { generationsQuery } from '../history/history-queries.ts';
import { draftsQuery } from './draft-queries.ts';
import { starting } from './session.ts';

// longer than a start may take at the BFF
const neverBegunMs = 60_000;

/**
 * Keeps the draft apart from what it is tried as. While this user's trial runs the host holds the draft's rules, which
 * are no news; once it is decided, and the host was read anew, the draft is done with or goes on.
 */
export function useTrialEnd(
  instanceId: string,
  trying: string | null,
  actions: Pick<DraftActions, 'setTrying' | 'ended'>,
): void {
  const queries = useQueryClient();
  const { data: view, dataUpdatedAt } = useQuery(currentTrialQuery(instanceId));
  // what is known of the end is newer than what was last heard of the course
  const seen = queries.getQueryData(trialQuery(instanceId, view?.trial?.id ?? '').queryKey);
  const mine = view?.mine === true && subjectOf(view) === 'rules';
  const running = mine && isRunning(view) && !(seen && !isRunning(seen));
  const runningId = running ? (view.trial?.id ?? null) : null;
  useEffect(() => {
    if (runningId !== null) actions.setTrying(runningId);
  }, [runningId, actions]);
  // a start whose answer was lost may never have reached the host
  const since = useRef(0);
  useEffect(() => {
    if (trying === starting) since.current = Date.now();
  }, [trying]);
  useEffect(() => {
    const none = trying === starting && view === null;
    if (none && dataUpdatedAt > since.current + neverBegunMs) actions.setTrying(null);
  }, [trying, view, dataUpdatedAt, actions]);
  const id = trying === starting ? null : trying;
  const ended = useQuery({ ...trialQuery(instanceId, id ?? ''), enabled: id !== null && !running });
  const state = ended.data?.trial?.state;
  useEffect(() => {
    if (id === null || (state !== 'confirmed' && state !== 'reverted')) return;
    queries.setQueryData(currentTrialQuery(instanceId).queryKey, null);
    // also when the page is left meanwhile: what is decided stays decided
    void readAnew(queries, firewallQuery(instanceId))
      .then((read: FirewallState) => {
        actions.ended(id, state === 'confirmed', read);
        void queries.invalidateQueries({ queryKey: draftsQuery(instanceId).queryKey });
      })
      .catch(() => {});
    void queries.invalidateQueries({ queryKey: ['instances'] });
    // the newest of the list that is known would pass for what the host has
    void queries.resetQueries({ queryKey: generationsQuery(instanceId).queryKey });
  }, [id, state, queries, instanceId, actions]);
}
