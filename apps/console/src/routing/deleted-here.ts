import type { NetworkRoute } from '@moru/types';

// what one person deletes in one sitting
const most = 16;

const keyOf = (instanceId: string) => `moru.routes.${instanceId}`;

/** Routes that a trial begun in this tab deleted; they are gone only once it was kept. Empty where storage is off. */
export function deletedHere(instanceId: string): NetworkRoute[] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(instanceId)) ?? '[]') as NetworkRoute[];
  } catch {
    return [];
  }
}

export function rememberDeleted(instanceId: string, routes: readonly NetworkRoute[]): void {
  const known = deletedHere(instanceId).filter(
    ({ specification }) => !routes.some((route) => route.specification === specification),
  );
  write(instanceId, [...routes, ...known].slice(0, most));
}

export function forgetDeleted(instanceId: string, specification: string): void {
  write(
    instanceId,
    deletedHere(instanceId).filter((route) => route.specification !== specification),
  );
}

function write(instanceId: string, routes: readonly NetworkRoute[]): void {
  try {
    sessionStorage.setItem(keyOf(instanceId), JSON.stringify(routes));
  } catch {
    // without storage there is no undo after a reload; the host's own record is in its trials
  }
}
