import type { Acknowledgement, NetworkRoute, RouteEdit } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { RequestError } from '../../http/request-error.ts';
import { currentTrialQuery, trialActions } from '../../trials/trial-queries.ts';
import { rememberDeleted } from '../deleted-here.ts';
import { routingQuery } from '../routing-queries.ts';

interface StartRoutes {
  revision: string;
  edits: RouteEdit[];
  keep: boolean;
  note: string;
  waitSeconds: number;
  administrator: string | null | undefined;
  acknowledged: Acknowledgement;
  /** what goes, to be put back later if wanted */
  deleted: readonly NetworkRoute[];
}

/** Tries the edits on the host. One key for one page: a start whose answer was lost is answered, never repeated. */
export function useStartRoutes(instanceId: string, wanted: StartRoutes) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const { revision, edits, keep, note, waitSeconds, administrator, acknowledged, deleted } = wanted;
  return useMutation({
    mutationFn: () =>
      trialActions.start(instanceId, {
        routes: { revision, edits, keep },
        ...(administrator === undefined ? {} : { administrator }),
        acknowledged,
        key,
        note,
        waitSeconds,
        save: false,
      }),
    onSuccess: (view) => {
      rememberDeleted(instanceId, deleted);
      queries.setQueryData(currentTrialQuery(instanceId).queryKey, view);
      void queries.invalidateQueries({ queryKey: ['trials'] });
      if (view.trial) {
        void navigate({
          to: '/instances/$instanceId/routing/review',
          params: { instanceId },
          search: { trial: view.trial.id },
          replace: true,
        });
      }
    },
    onError: (error) => {
      if (isUnknown(error)) {
        // the change itself may keep the answer away: the host's record is found by the key once it is back
        rememberDeleted(instanceId, deleted);
        void navigate({
          to: '/instances/$instanceId/routing/review',
          params: { instanceId },
          search: { trial: key },
          replace: true,
        });
      } else setKey(crypto.randomUUID());
      void queries.invalidateQueries({ queryKey: currentTrialQuery(instanceId).queryKey });
      void queries.invalidateQueries({ queryKey: routingQuery(instanceId).queryKey });
    },
  });
}

const isUnknown = (error: Error): boolean =>
  error instanceof RequestError && error.code === 'outcome.unknown';
