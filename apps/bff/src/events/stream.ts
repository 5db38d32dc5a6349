import type { Response } from 'express';
import type { SignedIn } from '../session/sessions.ts';
import type { EventBus, StoredEvent } from './bus.ts';
import { frame, ownFrame } from './frames.ts';

/** What may wait in memory for a client; whatever is beyond waits in the store until the client has read this. */
const maximumWaitingBytes = 64 * 1024;

/** A client that reads nothing for so long is gone, whatever its connection says. */
const stalledMs = 60_000;

const pageSize = 200;

/** More than this after a break is read anew by the client faster than it is told. */
const maximumMissed = 2_000;

/** One open stream of one browser. */
export interface Stream {
  readonly session: Pick<SignedIn, 'idHash' | 'project' | 'expiresAt'>;
  readonly openedAt: number;
  /** whether the session's end was announced on this stream */
  announced: boolean;
  /** writes something about this stream alone */
  send(text: string): void;
  /** tells an event as it happens, unless it was told before or earlier ones are still to be told */
  tell(event: StoredEvent): void;
  /** begins: after the event `after` as far as it is known, or from now on where it is null */
  begin(after: number | null): Promise<void>;
  end(text?: string): void;
}

export interface StreamParts {
  bus: EventBus;
  session: Stream['session'];
  response: Response;
  onClose(): void;
  onError(error: unknown): void;
}

/** Memory is bounded however slowly the client reads: one that is behind catches up from the store. */
export function createStream({ bus, session, response, onClose, onError }: StreamParts): Stream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would hold small pieces back
    'x-accel-buffering': 'no',
  });
  response.socket?.setNoDelay(true);
  /** number of the newest event that was told */
  let last = 0;
  /** earlier events are still to be told, from the store */
  let behind = true;
  let stalled: NodeJS.Timeout | undefined;
  response.once('close', () => {
    clearTimeout(stalled);
    onClose();
  });

  const isOpen = () => !response.destroyed && !response.writableEnded;
  const isFull = () => response.writableLength > maximumWaitingBytes;
  const send = (text: string) => {
    if (isOpen()) response.write(text);
  };
  const write = (event: StoredEvent) => {
    last = event.id;
    send(frame(event.kind, event.data, event.id));
  };
  const waitForClient = () => {
    behind = true;
    stalled ??= setTimeout(() => response.destroy(), stalledMs);
    response.once('drain', () => {
      clearTimeout(stalled);
      stalled = undefined;
      catchUp().catch(onError);
    });
  };

  /** Tells what the store has after `last`, and is level once nothing came meanwhile. */
  const catchUp = async () => {
    while (isOpen()) {
      const position = bus.position();
      const events = await bus.since(session.project.id, last, pageSize);
      if (events === null) {
        last = position;
        send(ownFrame({ kind: 'reset' }, last));
      }
      for (const event of events ?? []) {
        write(event);
        if (isFull()) return waitForClient();
      }
      if ((events?.length ?? 0) < pageSize && bus.position() === position) {
        behind = false;
        return;
      }
    }
  };

  return {
    session,
    openedAt: Date.now(),
    announced: false,
    send,
    tell(event) {
      if (behind || event.id <= last) return;
      write(event);
      if (isFull()) waitForClient();
    },
    async begin(after) {
      const position = bus.position();
      const missed = after === null ? null : await bus.since(session.project.id, after, maximumMissed + 1);
      const resumed = after !== null && missed !== null && missed.length <= maximumMissed;
      last = resumed ? after : position;
      send(ownFrame({ kind: 'hello', resumed }, last));
      if (after !== null && !resumed) send(ownFrame({ kind: 'reset' }));
      await catchUp();
    },
    end(text = '') {
      if (isOpen()) response.end(text);
    },
  };
}
