import type { Event } from '@moru/types';

/** One frame of an event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). JSON has no raw line end. */
export function frame(kind: string, data: string, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${data}\n\n`;
}

/** An event about this stream alone. */
export function ownFrame(event: Event, id?: number): string {
  return frame(event.kind, JSON.stringify(event), id);
}

/** Nothing, said aloud: it keeps what lies in between from closing the connection, and shows when it is dead. */
export const heartbeat = ': \n\n';

/** How long a client waits before it connects again. */
export function retryAfter(ms: number): string {
  return `retry: ${ms}\n\n`;
}
