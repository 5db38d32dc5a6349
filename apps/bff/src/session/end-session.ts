import type { CloudProvider } from '../cloud/provider.ts';
import type { EventBus } from '../events/bus.ts';
import { sessionChannel } from '../events/streams.ts';
import type { Logger } from '../log.ts';
import type { Sessions, SignedIn } from './sessions.ts';

/** Ends a session everywhere; `requestId` of whoever asked for it. */
export type EndSession = (session: SignedIn, requestId: string) => Promise<void>;

interface EndParts {
  cloud: CloudProvider;
  sessions: Sessions;
  bus: EventBus;
  log: Logger;
}

export function createEndSession({ cloud, sessions, bus, log }: EndParts): EndSession {
  return async (session, requestId) => {
    await sessions.end(session);
    await bus.publish([{ projectId: sessionChannel(session.idHash), event: { kind: 'session.ended' } }]);
    // the token is given back as well; where that fails it ends by itself, and the session is over all the same
    cloud.signOut({ token: session.token, requestId }).catch((error: unknown) => {
      log.warn({ error, requestId }, 'token was not revoked');
    });
  };
}
