import { randomUUID } from 'node:crypto';
import type { Operation } from '../audit/operation.ts';

/** What a host does by itself, as the audit log tells of it: the host is the actor, and the target too. */
export function hostOperation(
  action: string,
  place: { instance_id: string; instance_name: string; project_id: string },
  { address, requestId, detail }: { address: string; requestId: string; detail: Record<string, unknown> },
): Operation {
  return {
    id: randomUUID(),
    action,
    call: {
      session: {
        user: { id: place.instance_id, name: place.instance_name },
        role: 'host',
        project: { id: place.project_id, name: '' },
      },
      caller: { requestId },
      address,
    },
    target: { type: 'instance', id: place.instance_id },
    targetName: place.instance_name,
    detail,
  };
}
