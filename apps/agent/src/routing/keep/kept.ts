import type { HostInterface, KeepPlan, NetworkRoute } from '@moru/types';

/** What was changed and is to be so after a reboot, too. */
export interface RouteChange {
  deleted: readonly NetworkRoute[];
  added: readonly NetworkRoute[];
  interfaces: readonly Pick<HostInterface, 'name' | 'mac'>[];
}

export type KeptRoute = KeepPlan['routes'][number];
export type FileChange = KeepPlan['files'][number];
export type HandWork = KeepPlan['byHand'][number];

/** Judges each route of a change, the deleted ones first. */
export function judgeEach(
  { deleted, added }: RouteChange,
  judge: (route: NetworkRoute, change: KeptRoute['change']) => KeptRoute['outcome'],
): KeptRoute[] {
  const kept = (change: KeptRoute['change']) => (route: NetworkRoute) => ({
    change,
    specification: route.specification,
    outcome: judge(route, change),
  });
  return [...deleted.map(kept('deleted')), ...added.map(kept('added'))];
}
