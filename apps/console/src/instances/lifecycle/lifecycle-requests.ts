import {
  apiPaths,
  type CreateInstance,
  type CreateInstanceResult,
  type Flavor,
  type Image,
  type KeyPair,
  type NetworkList,
  type Operation,
  type PowerOrder,
  type RebuildInstance,
  type UpdateInstance,
} from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import type { Attempt } from '../../http/attempt.ts';
import { create, get, post, put, remove } from '../../http/client.ts';

/** What is done to an instance and takes a while. */
export type Order = 'start' | 'stop' | 'hardReboot' | 'rebuild' | 'delete' | 'create';

const powerPaths = {
  start: apiPaths.instanceStart,
  stop: apiPaths.instanceStop,
  hardReboot: apiPaths.instanceHardReboot,
} as const satisfies Record<PowerOrder, unknown>;

export const lifecycle = {
  power: (order: PowerOrder, id: string) => post<void>(powerPaths[order](id), {}),
  rebuild: (id: string, body: RebuildInstance) => post<void>(apiPaths.instanceRebuild(id), body),
  remove: (id: string) => remove<void>(apiPaths.instance(id)),
  update: (id: string, body: UpdateInstance) => put<void>(apiPaths.instance(id), body),
  create: (body: CreateInstance, attempt: Attempt) =>
    create<CreateInstanceResult>(apiPaths.instances, body, attempt),
};

const stepMs = 500;
// each item is a few calls to the cloud; past this the operation goes on, and is found among the tasks
const longestMs = 60_000;

/** Follows an operation to its end; one that takes too long is resolved to as it runs. */
export async function endOf(begun: Operation): Promise<Operation> {
  let operation = begun;
  const until = Date.now() + longestMs;
  while (operation.state === 'running' && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, stepMs));
    operation = await get<Operation>(apiPaths.operation(operation.id));
  }
  return operation;
}

// what instances are made of changes with the cloud's offer, not with what is done here
const catalogueMs = 60_000;

export const imagesQuery = queryOptions({
  queryKey: ['images'],
  queryFn: async ({ signal }) => (await get<{ images: Image[] }>(apiPaths.images, undefined, signal)).images,
  staleTime: catalogueMs,
});

export const flavorsQuery = queryOptions({
  queryKey: ['flavors'],
  queryFn: async ({ signal }) =>
    (await get<{ flavors: Flavor[] }>(apiPaths.flavors, undefined, signal)).flavors,
  staleTime: catalogueMs,
});

export const networksQuery = queryOptions({
  queryKey: ['networks'],
  queryFn: ({ signal }) => get<NetworkList>(apiPaths.networks, undefined, signal),
  staleTime: catalogueMs,
});

export const keyPairsQuery = queryOptions({
  queryKey: ['key-pairs'],
  queryFn: async ({ signal }) =>
    (await get<{ keyPairs: KeyPair[] }>(apiPaths.keyPairs, undefined, signal)).keyPairs,
  staleTime: catalogueMs,
});
