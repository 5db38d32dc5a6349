import pg from 'pg';
import type { Logger } from '../log.ts';
import { connectionOptions } from './postgresql.ts';

/** Wake-up calls between the replicas of one database. */
export interface Notices {
  close(): Promise<void>;
}

export const noticeChannel = 'moru_events';

const reconnectMs = { first: 100, most: 5_000 };

/**
 * Calls `wake` whenever another replica (or this one) has committed an event, and after each time that the connection
 * had to be made anew, since calls may have been missed meanwhile.
 */
export function listenForNotices(url: string, wake: () => void, log: Logger): Notices {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let delay = reconnectMs.first;
  let closed = false;

  const again = () => {
    client = null;
    if (closed) return;
    timer = setTimeout(connect, delay);
    delay = Math.min(delay * 2, reconnectMs.most);
  };

  const connect = async () => {
    const attempt = new pg.Client(connectionOptions(url));
    client = attempt;
    attempt.on('notification', wake);
    attempt.on('error', (error) => log.warn({ error }, 'the connection for notices broke'));
    attempt.once('end', again);
    try {
      await attempt.connect();
      await attempt.query(`listen ${noticeChannel}`);
      delay = reconnectMs.first;
      wake();
    } catch (error) {
      log.warn({ error }, 'no notices from the database');
      await attempt.end().catch(() => undefined);
    }
  };

  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
