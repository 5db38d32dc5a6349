import type { EventBus } from '../events/bus.ts';
import type { Inventory } from './inventory.ts';

const kinds = new Set(['instance', 'publicIp', 'operation', 'reset']);

/** What is done at another replica, or by an operation after its answer, is told by the bus. Returns what ends it. */
export function invalidateByEvents(
  bus: Pick<EventBus, 'subscribe'>,
  inventory: Pick<Inventory, 'invalidate'>,
): () => void {
  return bus.subscribe((events) => {
    for (const { projectId, kind } of events) if (kinds.has(kind)) inventory.invalidate(projectId);
  });
}
