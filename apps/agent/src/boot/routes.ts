import { readFile } from 'node:fs/promises';
import { type BootState, type RestoreRecord, restoreRecordSchema, trialPaths } from '@moru/types';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Route } from '../http/router.ts';
import { findLoaders } from './loaders.ts';
import { restoreRecordPath } from './restore.ts';

const noQuerySchema = z.strictObject({});

/** The last `moru-agent restore`; null where there was none, or where its record is damaged. */
export async function readRestoreRecord(stateFolder: string): Promise<RestoreRecord | null> {
  try {
    return restoreRecordSchema.parse(JSON.parse(await readFile(restoreRecordPath(stateFolder), 'utf8')));
  } catch {
    return null;
  }
}

/** What loads rules at boot, and what the last boot loaded. */
export function bootRoute({ stateFolder }: Config): Route {
  return {
    method: 'GET',
    path: trialPaths.boot,
    handle: async ({ query }): Promise<BootState> => {
      noQuerySchema.parse(query);
      const [loaders, restored] = await Promise.all([findLoaders(), readRestoreRecord(stateFolder)]);
      return { loaders, restored };
    },
  };
}
