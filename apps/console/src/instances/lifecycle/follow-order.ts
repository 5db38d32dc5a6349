import type { QueryClient } from '@tanstack/react-query';
import { readAnew } from '../../http/read-anew.ts';
import { RequestError } from '../../http/request-error.ts';
import { beginFollowing, endFollowing } from '../../tasks/followed.ts';
import { instanceQuery, showInstance } from '../instance-queries.ts';
import { type OrderOutcome, outcomeOf, type Seen } from './course.ts';
import type { Order } from './lifecycle-requests.ts';

const stepMs = 1_000;
// a bare-metal server takes minutes to come up; past this the row still tells, only the toast no longer waits
const longestMs = 20 * 60_000;

/** Follows an order until the cloud shows how it ended, whatever page is open meanwhile. Failed reads are tried again. */
export async function followOrder(
  queries: QueryClient,
  instance: { id: string; name: string },
  order: Order,
): Promise<Exclude<OrderOutcome, 'running'> | 'unsettled'> {
  const began = Date.now();
  const task = {
    instanceId: instance.id,
    name: instance.name,
    order,
    since: new Date(began).toISOString(),
  };
  let begun = false;
  beginFollowing(task);
  try {
    while (Date.now() - began < longestMs) {
      await new Promise((resolve) => setTimeout(resolve, stepMs));
      const seen = await look(queries, instance.id);
      if (seen === null) continue;
      if (seen !== 'gone' && seen.task !== null) begun = true;
      const outcome = outcomeOf(order, seen, begun, Date.now() - began);
      if (outcome !== 'running') return outcome;
    }
    return 'unsettled';
  } finally {
    endFollowing(task);
    void queries.invalidateQueries({ queryKey: ['instances'] });
    void queries.invalidateQueries({ queryKey: ['instance', instance.id] });
  }
}

async function look(queries: QueryClient, instanceId: string): Promise<Seen | null> {
  try {
    const instance = await readAnew(queries, instanceQuery(instanceId));
    showInstance(queries, instanceId, () => instance);
    return instance;
  } catch (error) {
    return error instanceof RequestError && error.code === 'instance.notFound' ? 'gone' : null;
  }
}
