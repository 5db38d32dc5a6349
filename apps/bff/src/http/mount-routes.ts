import { ProblemError, pollHeader, roleAllows, whyNot } from '@moru/types';
import type { Express, Request, Response } from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { createOperation, recordRefusal, runRecorded } from '../audit/operation.ts';
import { TokenRefused } from '../cloud/provider.ts';
import type { Answer } from '../idempotency/keys.ts';
import { answerOnce, type OnceServices } from '../idempotency/once.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { SessionCookie } from '../session/cookie.ts';
import type { Sessions, SignedIn } from '../session/sessions.ts';
import { clientAddress } from './client-address.ts';
import { readInput } from './input.ts';
import { problemType } from './problems.ts';
import { refusalOf } from './refusals.ts';
import type { Call, Route } from './route.ts';

export interface RouteServices extends OnceServices {
  sessions: Sessions;
  cookie: SessionCookie;
  audit: AuditLog;
  inventory: Pick<Inventory, 'invalidate'>;
}

/** Gives every route to Express behind one order of steps: session, role, input, proof, facts, intent, handler, outcome. */
export function mountRoutes(app: Express, routes: readonly Route[], services: RouteServices): void {
  for (const route of routes) {
    const limiters = route.limiter ? [route.limiter] : [];
    app[route.method](route.path, ...limiters, (request: Request, response: Response) =>
      run(route, request, response, services),
    );
  }
}

async function run(route: Route, request: Request, response: Response, services: RouteServices) {
  response.locals.route = route.path;
  const session = await findSession(route, request, response, services);
  const requestId: string = response.locals.requestId;
  const call: Call<Record<string, unknown>, SignedIn | null> = {
    input: {},
    session,
    caller: { token: session?.token ?? '', requestId },
    address: clientAddress(request),
    userAgent: request.headers['user-agent'],
    response,
  };
  try {
    if (route.change && session) {
      return send(response, await change(route, route.change, { ...call, session }, request, services));
    }
    const result = await read(route, call, request);
    if (route.sends === null) send(response, answerOf(route, result));
  } catch (error) {
    if (session && error instanceof TokenRefused) {
      await services.sessions.end(session);
      services.cookie.clear(response);
    }
    throw error;
  }
}

/** A page opens its stream by itself, again and again, which shows nobody's presence. */
const eventStream = 'text/event-stream';

/** Whoever asks, as far as the route needs to know; 401 where it does and nobody is signed in. */
async function findSession(
  route: Route,
  request: Request,
  response: Response,
  { sessions, cookie }: RouteServices,
): Promise<SignedIn | null> {
  const token = bearerToken(request);
  if (token !== null) return findProgram(route, token, response, sessions);
  const id = cookie.read(request);
  const isPoll = route.sends === eventStream || request.headers[pollHeader.name] === pollHeader.value;
  const session = id === null ? null : await sessions.find(id, { touch: !isPoll });
  response.locals.user = session?.user.id;
  if (session || route.policy === 'public') return session;
  if (id !== null) cookie.clear(response);
  throw new ProblemError(id === null ? 'session.required' : 'session.expired');
}

/** Null without an Authorization header. Whatever else it carries than a token of ours lets nobody in. */
function bearerToken({ headers: { authorization } }: Request): string | null {
  if (authorization === undefined) return null;
  return /^Bearer ([\w.~+/=-]{1,200})$/i.exec(authorization)?.[1] ?? '';
}

async function findProgram(
  { method, policy }: Route,
  token: string,
  response: Response,
  sessions: Sessions,
): Promise<SignedIn> {
  const session = await sessions.findForProgram(token);
  if (!session) throw new ProblemError('session.expired');
  response.locals.user = session.user.id;
  const isOwnMatter = policy === 'public' || policy === 'session' || policy === 'apiToken.create';
  if (method !== 'get' && isOwnMatter) throw new ProblemError('apiToken.refused');
  return session;
}

async function read(
  route: Route,
  call: Call<Record<string, unknown>, SignedIn | null>,
  request: Request,
): Promise<unknown> {
  requireRole(route, call.session);
  const input = await readInput(request, call.response, route.input, route.maxBodyBytes ?? undefined);
  return route.handle({ ...call, input }, null, null);
}

function requireRole({ policy }: Route, session: SignedIn | null): void {
  if (policy === 'public' || policy === 'session') return;
  if (!session || !roleAllows(session.role, policy)) throw new ProblemError('role.insufficient');
}

async function change(
  route: Route,
  { policy, audit, irrevocable, prepare, outcome }: NonNullable<Route['change']>,
  call: Call<Record<string, unknown>>,
  request: Request,
  services: RouteServices,
): Promise<Answer> {
  const operation = createOperation(policy, call, request.path);
  const ask = async () => {
    requireRole(route, call.session);
    const input = await readInput(request, call.response, route.input, route.maxBodyBytes ?? undefined);
    Object.assign(operation, audit(input));
    if (irrevocable(input) && !call.session.proven) throw new ProblemError('session.proofNeeded');
    return { ...call, input };
  };
  const judge = async (ready: Call<Record<string, unknown>>) => {
    const { read: facts, instance, name, found } = await prepare(ready);
    operation.targetName = name;
    operation.detail = { ...operation.detail, ...found };
    const reason = instance && whyNot(policy, call.session.role, instance);
    if (reason) throw refusalOf(reason);
    return facts;
  };
  const refused = async (error: unknown): Promise<never> => {
    await recordRefusal(services, operation, error);
    throw error;
  };
  const ready = await ask().catch(refused);
  return answerOnce(services, request, ready, async (begun) => {
    const facts = await judge(ready).catch(refused);
    begun();
    // whether it succeeds or not: a failed one may have been done
    const handle = () =>
      route.handle(ready, facts, operation).finally(() => {
        services.inventory.invalidate(call.session.project.id);
      });
    const result = await (outcome ? runRecorded(services, operation, handle, outcome) : handle());
    return answerOf(route, result);
  });
}

/** What is answered, as it goes over the wire. */
function answerOf({ output }: Route, result: unknown): Answer {
  return output === null
    ? { status: 204, text: null }
    : { status: 200, text: JSON.stringify(output.parse(result)) };
}

function send(response: Response, { status, text }: Answer): void {
  response.status(status);
  if (text === null) response.end();
  else response.type(status < 400 ? 'json' : problemType).send(text);
}
