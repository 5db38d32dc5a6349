import type { Instance } from '@moru/types';
import type { QueryClient } from '@tanstack/react-query';
import { readAnew } from '../http/read-anew.ts';
import { instanceQuery, showInstance } from '../instances/instance-queries.ts';

const stepMs = 1_000;
// the cloud attaches within seconds; past this the row still tells, only the toast no longer waits
const longestMs = 60_000;

export type AttachmentOutcome = 'connected' | 'gone' | 'unsettled';

/**
 * Follows an address that is being attached until the cloud says how it ended, whatever page is open meanwhile.
 * Reads that fail are tried again until the time is over.
 */
export async function watchAttachment(
  queries: QueryClient,
  instanceId: string,
  nicId: string,
): Promise<AttachmentOutcome> {
  const until = Date.now() + longestMs;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, stepMs));
    const instance = await readAnew(queries, instanceQuery(instanceId)).catch((): Instance | null => null);
    if (!instance) continue;
    showInstance(queries, instanceId, () => instance);
    const held = instance.networkInterfaces.find((nic) => nic.id === nicId)?.publicIp ?? null;
    if (held === null) return 'gone';
    if (held.status !== 'attaching') return 'connected';
  }
  return 'unsettled';
}
