import {
  apiPaths,
  type Installation,
  installationSchema,
  ProblemError,
  type SignIn,
  sessionSchema,
  signInSchema,
} from '@moru/types';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { type AuditRecorders, recordEvent } from '../audit/operation.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import type { SeededAccount } from '../config.ts';
import type { EventBus } from '../events/bus.ts';
import { sessionChannel } from '../events/streams.ts';
import { clientAddress } from '../http/client-address.ts';
import { type Route, route } from '../http/route.ts';
import type { SessionCookie } from './cookie.ts';
import type { Sessions, SignedIn } from './sessions.ts';

/** Failed sign-ins per address and minute: a person mistypes a few times, a guesser wants thousands. */
const maximumFailures = 10;
const windowMs = 60_000;

export interface SessionServices extends AuditRecorders {
  cloud: CloudProvider;
  sessions: Sessions;
  cookie: SessionCookie;
  bus: EventBus;
  installation: Installation;
  accounts: readonly SeededAccount[];
  region: string;
}

export function sessionRoutes(services: SessionServices): Route[] {
  const { cloud, sessions, cookie, bus, installation, region, log } = services;

  const view = ({ user, project, role, expiresAt }: SignedIn) => ({ user, project, role, region, expiresAt });

  /** The token is given back as well; where that fails it ends by itself, and the session is over all the same. */
  const end = async (session: SignedIn, requestId: string) => {
    await sessions.end(session);
    await bus.publish([{ projectId: sessionChannel(session.idHash), event: { kind: 'session.ended' } }]);
    cloud.signOut({ token: session.token, requestId }).catch((error: unknown) => {
      log.warn({ error, requestId }, 'token was not revoked');
    });
  };

  return [
    route({
      method: 'get',
      path: apiPaths.installation,
      policy: 'public',
      input: {},
      output: installationSchema,
      handle: async () => installation,
    }),

    route({
      method: 'get',
      path: apiPaths.session,
      // asked by every page before anybody has signed in, so that nobody being there is an answer, not a failure
      policy: 'public',
      input: {},
      output: sessionSchema.nullable(),
      handle: async ({ session }) => session && view(session),
    }),

    route({
      method: 'post',
      path: apiPaths.session,
      policy: 'public',
      limiter: failureLimiter(),
      input: { body: signInSchema },
      output: sessionSchema,
      async handle(call) {
        const { requestId } = call.caller;
        const issued = await cloud.signIn(accessKeyOf(call.input.body, services.accounts), requestId);
        // a new id at each sign-in: one that was planted or seen before is worth nothing afterwards
        if (call.session) await end(call.session, requestId);
        const { id, session } = await sessions.start(issued);
        cookie.set(call.response, id);
        await recordEvent(services, 'session.start', { ...call, session });
        return view(session);
      },
    }),

    route({
      method: 'delete',
      path: apiPaths.session,
      policy: 'session',
      input: {},
      output: null,
      async handle(call) {
        await end(call.session, call.caller.requestId);
        cookie.clear(call.response);
        await recordEvent(services, 'session.end', call);
      },
    }),
  ];
}

function accessKeyOf(body: SignIn, accounts: readonly SeededAccount[]) {
  if ('accessKeyId' in body) return body;
  const account = accounts.find(({ id }) => id === body.seededAccount);
  if (!account) throw new ProblemError('credentials.invalid');
  return { accessKeyId: account.accessKeyId, secret: account.secret };
}

function failureLimiter() {
  return rateLimit({
    windowMs,
    limit: maximumFailures,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => ipKeyGenerator(clientAddress(request)),
    handler: (_request, _response, next) => next(new ProblemError('rate.limited')),
  });
}
