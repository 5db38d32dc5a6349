import { apiHeader, apiPaths, type Event, lastEventHeader, pollHeader } from '@moru/types';
import { createFrameReader } from './frames.ts';

/** The BFF says something every 15 s: after two missed beats the connection is dead, whatever the system thinks. */
const silenceMs = 40_000;
const firstRetryMs = 1_000;
const longestRetryMs = 15_000;

interface Listener {
  onEvent(event: Event): void;
  /** null while the stream is open; else since when it is not */
  onState(lostSince: string | null): void;
  /** the session is over: there is nothing to come back to */
  onSessionEnd(): void;
}

/** What outlives one connection. */
interface Course {
  /** number of the newest event that was heard */
  last: string | null;
  /** as the BFF wants it, in ms */
  retryMs: number;
  /** connections in a row that came to nothing */
  failures: number;
}

/** Holds one stream of events open until `signal` ends it; after a break it goes on after the last event. */
export async function holdStream(signal: AbortSignal, listener: Listener): Promise<void> {
  const course: Course = { last: null, retryMs: firstRetryMs, failures: 0 };
  while (!signal.aborted) {
    // lost, refused or cut: all the same from here
    const end = await listen(course, signal, listener).catch(() => 'lost' as const);
    if (signal.aborted) return;
    if (end === 'over') return listener.onSessionEnd();
    if (course.failures === 0) listener.onState(new Date().toISOString());
    course.failures += 1;
    const longer = course.retryMs * 2 ** Math.min(course.failures - 1, 4);
    await pause(Math.min(longer, longestRetryMs), signal);
  }
}

/** One connection, until it ends. `over`: with the session. */
async function listen(course: Course, signal: AbortSignal, listener: Listener): Promise<'lost' | 'over'> {
  const silence = new AbortController();
  const giveUp = () => silence.abort();
  let timer = setTimeout(giveUp, silenceMs);
  // the system knows at once that its network is gone; the connection would be silent for a while first
  window.addEventListener('offline', giveUp);
  try {
    const answer: Response = await fetch(apiPaths.events, {
      headers: {
        [apiHeader.name]: apiHeader.value,
        // a stream that stays open is nobody's use of the session
        [pollHeader.name]: pollHeader.value,
        ...(course.last === null ? {} : { [lastEventHeader]: course.last }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (answer.status === 401) return 'over';
    if (!answer.ok || !answer.body) return 'lost';
    const read = createFrameReader();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'lost';
      clearTimeout(timer);
      timer = setTimeout(giveUp, silenceMs);
      for (const { id, data, retry } of read(value)) {
        course.retryMs = retry ?? course.retryMs;
        course.last = id ?? course.last;
        if (data === '') continue;
        const event = JSON.parse(data) as Event;
        if (event.kind === 'session.ended') return 'over';
        if (event.kind === 'hello') {
          course.failures = 0;
          listener.onState(null);
        }
        listener.onEvent(event);
      }
    }
  } finally {
    clearTimeout(timer);
    window.removeEventListener('offline', giveUp);
  }
}

/** Ends early when the network is back, or nobody waits any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
