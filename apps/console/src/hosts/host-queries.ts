import {
  type AuthorityView,
  apiPaths,
  type Host,
  type HostList,
  type HostState,
  type IssuedToken,
  type TokenRequest,
} from '@moru/types';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Attempt } from '../http/attempt.ts';
import { create, get, post, remove } from '../http/client.ts';
import { isKeyOf, pageOf, textOf } from '../http/list-search.ts';

export const pageSize = 50;

// a host that asks waits ten minutes at most, and somebody stands before it
const soonMs = 2_000;
const calmMs = 5_000;

export const states: Record<HostState, true> = {
  waiting: true,
  enrolled: true,
  notEnrolled: true,
  revoked: true,
  expired: true,
};

/** What stands over the list: enrolling a host, comparing its fingerprint, or ending its certificate. */
export type HostTask = 'enrol' | 'compare' | 'revoke';
const tasks: Record<HostTask, true> = { enrol: true, compare: true, revoke: true };

/** The list's state in its address; what is not understood is left out. */
export interface HostSearch {
  q?: string;
  state?: HostState;
  /** from 2; the first page has no number */
  page?: number;
  /** id of the instance whose host the dialog is about */
  host?: string;
  task?: HostTask;
}

export function hostSearch(search: Record<string, unknown>): HostSearch {
  const about = typeof search.host === 'string' && isKeyOf(tasks, search.task);
  return {
    ...textOf(search.q),
    ...(isKeyOf(states, search.state) ? { state: search.state } : {}),
    ...pageOf(search.page),
    ...(about ? { host: String(search.host).slice(0, 64), task: search.task as HostTask } : {}),
  };
}

export function hostsQuery({ q, state, page = 1 }: HostSearch) {
  const params = {
    ...(q?.trim() ? { q: q.trim() } : {}),
    ...(state ? { state } : {}),
    limit: pageSize,
    offset: (page - 1) * pageSize,
  };
  return queryOptions({
    queryKey: ['hosts', params],
    queryFn: ({ signal }) => get<HostList>(apiPaths.hosts, params, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data && data.counts.waiting > 0 ? soonMs : calmMs),
  });
}

export function hostQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['hosts', 'one', instanceId],
    queryFn: ({ signal }) => get<Host>(apiPaths.host(instanceId), undefined, signal),
    refetchInterval: soonMs,
  });
}

export const authorityQuery = queryOptions({
  queryKey: ['hosts', 'authority'],
  queryFn: ({ signal }) => get<AuthorityView>(apiPaths.authority, undefined, signal),
});

export function makeToken(instanceId: string, wish: TokenRequest, attempt: Attempt): Promise<IssuedToken> {
  return create(apiPaths.hostTokens(instanceId), wish, attempt);
}

export function endToken(instanceId: string, tokenId: string): Promise<void> {
  return remove(apiPaths.hostToken(instanceId, tokenId));
}

/** The decision is about the key with this fingerprint and no other. */
export function approveHost(instanceId: string, fingerprint: string): Promise<Host> {
  return post(apiPaths.hostApproval(instanceId), { fingerprint });
}

export function refuseHost(instanceId: string, fingerprint: string): Promise<void> {
  return post(apiPaths.hostRefusal(instanceId), { fingerprint });
}

export function revokeHost(instanceId: string): Promise<void> {
  return post(apiPaths.hostRevocation(instanceId), {});
}
