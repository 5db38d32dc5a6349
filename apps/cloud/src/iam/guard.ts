import { authTokenHeader } from '@moru/kakaocloud';
import type { Request, RequestHandler } from 'express';
import { ApiFailure } from '../http/failure.ts';
import { type Account, type Role, roles } from './accounts.ts';
import type { Grant, Tokens } from './tokens.ts';

const callers = new WeakMap<Request, Account>();

/** Who sent the request; only behind requireToken. */
export function callerOf(request: Request): Account {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('the route stands before the token check');
  return caller;
}

/** @throws ApiFailure 401 */
export function presentedGrant(request: Request, tokens: Tokens): Grant {
  const token = request.get(authTokenHeader);
  const grant = token ? tokens.grantOf(token) : undefined;
  if (grant === undefined) throw new ApiFailure(401, 'The X-Auth-Token is missing, unknown or expired');
  return grant;
}

/** Lets only holders of a token pass, and readers only where nothing changes. */
export function requireToken(tokens: Tokens): RequestHandler {
  const writers = allow('member');
  return (request, response, next) => {
    callers.set(request, presentedGrant(request, tokens).account);
    if (request.method === 'GET' || request.method === 'HEAD') next();
    else writers(request, response, next);
  };
}

/** Lets pass who holds at least this role. */
export function allow(role: Role): RequestHandler {
  return (request, _response, next) => {
    if (roles.indexOf(callerOf(request).role) < roles.indexOf(role)) {
      throw new ApiFailure(403, `This takes the project role ${role}`);
    }
    next();
  };
}
