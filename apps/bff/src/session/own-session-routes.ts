import { apiPaths, type OwnSession, ownSessionListSchema, ownSessionSchema, ProblemError } from '@moru/types';
import { z } from 'zod';
import { type AuditRecorders, recordEvent } from '../audit/operation.ts';
import { pathPattern } from '../http/paths.ts';
import { type Route, route } from '../http/route.ts';
import type { SessionCookie } from './cookie.ts';
import type { EndSession } from './end-session.ts';
import type { SessionFacts, Sessions, SignedIn } from './sessions.ts';

interface OwnSessionParts extends AuditRecorders {
  sessions: Sessions;
  cookie: SessionCookie;
  end: EndSession;
}

const maximumListed = 100;

/** A list's name of a session: enough of the hash to tell a person's few apart, too little to find the row by. */
const nameOf = ({ idHash }: Pick<SignedIn, 'idHash'>) => idHash.slice(0, 16);

const sessionParams = z.strictObject({ sessionId: ownSessionSchema.shape.id });

/** What a person sees and ends of their own sessions, whatever the project; other people's are not found. */
export function ownSessionRoutes(parts: OwnSessionParts): Route[] {
  const { sessions, cookie, end } = parts;
  return [
    route({
      method: 'get',
      path: apiPaths.sessions,
      policy: 'session',
      input: {},
      output: ownSessionListSchema,
      async handle({ session }) {
        const readAt = new Date().toISOString();
        const own = await sessions.ofUser(session.user.id);
        return { sessions: own.slice(0, maximumListed).map((each) => viewOf(each, session)), readAt };
      },
    }),

    route({
      method: 'delete',
      path: pathPattern(apiPaths.ownSession(':sessionId')),
      policy: 'session',
      input: { params: sessionParams },
      output: null,
      async handle(call) {
        const own = await sessions.ofUser(call.session.user.id);
        const meant = own.find((each) => nameOf(each) === call.input.params.sessionId);
        if (!meant) throw new ProblemError('session.notFound');
        await end(meant, call.caller.requestId);
        if (meant.idHash === call.session.idHash) cookie.clear(call.response);
        await recordEvent(parts, 'session.end', call, { session: nameOf(meant), address: meant.address });
      },
    }),

    route({
      method: 'delete',
      path: apiPaths.sessions,
      policy: 'session',
      input: {},
      output: null,
      async handle(call) {
        const own = await sessions.ofUser(call.session.user.id);
        for (const each of own) await end(each, call.caller.requestId);
        cookie.clear(call.response);
        await recordEvent(parts, 'session.end', call, { everywhere: true, sessions: own.length });
      },
    }),
  ];
}

function viewOf(each: SignedIn & SessionFacts, current: SignedIn): OwnSession {
  const { project, role, device, address, apiToken } = each;
  const timeOf = (ms: number) => new Date(ms).toISOString();
  return {
    ...{ project, role, device, address, apiToken },
    id: nameOf(each),
    current: each.idHash === current.idHash,
    createdAt: timeOf(each.createdAt),
    usedAt: timeOf(each.usedAt),
    endsAt: timeOf(each.endsAt),
  };
}
