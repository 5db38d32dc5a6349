import { ProblemError } from '@moru/types';
import type { Database } from '../store/store.ts';

/** What a roll-out brings to a host, and what it found there. */
export interface RolloutRules {
  wanted: string;
  before: string;
}

export type RolloutRecords = ReturnType<typeof createRolloutRecords>;

/** The rules of roll-outs by the operation of each host. */
export function createRolloutRecords(db: Database) {
  return {
    async rulesOf(operationId: string): Promise<RolloutRules> {
      const found = db
        .selectFrom('rollout_rules')
        .select(['wanted', 'before'])
        .where('operation_id', '=', operationId);
      const rules = await found.executeTakeFirst();
      if (!rules) throw new ProblemError('rollout.notFound');
      return rules;
    },
  };
}
