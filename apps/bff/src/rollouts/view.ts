import { ProblemError, type Rollout, type RolloutHost } from '@moru/types';
import { factsOf, type StoredOperation } from '../operations/model.ts';

/** A roll-out with its hosts, as the console shows it. */
export function rolloutView(parent: StoredOperation, items: readonly StoredOperation[]): Rollout {
  const { id, state, rollout, problem, actor } = parent;
  if (!rollout) throw new ProblemError('rollout.notFound');
  const { looked: _, ...course } = rollout;
  const hosts = items.map(hostView);
  const isOpen = state === 'running' || state === 'paused';
  return {
    ...{ id, state, problem, actor, hosts, ...course },
    can: {
      stop: isOpen && rollout.stop === null,
      continue: state === 'paused',
      undo: !isOpen && rollout.kind === 'copy' && hosts.some((host) => host.state === 'succeeded'),
    },
    createdAt: new Date(parent.createdAt).toISOString(),
    updatedAt: new Date(parent.updatedAt).toISOString(),
  };
}

function hostView(operation: StoredOperation): RolloutHost {
  const { id, state, steps, problem, subject, item } = operation;
  const { trialId, generation } = factsOf(operation);
  return {
    operationId: id,
    instanceId: subject.instanceId ?? '',
    name: subject.instanceName ?? '',
    wave: item?.wave ?? 0,
    ...{ state, problem },
    steps: steps.map(({ name, state: stepState, at }) => ({ name, state: stepState, at })),
    changes: item?.changes ?? { added: 0, removed: 0, policies: 0 },
    trialId: trialId || null,
    generation: generation === undefined ? null : Number(generation),
    updatedAt: new Date(operation.updatedAt).toISOString(),
  };
}
