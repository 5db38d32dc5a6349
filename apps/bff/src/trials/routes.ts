import {
  apiPaths,
  changeCheckedSchema,
  changeCheckSchema,
  confirmForOtherSchema,
  currentTrialViewSchema,
  generationListSchema,
  generationRulesSchema,
  idempotencyKeySchema,
  openTrialsSchema,
  restoreDraftSchema,
  type TrialView,
  trialExtendSchema,
  trialLimits,
  trialProbesSchema,
  trialRevertSchema,
  trialStartSchema,
  trialViewSchema,
} from '@moru/types';
import { z } from 'zod';
import { requireAgent } from '../agent/target.ts';
import type { TrialAgents } from '../agent/trial-agents.ts';
import type { CloudInstance, CloudProvider } from '../cloud/provider.ts';
import type { EventBus } from '../events/bus.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { type Call, mutation, question, type Route, route } from '../http/route.ts';
import { accessOf } from './access.ts';
import type { Asked, ConsolePlace, TrialService } from './trials.ts';

const trialIdSchema = z.string().regex(/^[0-9a-f]{1,64}$/);
const trialParams = instanceParams.extend({ trialId: trialIdSchema });
/** one that has never answered has no id yet, but the key that it was sent with */
const trialOrKeyParams = instanceParams.extend({ trialId: z.union([trialIdSchema, idempotencyKeySchema]) });
const generationParams = instanceParams.extend({ number: z.string().regex(/^[1-9]\d{0,8}$/) });
const nothing = z.strictObject({});
const maxBodyBytes = trialLimits.bodyBytes;

const askedOf = ({ session, caller }: Call<unknown>, instance: CloudInstance): Asked => ({
  target: requireAgent(instance),
  name: instance.name,
  session,
  requestId: caller.requestId,
});

const outcomeOf = ({ trial }: TrialView) => ({
  ...(trial && { trial: trial.id, state: trial.state, revisions: trial.revisions }),
});

export function trialRoutes(
  cloud: CloudProvider,
  agents: TrialAgents,
  trials: TrialService,
  place: ConsolePlace,
  bus: Pick<EventBus, 'publish'>,
): Route[] {
  /** Tells every console that what is under way on a host has changed. */
  const told = async (call: Call<unknown>, view: Promise<TrialView>): Promise<TrialView> => {
    const { instanceId } = await view;
    const event = { kind: 'host', id: instanceId, what: 'trial' } as const;
    // what was done is done, whether it can be told or not
    await bus.publish([{ projectId: call.session.project.id, event }]).catch(() => {});
    return view;
  };
  const prepare = ({ caller, input }: Call<{ params: { instanceId: string } }>) =>
    cloud.getInstance(caller, input.params.instanceId);
  /** the trial is of whoever asks */
  const prepareMine = async (call: Call<{ params: { instanceId: string; trialId: string } }>) => {
    const instance = await prepare(call);
    await trials.requireMine(askedOf(call, instance), call.input.params.trialId);
    return instance;
  };
  const asked = async (call: Call<{ params: { instanceId: string } }>) => askedOf(call, await prepare(call));
  const access = (administrator: string | null | undefined, address: string) =>
    accessOf(place, administrator, address);
  /** What is done to a trial that is under way, by whoever may. */
  const ofTrial = { input: { params: trialParams, body: nothing }, output: trialViewSchema, prepare };
  const subject = (id: string) => ({ target: { type: 'instance', id } });

  return [
    question({
      path: pathPattern(apiPaths.changeCheck(':instanceId')),
      policy: 'change.check',
      input: { params: instanceParams, body: changeCheckSchema },
      output: changeCheckedSchema,
      maxBodyBytes,
      async handle(call) {
        const { administrator, ...change } = call.input.body;
        const who = access(administrator, call.address);
        const { target, requestId } = await asked(call);
        const answer = await agents.check(target, { ...change, access: who }, requestId);
        return { ...answer, administrator: who.administrator };
      },
    }),

    route({
      method: 'get',
      path: apiPaths.trials,
      policy: 'trial.view',
      input: {},
      output: openTrialsSchema,
      handle: async ({ session }) => ({ trials: await trials.open({ session }) }),
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.currentTrial(':instanceId')),
      policy: 'trial.view',
      input: { params: instanceParams },
      output: currentTrialViewSchema,
      handle: async (call) => ({ trial: await trials.current(await asked(call)) }),
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.trial(':instanceId', ':trialId')),
      policy: 'trial.view',
      input: { params: trialOrKeyParams },
      output: trialViewSchema,
      async handle(call) {
        const { trialId } = call.input.params;
        const find = trialIdSchema.safeParse(trialId).success ? trials.find : trials.findByKey;
        return find(await asked(call), trialId);
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.trialProbes(':instanceId', ':trialId')),
      policy: 'trial.view',
      input: { params: trialParams },
      output: trialProbesSchema,
      handle: async (call) => trials.probe(await asked(call), call.input.params.trialId),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.instanceTrials(':instanceId')),
      policy: 'trial.start',
      input: { params: instanceParams, body: trialStartSchema },
      output: trialViewSchema,
      maxBodyBytes,
      audit: ({ params, body: { ipv4, ipv6, routes, acknowledged, key, note, waitSeconds, save } }) => ({
        ...subject(params.instanceId),
        detail: {
          ...{ key, note, waitSeconds, save, acknowledged },
          ...(ipv4 && { ipv4: ipv4.revision }),
          ...(ipv6 && { ipv6: ipv6.revision }),
          ...(routes && { routes: { edits: routes.edits, keep: routes.keep } }),
        },
      }),
      prepare,
      async handle(call, instance) {
        const { administrator, ...start } = call.input.body;
        return told(call, trials.start(askedOf(call, instance), start, access(administrator, call.address)));
      },
      outcome: outcomeOf,
    }),

    mutation({
      ...ofTrial,
      method: 'post',
      path: pathPattern(apiPaths.trialConfirm(':instanceId', ':trialId')),
      policy: 'trial.confirm',
      audit: ({ params }) => ({ ...subject(params.instanceId), detail: { trial: params.trialId } }),
      prepare: prepareMine,
      handle: (call, instance) =>
        told(call, trials.confirm(askedOf(call, instance), call.input.params.trialId)),
      outcome: outcomeOf,
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.trialConfirmForOther(':instanceId', ':trialId')),
      policy: 'trial.confirmForOther',
      input: { params: trialParams, body: confirmForOtherSchema },
      output: trialViewSchema,
      audit: ({ params, body }) => ({
        ...subject(params.instanceId),
        detail: { trial: params.trialId, why: body.why },
      }),
      prepare,
      handle: (call, instance) =>
        told(call, trials.confirm(askedOf(call, instance), call.input.params.trialId)),
      outcome: (view) => ({ ...outcomeOf(view), appliedBy: view.appliedBy }),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.trialRevert(':instanceId', ':trialId')),
      policy: 'trial.revert',
      input: { params: trialParams, body: trialRevertSchema },
      output: trialViewSchema,
      audit: ({ params, body }) => ({
        ...subject(params.instanceId),
        detail: { trial: params.trialId, reason: body.reason },
      }),
      prepare,
      handle: (call, instance) =>
        told(call, trials.revert(askedOf(call, instance), call.input.params.trialId, call.input.body.reason)),
      outcome: outcomeOf,
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.trialExtend(':instanceId', ':trialId')),
      policy: 'trial.extend',
      input: { params: trialParams, body: trialExtendSchema },
      output: trialViewSchema,
      audit: ({ params, body }) => ({
        ...subject(params.instanceId),
        detail: { trial: params.trialId, waitSeconds: body.waitSeconds },
      }),
      prepare: prepareMine,
      handle: (call, instance) =>
        told(
          call,
          trials.extend(askedOf(call, instance), call.input.params.trialId, call.input.body.waitSeconds),
        ),
      outcome: outcomeOf,
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.generations(':instanceId')),
      policy: 'trial.view',
      input: { params: instanceParams },
      output: generationListSchema,
      async handle(call) {
        const { target, requestId } = await asked(call);
        return agents.generations(target, requestId);
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.generation(':instanceId', ':number')),
      policy: 'trial.view',
      input: { params: generationParams },
      output: generationRulesSchema,
      async handle(call) {
        const { target, requestId } = await asked(call);
        return agents.generation(target, call.input.params.number, requestId);
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.generationRestore(':instanceId', ':number')),
      policy: 'trial.view',
      input: { params: generationParams },
      output: restoreDraftSchema,
      async handle(call) {
        const { target, requestId } = await asked(call);
        return agents.restore(target, call.input.params.number, requestId);
      },
    }),
  ];
}
