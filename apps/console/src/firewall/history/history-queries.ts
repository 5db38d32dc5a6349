import { apiPaths, type GenerationList, type GenerationRules, type RestoreDraft } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../../http/client.ts';

export function generationsQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['generations', instanceId],
    queryFn: ({ signal }) => get<GenerationList>(apiPaths.generations(instanceId), undefined, signal),
  });
}

export function generationQuery(instanceId: string, number: number) {
  return queryOptions({
    queryKey: ['generation', instanceId, number],
    queryFn: ({ signal }) =>
      get<GenerationRules>(apiPaths.generation(instanceId, String(number)), undefined, signal),
    // which one is before it changes as old ones go
    staleTime: 60_000,
  });
}

export const readRestore = (instanceId: string, number: number) =>
  get<RestoreDraft>(apiPaths.generationRestore(instanceId, String(number)));
