import { apiPaths, type DraftSave, type DraftSaved, type Drafts, type OwnDraft } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get, put } from '../../http/client.ts';

// how long somebody else's draft, or one's own in another window, may stay unseen
const lookMs = 5_000;

/** Who has a draft of a host, and what is switched off there. */
export function draftsQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['drafts', instanceId],
    queryFn: ({ signal }) => get<Drafts>(apiPaths.drafts(instanceId), undefined, signal),
    refetchInterval: lookMs,
  });
}

export const readOwnDraft = (instanceId: string) => get<OwnDraft>(apiPaths.draft(instanceId));

export const saveOwnDraft = (instanceId: string, save: DraftSave) =>
  put<DraftSaved>(apiPaths.draft(instanceId), save);
