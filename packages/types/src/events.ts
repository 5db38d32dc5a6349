import { z } from 'zod';
import { instanceSchema } from './instances.ts';
import { operationSchema } from './operations.ts';
import { publicIpSchema } from './public-ips.ts';

/** Header with which a stream goes on after the last event that was seen, as browsers' own EventSource sends it. */
export const lastEventHeader = 'last-event-id';

/**
 * What the stream of `apiPaths.events` tells, as the `data` of a frame whose `event` is the kind. Frames with an `id`
 * are stored: a stream that names the last of them goes on after it, on whichever replica. The others are about this
 * stream alone.
 */
export const eventSchema = z.discriminatedUnion('kind', [
  /** an instance as the list shows it; null when it is gone */
  z.object({ kind: z.literal('instance'), id: z.string(), instance: instanceSchema.nullable() }),
  z.object({ kind: z.literal('publicIp'), id: z.string(), publicIp: publicIpSchema.nullable() }),
  /** an operation began, went on or ended; an ended one may be taken off the list: null */
  z.object({ kind: z.literal('operation'), id: z.string(), operation: operationSchema.nullable() }),
  /**
   * what a host holds is another than before, however it came about; read it where it is shown. `summary`: what lists
   * say of it
   */
  z.object({
    kind: z.literal('host'),
    id: z.string(),
    what: z.enum(['firewall', 'routes', 'trial', 'summary']),
  }),
  /** more has changed than is worth telling one by one, or what was missed is no longer known: read everything again */
  z.object({ kind: z.literal('reset') }),
  /** first of every stream: what comes is complete from here on */
  z.object({ kind: z.literal('hello'), resumed: z.boolean() }),
  /** the session ends soon: with its token, or for want of use, which using the console prevents */
  z.object({
    kind: z.literal('session.ending'),
    endsAt: z.iso.datetime(),
    reason: z.enum(['token', 'idle']),
  }),
  /** the session is over; the stream ends with it */
  z.object({ kind: z.literal('session.ended') }),
]);
export type Event = z.infer<typeof eventSchema>;
export type EventKind = Event['kind'];
