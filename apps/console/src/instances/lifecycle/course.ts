import type { Instance } from '@moru/types';
import type { Order } from './lifecycle-requests.ts';

/** `gone`: there is no such instance any more. */
export type Seen = Pick<Instance, 'status' | 'task'> | 'gone';
export type OrderOutcome = 'done' | 'failed' | 'running';

/** Where each order is to end (reference/kakaocloud.md B.3). */
const ends: Record<Order, string> = {
  start: 'active',
  stop: 'stopped',
  hardReboot: 'active',
  rebuild: 'active',
  create: 'active',
  delete: 'deleted',
};

/** The cloud shows a new task within this; a rest seen later is the end of it, not the beginning. */
const beginningMs = 5_000;

/**
 * How an order stands, from what the instance looks like. `begun`: a task was seen since; without one a rest says
 * nothing during the first seconds.
 */
export function outcomeOf(order: Order, seen: Seen, begun: boolean, sinceMs: number): OrderOutcome {
  if (seen === 'gone' || seen.status === 'deleted') return order === 'delete' ? 'done' : 'failed';
  if (seen.task !== null) return 'running';
  if (seen.status === 'error') return begun || sinceMs > beginningMs ? 'failed' : 'running';
  if (seen.status !== ends[order]) return 'running';
  // a server that is started anew is active before and after
  const same = order === 'hardReboot' || order === 'rebuild';
  return !same || begun || sinceMs > beginningMs ? 'done' : 'running';
}
