import type { Event } from '@moru/types';
import type { QueryClient } from '@tanstack/react-query';
import { reportSessionEnd } from '../session/session-end.ts';
import { applyEvent } from './apply-event.ts';
import { setLost } from './live-state.ts';
import { holdStream } from './stream.ts';

/** What the tab that holds the stream says to the others of its browser. */
type Message =
  | { type: 'event'; event: Event }
  | { type: 'state'; lostSince: string | null }
  /** a tab that has just opened asks how things stand */
  | { type: 'ask' };

/**
 * Keeps the queries of this tab fresh by one stream of events for the whole browser: with HTTP/1.1 a browser opens six
 * connections to a place, and a stream in each tab would leave none for the seventh. The tab that gets the lock
 * holds the stream; when it is closed, the next one does. Returns what ends it.
 */
export function startLive(queries: QueryClient, userId: string): () => void {
  const end = new AbortController();
  const channel = new BroadcastChannel(`moru.live.${userId}`);
  let leading = false;
  let lost: string | null = null;
  const tell = (message: Message) => channel.postMessage(message);

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === 'event') applyEvent(queries, data.event);
    else if (data.type === 'state') setLost(data.lostSince);
    else if (leading) tell({ type: 'state', lostSince: lost });
  };

  const lead = async () => {
    leading = true;
    await holdStream(end.signal, {
      onEvent(event) {
        applyEvent(queries, event);
        tell({ type: 'event', event });
      },
      onState(lostSince) {
        lost = lostSince;
        setLost(lostSince);
        tell({ type: 'state', lostSince });
      },
      // the other tabs learn it from their next request
      onSessionEnd: reportSessionEnd,
    });
    leading = false;
  };

  // without locks (a page that came by plain HTTP from another machine) each tab has its own, as far as the BFF lets it
  const held = navigator.locks
    ? navigator.locks.request(`moru.live.${userId}`, { signal: end.signal }, lead)
    : lead();
  held.catch(() => {
    // given up while it waited for the lock
  });
  tell({ type: 'ask' });

  return () => {
    end.abort();
    channel.close();
    setLost(null);
  };
}
