import {
  apiPaths,
  type Installation,
  installationSchema,
  isWithin,
  type ProblemCode,
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
import { clientAddress } from '../http/client-address.ts';
import { type Route, route } from '../http/route.ts';
import type { PreferenceRecords } from '../preferences/records.ts';
import { apiTokenRoute, type SignInAgain } from './api-token-route.ts';
import type { SessionCookie } from './cookie.ts';
import { deviceOf } from './device.ts';
import { createEndSession } from './end-session.ts';
import { ownSessionRoutes } from './own-session-routes.ts';
import { roleOf } from './roles.ts';
import type { Sessions, SignedIn } from './sessions.ts';

/** Failed sign-ins per address and minute: a person mistypes a few times, a guesser wants thousands. */
const maximumFailures = 10;
const windowMs = 60_000;

/** Nobody's key was looked at. */
const refusedBeforehand = new Set<ProblemCode>(['role.insufficient', 'input.invalid']);

export interface SessionServices extends AuditRecorders {
  cloud: CloudProvider;
  sessions: Sessions;
  cookie: SessionCookie;
  bus: EventBus;
  installation: Installation;
  accounts: readonly SeededAccount[];
  preferences: Pick<PreferenceRecords, 'read'>;
  region: string;
}

export function sessionRoutes(services: SessionServices): Route[] {
  const { cloud, sessions, cookie, installation, preferences, region } = services;
  const end = createEndSession(services);
  // one for all places where a secret can be guessed
  const limiter = failureLimiter();

  /** the key of whoever is signed in, and of nobody else */
  const signInAgain: SignInAgain = async ({ session, caller: { requestId } }, key, role) => {
    const issued = await cloud.signIn(accessKeyOf(key, services.accounts), requestId);
    const { user, project } = session;
    const isOther = issued.user.id !== user.id || issued.project.id !== project.id;
    if (!isOther && (!role || isWithin(role, roleOf(issued.roles)))) return issued;
    await cloud.signOut({ token: issued.token, requestId }).catch(() => undefined);
    throw new ProblemError(isOther ? 'credentials.otherUser' : 'role.insufficient');
  };

  const view = async ({ user, project, role, expiresAt }: SignedIn) => ({
    ...{ user, project, role, region, expiresAt },
    preferences: await preferences.read(user.id),
  });

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
      limiter,
      input: { body: signInSchema },
      output: sessionSchema,
      async handle(call) {
        const { requestId } = call.caller;
        const issued = await cloud.signIn(accessKeyOf(call.input.body, services.accounts), requestId);
        // a new id at each sign-in: one that was planted or seen before is worth nothing afterwards
        if (call.session) await end(call.session, requestId);
        const device = deviceOf(call.userAgent);
        const { id, session } = await sessions.start(issued, { address: call.address, device });
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

    route({
      method: 'post',
      path: apiPaths.sessionProof,
      policy: 'session',
      limiter,
      input: { body: signInSchema },
      output: sessionSchema,
      async handle(call) {
        const issued = await signInAgain(call, call.input.body);
        const proven = await sessions.prove(call.session, issued);
        if (!proven) throw new ProblemError('session.expired');
        // the token before is not revoked: requests that are under way still need it, and it ends by itself
        cookie.set(call.response, proven.id);
        await recordEvent(services, 'session.prove', call);
        return view(proven.session);
      },
    }),

    ...ownSessionRoutes({ ...services, end }),
    apiTokenRoute({ sessions, limiter, signInAgain }),
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
    requestWasSuccessful: (_request, { statusCode, locals }) =>
      statusCode < 400 || refusedBeforehand.has(locals.problemCode),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => ipKeyGenerator(clientAddress(request)),
    handler: (_request, _response, next) => next(new ProblemError('rate.limited')),
  });
}
