import { type ActionLog, type AuditList, apiPaths } from '@moru/types';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from '../../http/client.ts';
import { isKeyOf, pageOf } from '../../http/list-search.ts';

export const pageSize = 50;

/** Whose log is shown: both laid together, ours alone, or the cloud's alone. */
export type HistorySource = 'all' | 'console' | 'cloud';
const sources: Record<HistorySource, true> = { all: true, console: true, cloud: true };

/** The tab's state in its address; what is not understood is left out. */
export interface InstanceHistorySearch {
  source?: HistorySource;
  /** from 2; the first page has no number */
  page?: number;
  /** number of our record that is unfolded */
  open?: number;
}

export function instanceHistorySearch(search: Record<string, unknown>): InstanceHistorySearch {
  const open = Number(search.open);
  return {
    ...(isKeyOf(sources, search.source) && search.source !== 'all' ? { source: search.source } : {}),
    ...pageOf(search.page),
    ...(Number.isInteger(open) && open > 0 ? { open } : {}),
  };
}

// what is done elsewhere appears on the first page by itself
const calmMs = 10_000;

/** One page of our records of the instance, and the first one of the next page. */
export function recordsQuery(instanceId: string, page: number) {
  const offset = (page - 1) * pageSize;
  const params = { target: instanceId, outcomes: '1', limit: pageSize + 1, offset };
  return queryOptions({
    queryKey: ['activity', 'instance', params],
    queryFn: async ({ signal }) => {
      const { records, page: window } = await get<AuditList>(apiPaths.audit, params, signal);
      return { records: records.slice(0, pageSize), next: records[pageSize] ?? null, total: window.total };
    },
    placeholderData: keepPreviousData,
    refetchInterval: page === 1 ? calmMs : false,
  });
}

/** The cloud's own log of the instance, whole. */
export function actionLogQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['action-log', instanceId],
    queryFn: ({ signal }) => get<ActionLog>(apiPaths.actionLog(instanceId), undefined, signal),
    refetchInterval: calmMs,
  });
}
