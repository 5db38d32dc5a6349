import type { OperationRepository } from '../operations/repository.ts';
import type { RolloutParts } from './primitives.ts';

/** Whether a roll-out goes on, asked and decided by the hosts that are under way. */
export function rolloutCourses(
  repository: () => Pick<OperationRepository, 'find' | 'decide'>,
): Pick<RolloutParts, 'stopOf' | 'fail'> {
  return {
    async stopOf(projectId, rolloutId) {
      const parent = await repository().find(projectId, rolloutId);
      return parent?.rollout ? (parent.rollout.stop?.why ?? null) : 'failed';
    },
    async fail(rolloutId) {
      const at = new Date().toISOString();
      await repository().decide(rolloutId, (parent) => {
        const { rollout } = parent;
        if (!rollout || rollout.stop) return parent;
        return { ...parent, rollout: { ...rollout, stop: { why: 'failed', by: null, at } } };
      });
    },
  };
}
