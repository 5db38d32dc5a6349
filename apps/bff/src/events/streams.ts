import { ProblemError, sessionNoticeMs } from '@moru/types';
import type { Response } from 'express';
import type { Logger } from '../log.ts';
import type { SessionEnd, Sessions, SignedIn } from '../session/sessions.ts';
import type { EventBus, StoredEvent } from './bus.ts';
import { frame, heartbeat, ownFrame, retryAfter } from './frames.ts';
import { createStream, type Stream } from './stream.ts';

/** Tabs without Web Locks have a stream each; more than this is no browser. The oldest makes room. */
const maximumPerSession = 8;
/** of one replica, about 20 kB each */
const maximumStreams = 5_000;

const heartbeatMs = 15_000;
const sessionLookMs = 10_000;

/** Clients of a replica that stops come back spread over this time, to the others. */
const returnMs = { least: 200, spread: 800 };

export interface Streams {
  /** answers with an open stream that goes on after the event `after`, or from now where it is null */
  open(session: SignedIn, response: Response, after: number | null): Promise<void>;
  count(): number;
  /** projects that somebody listens to, each with the sessions that do */
  listeners(): Map<string, string[]>;
  /** ends every stream with the time after which its client comes back */
  drain(): void;
  close(): void;
}

export interface StreamParts {
  bus: EventBus;
  sessions: Sessions;
  log: Logger;
}

/** Streams hear what concerns their project, and what concerns their session alone. */
export function sessionChannel(idHash: string): string {
  return `session:${idHash}`;
}

export function createStreams({ bus, sessions, log }: StreamParts): Streams {
  const byProject = new Map<string, Set<Stream>>();
  let count = 0;
  let draining = false;

  const all = function* () {
    for (const streams of byProject.values()) yield* streams;
  };
  const channels = ({ project, idHash }: Stream['session']) => [project.id, sessionChannel(idHash)];

  const unsubscribe = bus.subscribe((events: readonly StoredEvent[]) => {
    for (const event of events) {
      for (const stream of byProject.get(event.projectId) ?? []) {
        if (event.kind === 'session.ended') stream.end(frame(event.kind, event.data));
        else stream.tell(event);
      }
    }
  });

  const beats = setInterval(() => {
    for (const stream of all()) stream.send(heartbeat);
  }, heartbeatMs);

  const lookAtSessions = async () => {
    const ends = await sessions.ends([...new Set([...all()].map(({ session }) => session.idHash))]);
    for (const stream of [...all()]) announceEnd(stream, ends.get(stream.session.idHash));
  };
  const looker = setInterval(() => {
    lookAtSessions().catch((error: unknown) => log.warn({ error }, 'sessions of streams were not looked at'));
  }, sessionLookMs);

  const add = (stream: Stream) => {
    count += 1;
    for (const channel of channels(stream.session)) {
      const streams = byProject.get(channel) ?? new Set();
      byProject.set(channel, streams.add(stream));
    }
  };
  const remove = (stream: Stream) => {
    count -= 1;
    for (const channel of channels(stream.session)) {
      const streams = byProject.get(channel);
      streams?.delete(stream);
      if (streams?.size === 0) byProject.delete(channel);
    }
  };
  const makeRoom = (idHash: string) => {
    const own = [...(byProject.get(sessionChannel(idHash)) ?? [])];
    const [oldest] = own.toSorted((a, b) => a.openedAt - b.openedAt);
    if (own.length >= maximumPerSession) oldest?.end(retryAfter(heartbeatMs));
  };

  return {
    async open(session, response, after) {
      if (count >= maximumStreams || draining) throw new ProblemError('stream.limit');
      makeRoom(session.idHash);
      const stream = createStream({
        bus,
        session,
        response,
        onClose: () => remove(stream),
        onError: (error) => {
          log.warn({ error }, 'a stream was cut: its events could not be read');
          response.destroy();
        },
      });
      add(stream);
      stream.send(retryAfter(returnMs.spread));
      await stream.begin(after);
      announceEnd(stream, (await sessions.ends([session.idHash])).get(session.idHash));
    },
    count: () => count,
    listeners() {
      const sessionsOf = new Map<string, string[]>();
      for (const { session } of all()) {
        const known = sessionsOf.get(session.project.id) ?? [];
        if (!known.includes(session.idHash)) sessionsOf.set(session.project.id, [...known, session.idHash]);
      }
      return sessionsOf;
    },
    drain() {
      draining = true;
      for (const stream of [...all()]) {
        stream.end(retryAfter(returnMs.least + Math.round(Math.random() * returnMs.spread)));
      }
    },
    close() {
      unsubscribe();
      clearInterval(beats);
      clearInterval(looker);
    },
  };
}

function announceEnd(stream: Stream, end: SessionEnd | undefined): void {
  if (!end) {
    stream.send(ownFrame({ kind: 'session.ended' }));
    stream.end();
    return;
  }
  const soon = end.at - Date.now() <= sessionNoticeMs;
  if (soon && !stream.announced) {
    const endsAt = new Date(end.at).toISOString();
    stream.send(ownFrame({ kind: 'session.ending', endsAt, reason: end.reason }));
  }
  stream.announced = soon;
}
