import { type GenerationList, type GenerationRules, type RestoreDraft, trialPaths } from '@moru/types';
import { z } from 'zod';
import type { Route } from '../http/router.ts';
import { createGate } from '../process/gate.ts';
import type { TrialHost } from '../trial/host.ts';
import { listWithSizes, readDetail } from './detail.ts';
import { restoreDraft } from './restore.ts';

const noQuerySchema = z.strictObject({});
const numberSchema = z.strictObject({ number: z.coerce.number().int().min(1) });

/** What the host keeps of its confirmed rules. Going back to one is a trial with its rules. */
export function generationRoutes(host: TrialHost): Route[] {
  const { stateFolder } = host.config;
  // each reads whole rule sets
  const reading = createGate(1, 8);
  return [
    {
      method: 'GET',
      path: trialPaths.generations,
      large: reading,
      handle: async ({ query }): Promise<GenerationList> => {
        noQuerySchema.parse(query);
        return listWithSizes(stateFolder);
      },
    },
    {
      method: 'GET',
      path: trialPaths.generation,
      large: reading,
      handle: async ({ params, query }): Promise<GenerationRules> => {
        noQuerySchema.parse(query);
        return readDetail(stateFolder, numberSchema.parse(params).number);
      },
    },
    {
      method: 'GET',
      path: trialPaths.restore,
      large: reading,
      handle: async ({ params, query }): Promise<RestoreDraft> => {
        noQuerySchema.parse(query);
        return restoreDraft(host, numberSchema.parse(params).number);
      },
    },
  ];
}
