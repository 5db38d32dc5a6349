import {
  type CheckAnswer,
  type CurrentTrial,
  checkRequestSchema,
  confirmRequestSchema,
  extendRequestSchema,
  idempotencyKeySchema,
  revertRequestSchema,
  type Trial,
  type TrialStarted,
  trialLimits,
  trialPaths,
  trialRequestSchema,
} from '@moru/types';
import { z } from 'zod';
import type { Route } from '../http/router.ts';
import { log } from '../log.ts';
import { createGate } from '../process/gate.ts';
import { refillReady } from '../process/standby.ts';
import { checkChange } from './check.ts';
import type { TrialHost } from './host.ts';
import type { Trials } from './trials.ts';

const noQuerySchema = z.strictObject({});
const idSchema = z.strictObject({ id: z.string().regex(/^[0-9a-f]{1,64}$/) });
const keySchema = z.strictObject({ key: idempotencyKeySchema });
const maxBodyBytes = trialLimits.bodyBytes;

/**
 * Changes that revert themselves unless they are confirmed (design/safe-change.md). No secret is ever logged.
 * `gate` is that of whatever changes the host.
 */
export function trialRoutes(host: TrialHost, trials: Trials, gate: ReturnType<typeof createGate>): Route[] {
  // each check reads, parses and prints a whole rule set, twice
  const checking = createGate(1, 4);

  return [
    {
      method: 'POST',
      path: trialPaths.check,
      large: checking,
      maxBodyBytes,
      handle: async ({ query, body, ends }): Promise<CheckAnswer> => {
        noQuerySchema.parse(query);
        const request = checkRequestSchema.parse(body);
        return checking(() => checkChange(host, request, ends));
      },
    },
    {
      method: 'POST',
      path: trialPaths.trials,
      large: gate,
      status: 201,
      maxBodyBytes,
      handle: async ({ query, body, requestId, ends }): Promise<TrialStarted> => {
        noQuerySchema.parse(query);
        const trial = await trials.start(trialRequestSchema.parse(body), ends);
        const { id, state, author, revisions } = trial;
        log.info('trial started', { requestId, trial: id, state, author, revisions });
        return trial;
      },
    },
    {
      method: 'GET',
      path: trialPaths.current,
      handle: async ({ query }): Promise<CurrentTrial> => {
        noQuerySchema.parse(query);
        return { trial: await trials.current() };
      },
    },
    {
      method: 'GET',
      path: trialPaths.trial,
      handle: async ({ params, query }): Promise<Trial> => {
        noQuerySchema.parse(query);
        return trials.find(idSchema.parse(params).id);
      },
    },
    {
      method: 'GET',
      path: trialPaths.byKey,
      handle: async ({ params, query }): Promise<Trial> => {
        noQuerySchema.parse(query);
        return trials.findByKey(keySchema.parse(params).key);
      },
    },
    {
      method: 'POST',
      path: trialPaths.confirm,
      handle: async ({ params, query, body, requestId, connectedAt }): Promise<Trial> => {
        noQuerySchema.parse(query);
        const { secret } = confirmRequestSchema.parse(body);
        const trial = await trials.confirm(idSchema.parse(params).id, secret, connectedAt);
        refillReady();
        log.info('trial confirmed', { requestId, trial: trial.id, ...trial.confirmed });
        return trial;
      },
    },
    {
      method: 'POST',
      path: trialPaths.revert,
      handle: async ({ params, query, body, requestId }): Promise<Trial> => {
        noQuerySchema.parse(query);
        const { reason, author } = revertRequestSchema.parse(body);
        const trial = await trials.revert(idSchema.parse(params).id, reason, author);
        refillReady();
        log.info('trial reverted', { requestId, trial: trial.id, state: trial.state, reason, author });
        return trial;
      },
    },
    {
      method: 'POST',
      path: trialPaths.extend,
      handle: async ({ params, query, body, requestId }): Promise<Trial> => {
        noQuerySchema.parse(query);
        const { secret, waitSeconds } = extendRequestSchema.parse(body);
        const trial = await trials.extend(idSchema.parse(params).id, secret, waitSeconds);
        log.info('trial extended', { requestId, trial: trial.id, remainingMs: trial.remainingMs });
        return trial;
      },
    },
  ];
}
