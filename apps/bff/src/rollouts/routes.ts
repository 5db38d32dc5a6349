import {
  apiPaths,
  ProblemError,
  rolloutLimits,
  rolloutPlanRequestSchema,
  rolloutPlanSchema,
  rolloutSchema,
  rolloutStartSchema,
} from '@moru/types';
import { z } from 'zod';
import { id, pathPattern } from '../http/paths.ts';
import { type Call, mutation, question, type Route, route, stepped } from '../http/route.ts';
import type { StoredOperation } from '../operations/model.ts';
import type { OperationService } from '../operations/service.ts';
import { accessOf } from '../trials/access.ts';
import type { ConsolePlace } from '../trials/trials.ts';
import type { Rollouts, Wanting } from './rollouts.ts';
import { rolloutView } from './view.ts';

const params = z.strictObject({ rolloutId: id });
const nothing = z.strictObject({});
const { bodyBytes: maxBodyBytes } = rolloutLimits;

export function rolloutRoutes(
  rollouts: Rollouts,
  operations: OperationService,
  place: ConsolePlace,
): Route[] {
  const wanting = (call: Call<unknown>, administrator: string | null | undefined): Wanting => ({
    ...{ session: call.session, caller: call.caller },
    access: accessOf(place, administrator, call.address),
  });
  const viewOf = async (parent: StoredOperation) =>
    rolloutView(parent, await operations.itemsOf(parent.projectId, parent.id));
  const found = ({ session, input }: Call<{ params: { rolloutId: string } }>) =>
    rollouts.find(session.project.id, input.params.rolloutId);

  /** What somebody decides of a roll-out that is under way. */
  const decision = (
    policy: 'rollout.stop' | 'rollout.continue',
    path: string,
    decide: (parent: StoredOperation, call: Call<unknown>) => StoredOperation,
  ): Route =>
    mutation({
      method: 'post',
      path: pathPattern(path),
      policy,
      input: { params, body: nothing },
      output: rolloutSchema,
      audit: ({ params: { rolloutId } }) => ({ target: { type: 'rollout', id: rolloutId }, detail: {} }),
      async prepare(call) {
        const parent = await found(call);
        return { name: parent.rollout?.source?.name ?? null, parent };
      },
      handle: async (call, { parent }) =>
        viewOf(await operations.decide(parent.id, (now) => decide(now, call))),
      outcome: ({ state }) => ({ state }),
    });

  return [
    question({
      path: apiPaths.rolloutPlan,
      policy: 'rollout.plan',
      input: { body: rolloutPlanRequestSchema },
      output: rolloutPlanSchema,
      maxBodyBytes,
      handle: async (call) => {
        const { wanted, hosts, administrator } = call.input.body;
        return rollouts.plan(wanting(call, administrator), wanted, hosts);
      },
    }),

    stepped({
      method: 'post',
      path: apiPaths.rollouts,
      policy: 'rollout.start',
      input: { body: rolloutStartSchema },
      output: rolloutSchema,
      maxBodyBytes,
      audit({ body: { wanted, hosts, administrator: _, ...settings } }) {
        const from =
          wanted.kind === 'undo'
            ? { undoes: wanted.rolloutId }
            : { source: wanted.instanceId, family: wanted.family, chains: wanted.chains };
        const detail = { ...from, ...settings, hosts: hosts.map(({ instanceId }) => instanceId) };
        return { target: { type: 'rollout', id: '' }, detail };
      },
      async prepare(call) {
        const { body } = call.input;
        const read = await rollouts.prepare(wanting(call, body.administrator), body);
        return { read, instance: null, name: read.course.source?.name ?? null, found: {} };
      },
      async handle(_call, { course, hostsOf }, recorded) {
        recorded.target.id = recorded.id;
        return viewOf(await operations.beginRollout(recorded, course, hostsOf(recorded.id)));
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.rollout(':rolloutId')),
      policy: 'trial.view',
      input: { params },
      output: rolloutSchema,
      handle: async (call) => viewOf(await found(call)),
    }),

    decision('rollout.stop', apiPaths.rolloutStop(':rolloutId'), (parent, { session }) => {
      const { rollout, state } = parent;
      if (!rollout || rollout.stop || !['running', 'paused'].includes(state)) {
        throw new ProblemError('operation.changed');
      }
      const stop = { why: 'asked', by: session.user.name, at: new Date().toISOString() } as const;
      return { ...parent, rollout: { ...rollout, stop } };
    }),

    // the rest of it is done in the name of whoever has looked
    decision('rollout.continue', apiPaths.rolloutContinue(':rolloutId'), (parent, call) => {
      const { rollout, state, attempt } = parent;
      if (!rollout || state !== 'paused') throw new ProblemError('operation.changed');
      const { session, caller, address } = call;
      const actor = { ...session.user, role: session.role, address };
      return {
        ...parent,
        rollout: { ...rollout, looked: true },
        sessionHash: session.idHash,
        attempt: attempt && { ...attempt, actor, requestId: caller.requestId },
      };
    }),
  ];
}
