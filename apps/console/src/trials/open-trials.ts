import { apiPaths, type OpenTrials } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../http/client.ts';

// the BFF answers from its memory; a trial that somebody else begins is to be seen before its first minute is over
const runningMs = 3_000;
const restMs = 15_000;

/** Every trial of the project that is under way: for the band on each screen. */
export const openTrialsQuery = queryOptions({
  queryKey: ['trials'],
  queryFn: async ({ signal }) => (await get<OpenTrials>(apiPaths.trials, undefined, signal)).trials,
  refetchInterval: (query) => (query.state.data?.length ? runningMs : restMs),
});
