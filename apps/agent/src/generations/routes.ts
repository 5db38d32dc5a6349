import { type GenerationList, type GenerationRules, trialPaths } from '@moru/types';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Route } from '../http/router.ts';
import { listWithSizes, readDetail } from './detail.ts';

const noQuerySchema = z.strictObject({});
const numberSchema = z.strictObject({ number: z.coerce.number().int().min(1) });

/** What the host keeps of its confirmed rules. Going back to one is a trial with its rules. */
export function generationRoutes({ stateFolder }: Config): Route[] {
  return [
    {
      method: 'GET',
      path: trialPaths.generations,
      handle: async ({ query }): Promise<GenerationList> => {
        noQuerySchema.parse(query);
        return listWithSizes(stateFolder);
      },
    },
    {
      method: 'GET',
      path: trialPaths.generation,
      handle: async ({ params, query }): Promise<GenerationRules> => {
        noQuerySchema.parse(query);
        return readDetail(stateFolder, numberSchema.parse(params).number);
      },
    },
  ];
}
