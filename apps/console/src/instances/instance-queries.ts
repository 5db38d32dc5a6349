import {
  apiPaths,
  type Instance,
  type InstanceList,
  type InstanceListQuery,
  searchTextOf,
} from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../http/client.ts';
import { isKeyOf, pageOf, textOf } from '../http/list-search.ts';

/** Rows of one window of the list: what fits a screen twice, so that paging is rare and painting is cheap. */
export const pageSize = 50;

// while an address is on its way, the row must follow within a second
const pendingMs = 1_000;
const calmMs = 10_000;

export type InstanceSort = NonNullable<InstanceListQuery['sort']>;
const sorts: Record<InstanceSort, true> = {
  name: true,
  status: true,
  flavor: true,
  privateIp: true,
  publicIp: true,
  createdAt: true,
};

/** The list's state in its address; what is not understood is left out. */
export interface InstanceListSearch {
  q?: string;
  sort?: InstanceSort;
  direction?: 'asc' | 'desc';
  /** from 2; the first page has no number */
  page?: number;
}

export function instanceListSearch(search: Record<string, unknown>): InstanceListSearch {
  return {
    ...textOf(search.q),
    ...(isKeyOf(sorts, search.sort) ? { sort: search.sort } : {}),
    ...(search.direction === 'desc' ? { direction: 'desc' as const } : {}),
    ...pageOf(search.page),
  };
}

export function hasPendingPublicIp(instance: Pick<Instance, 'networkInterfaces'>): boolean {
  return instance.networkInterfaces.some((nic) => nic.publicIp?.status === 'attaching');
}

/** Something of this row is about to change by itself. */
function isUnsettled(instance: Instance): boolean {
  return hasPendingPublicIp(instance) || instance.task !== null || instance.firewall.agent === 'unread';
}

/** Which instances are meant and in what order, for the list and the file alike. */
export function filterOf({ q, sort = 'name', direction = 'asc' }: InstanceListSearch) {
  return { sort, direction, ...(q?.trim() ? { q: q.trim() } : {}) };
}

export function instancesQuery(search: InstanceListSearch) {
  const { page = 1 } = search;
  const params: InstanceListQuery = {
    ...filterOf(search),
    limit: pageSize,
    offset: (page - 1) * pageSize,
  };
  return queryOptions({
    queryKey: ['instances', params],
    queryFn: ({ signal }) => get<InstanceList>(apiPaths.instances, params, signal),
    placeholderData: (before) => before && atHand(before, params),
    refetchInterval: (query) => (query.state.data?.instances.some(isUnsettled) ? pendingMs : calmMs),
  });
}

/**
 * Until the answer is there: of the rows that stand, those that the filter leaves. To take the others away is most of
 * what is to be drawn, and goes on while the server looks for what belongs there beside them.
 */
function atHand(before: InstanceList, { q }: InstanceListQuery): InstanceList {
  const needle = q?.toLowerCase();
  if (!needle) return before;
  return { ...before, instances: before.instances.filter((row) => searchTextOf(row).includes(needle)) };
}

export function instanceQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['instance', instanceId],
    queryFn: ({ signal }) => get<Instance>(apiPaths.instance(instanceId), undefined, signal),
    refetchInterval: (query) => (query.state.data && isUnsettled(query.state.data) ? pendingMs : calmMs),
  });
}
