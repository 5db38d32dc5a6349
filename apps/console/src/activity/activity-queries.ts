import { type AuditList, type AuditQuery, type AuditRecord, type AuditVerdict, apiPaths } from '@moru/types';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from '../http/client.ts';
import { isKeyOf, pageOf, textOf } from '../http/list-search.ts';

export const pageSize = 50;

/** What the records are about: the beginnings of their actions. */
export const kinds = {
  publicIp: true,
  operation: true,
  instance: true,
  trial: true,
  rollout: true,
  firewall: true,
  sshguard: true,
  chain: true,
  host: true,
  authority: true,
  keyPair: true,
  apiToken: true,
  session: true,
  audit: true,
} as const;
export type Kind = keyof typeof kinds;

const phases = { intent: true, succeeded: true, failed: true, unknown: true, refused: true } as const;

/** The list's state in its address; what is not understood is left out. */
export interface ActivitySearch {
  q?: string;
  kind?: Kind;
  phase?: AuditRecord['phase'];
  /** id of what was acted upon */
  target?: string;
  /** days as the calendar of this browser has them, both included: `2026-03-01` */
  from?: string;
  to?: string;
  /** from 2; the first page has no number */
  page?: number;
  /** number of the record that is unfolded */
  open?: number;
}

export function activitySearch(search: Record<string, unknown>): ActivitySearch {
  const open = Number(search.open);
  return {
    ...textOf(search.q),
    ...(isKeyOf(kinds, search.kind) ? { kind: search.kind } : {}),
    ...(isKeyOf(phases, search.phase) ? { phase: search.phase } : {}),
    ...(typeof search.target === 'string' && search.target ? { target: search.target.slice(0, 300) } : {}),
    ...(isDay(search.from) ? { from: search.from } : {}),
    ...(isDay(search.to) ? { to: search.to } : {}),
    ...pageOf(search.page),
    ...(Number.isInteger(open) && open > 0 ? { open } : {}),
  };
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** The moment at which a day of this browser's calendar begins, `later` days after the one that is named. */
function beginningOf(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** The records that are meant, for the list and the file alike. */
export function auditQueryOf({ q, kind, phase, target, from, to }: ActivitySearch): AuditQuery {
  return {
    ...(q?.trim() ? { q: q.trim() } : {}),
    ...(kind ? { action: `${kind}.` } : {}),
    ...(phase ? { phase } : {}),
    ...(target ? { target } : {}),
    ...(from ? { from: beginningOf(from) } : {}),
    ...(to ? { to: beginningOf(to, 1) } : {}),
  };
}

export function activityQuery(search: ActivitySearch) {
  const { page = 1 } = search;
  const offset = (page - 1) * pageSize;
  const params = { ...auditQueryOf(search), outcomes: '1', limit: pageSize, offset };
  return queryOptions({
    queryKey: ['activity', params],
    queryFn: ({ signal }) => get<AuditList>(apiPaths.audit, params, signal),
    placeholderData: keepPreviousData,
    // only there does something new appear by itself
    refetchInterval: page === 1 ? 10_000 : false,
  });
}

/** What was intended and what came of it, oldest first; the records of one change. */
export function changeQuery(operationId: string) {
  return queryOptions({
    queryKey: ['activity', 'change', operationId],
    queryFn: async ({ signal }) => {
      const params = { operation: operationId, limit: 20 };
      const { records } = await get<AuditList>(apiPaths.audit, params, signal);
      return records.toReversed();
    },
    enabled: operationId !== '',
  });
}

/** Reads the whole log on the server: once for a visit is enough. */
export const verdictQuery = queryOptions({
  queryKey: ['activity', 'verdict'],
  queryFn: ({ signal }) => get<AuditVerdict>(apiPaths.auditVerdict, undefined, signal),
  staleTime: 60_000,
});
