import {
  apiPaths,
  filterFor,
  firewallTraits,
  type Instance,
  type InstanceFacets,
  type InstanceFilter,
  type InstanceList,
  type InstanceListQuery,
  type InstanceProperty,
  instanceProperties,
  searchTextOf,
} from '@moru/types';
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { get } from '../http/client.ts';
import { showRow } from '../http/known-row.ts';
import { isKeyOf, pageOf, severalOf, textOf } from '../http/list-search.ts';
import { shareRows } from '../http/row-sharing.ts';

/** Rows of one window of the list, by choice; the first fits a screen twice: paging is rare and painting cheap. */
export const pageSizes = [50, 20, 100, 200] as const;
export type PageSize = (typeof pageSizes)[number];
export const usualSize = pageSizes[0];

// while an address is on its way, the row must follow within a second
const pendingMs = 1_000;
const calmMs = 10_000;

export type InstanceSort = NonNullable<InstanceListQuery['sort']>;
const sorts: Record<InstanceSort, true> = {
  name: true,
  status: true,
  flavor: true,
  image: true,
  availabilityZone: true,
  subnet: true,
  privateIp: true,
  publicIp: true,
  keyName: true,
  hostname: true,
  createdAt: true,
  id: true,
};

/** Of properties whose values are the console's own; the cloud may have whatever it likes of the others. */
const known: Partial<Record<InstanceProperty, readonly string[]>> = {
  firewall: firewallTraits,
  publicIp: ['with', 'without'],
};

/** The list's state in its address; what is not understood is left out. */
export interface InstanceListSearch extends InstanceFilter {
  q?: string;
  sort?: InstanceSort;
  direction?: 'asc' | 'desc';
  /** from 2; the first page has no number */
  page?: number;
  /** rows of a page; absent: the usual number */
  size?: PageSize;
}

export function instanceListSearch(search: Record<string, unknown>): InstanceListSearch {
  const size = pageSizes.find((one) => one !== usualSize && one === Number(search.size));
  return {
    ...textOf(search.q),
    ...propertiesOf(search),
    ...(isKeyOf(sorts, search.sort) ? { sort: search.sort } : {}),
    ...(search.direction === 'desc' ? { direction: 'desc' as const } : {}),
    ...(size ? { size } : {}),
    ...pageOf(search.page),
  };
}

/** The properties that an address or a search names, and nothing else of it. */
export function propertiesOf(search: { [Property in InstanceProperty]?: unknown }): InstanceFilter {
  const named = instanceProperties.map((property) => {
    const values = severalOf(search[property]);
    return [property, values.filter((value) => known[property]?.includes(value) ?? true)] as const;
  });
  return Object.fromEntries(named.filter(([, values]) => values.length > 0));
}

export function hasPendingPublicIp(instance: Pick<Instance, 'networkInterfaces'>): boolean {
  return instance.networkInterfaces.some((nic) => nic.publicIp?.status === 'attaching');
}

/** Something of this row is about to change by itself. */
function isUnsettled(instance: Instance): boolean {
  return hasPendingPublicIp(instance) || instance.task !== null || instance.firewall.agent === 'unread';
}

/** Which instances are meant and in what order, for the list and the file alike. */
export function filterOf(search: InstanceListSearch) {
  const { sort = 'name', direction = 'asc' } = search;
  return { sort, direction, ...wantedOf(search) };
}

function wantedOf({ q, ...search }: InstanceListSearch) {
  return { ...(q?.trim() ? { q: q.trim() } : {}), ...propertiesOf(search) };
}

export function instancesQuery(search: InstanceListSearch) {
  const { page = 1, size = usualSize } = search;
  const params = { ...filterOf(search), limit: size, offset: (page - 1) * size };
  return queryOptions({
    queryKey: ['instances', params],
    queryFn: ({ signal }) => get<InstanceList>(apiPaths.instances, params, signal),
    placeholderData: (before) => before && atHand(before, params),
    // with `select`, an answer is compared with what was shown until then, and not with the same query's last one alone
    select: itself,
    structuralSharing: (before, after) =>
      shareRows('instances', before as InstanceList | undefined, after as InstanceList),
    refetchInterval: (query) => (query.state.data?.instances.some(isUnsettled) ? pendingMs : calmMs),
  });
}

const itself = (list: InstanceList) => list;

/**
 * Until the answer is there: of a list that stands whole, the rows that the filter leaves. Of a longer one they would be
 * a few that happen to be at hand: it stands as it is until the server has looked.
 */
function atHand(before: InstanceList, filter: InstanceFilter & { q?: string }): InstanceList {
  const needle = filter.q?.toLowerCase() ?? '';
  const passes = filterFor<Instance>(filter, (row) => row.firewall);
  if (before.page.total > before.instances.length || (needle === '' && !passes)) return before;
  return {
    ...before,
    instances: before.instances.filter(
      (row) => searchTextOf(row).includes(needle) && (!passes || passes(row)),
    ),
  };
}

/** The values of each property, with how many instances each would leave of those that the rest of the filter does. */
export function facetsQuery(search: InstanceListSearch) {
  const params = wantedOf(search);
  return queryOptions({
    queryKey: ['instances', 'facets', params],
    queryFn: ({ signal }) => get<InstanceFacets>(apiPaths.instanceFacets, params, signal),
    placeholderData: keepPreviousData,
    refetchInterval: calmMs,
  });
}

export function instanceQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['instance', instanceId],
    queryFn: ({ signal }) => get<Instance>(apiPaths.instance(instanceId), undefined, signal),
    refetchInterval: (query) => (query.state.data && isUnsettled(query.state.data) ? pendingMs : calmMs),
  });
}

/** Shows an instance as it is known to be by now wherever it stands, before anything is read again; null: it is gone. */
export function showInstance(
  queries: QueryClient,
  instanceId: string,
  change: (before: Instance) => Instance | null,
): void {
  showRow(queries, ['instances'], 'instances', instanceId, change);
  queries.setQueryData(
    instanceQuery(instanceId).queryKey,
    (before) => (before && change(before)) ?? undefined,
  );
}
