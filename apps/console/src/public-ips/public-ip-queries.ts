import {
  apiPaths,
  type ConnectPublicIp,
  type ConnectPublicIpResult,
  type CreatePublicIp,
  type DescribePublicIp,
  type DisconnectPublicIp,
  type DisconnectPublicIpResult,
  type PublicIp,
  type PublicIpList,
  type PublicIpListQuery,
} from '@moru/types';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Attempt } from '../http/attempt.ts';
import { create, get, put, remove } from '../http/client.ts';
import { pageOf, textOf } from '../http/list-search.ts';

export const pageSize = 50;
const most = 200;

export interface PublicIpListSearch {
  q?: string;
  /** only those that are connected to nothing */
  idle?: true;
  /** from 2; the first page has no number */
  page?: number;
}

export function publicIpListSearch(search: Record<string, unknown>): PublicIpListSearch {
  const idle = String(search.idle) === 'true' ? { idle: true as const } : {};
  return { ...textOf(search.q), ...idle, ...pageOf(search.page) };
}

/** One window of the addresses that `q` finds; without a page, as many as the server gives at once. */
export function publicIpsQuery({ q, idle, page }: PublicIpListSearch, whole = false) {
  const limit = whole ? most : pageSize;
  const params: PublicIpListQuery = {
    ...(q?.trim() ? { q: q.trim() } : {}),
    ...(idle ? { idle } : {}),
    limit,
    offset: ((page ?? 1) - 1) * limit,
  };
  return queryOptions({
    queryKey: ['public-ips', params],
    queryFn: ({ signal }) => get<PublicIpList>(apiPaths.publicIps, params, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.publicIps.some((ip) => ip.status === 'attaching') ? 1_000 : 10_000,
  });
}

/** Held by the project and connected to nothing. */
export function isIdle(ip: PublicIp): boolean {
  return ip.attachedTo === null;
}

export function createPublicIp(wanted: CreatePublicIp, attempt: Attempt): Promise<PublicIp> {
  return create(apiPaths.publicIps, wanted, attempt);
}

export function describePublicIp(publicIpId: string, change: DescribePublicIp): Promise<void> {
  return put(apiPaths.publicIp(publicIpId), change);
}

export function connectPublicIp(
  instanceId: string,
  nicId: string,
  choice: ConnectPublicIp,
  attempt: Attempt,
): Promise<ConnectPublicIpResult> {
  return create(apiPaths.interfacePublicIp(instanceId, nicId), choice, attempt);
}

export function disconnectPublicIp(
  instanceId: string,
  nicId: string,
  choice: DisconnectPublicIp,
): Promise<DisconnectPublicIpResult> {
  return remove(apiPaths.interfacePublicIp(instanceId, nicId), choice);
}
