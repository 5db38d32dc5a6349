import {
  apiPaths,
  createApiTokenSchema,
  issuedApiTokenSchema,
  isWithin,
  ProblemError,
  type Role,
  type SignIn,
} from '@moru/types';
import type { RequestHandler } from 'express';
import type { IssuedToken } from '../cloud/provider.ts';
import { type Call, mutation, type Route } from '../http/route.ts';
import { deviceOf } from './device.ts';
import type { Sessions } from './sessions.ts';

/**
 * An IAM token of its own for whoever is signed in. Throws ProblemError `credentials.otherUser`, `role.insufficient`
 * and the cloud's.
 */
export type SignInAgain = (
  call: Pick<Call<unknown>, 'session' | 'caller'>,
  key: SignIn,
  /** what it must allow: a role may have been taken away since the session began */
  role?: Role,
) => Promise<IssuedToken>;

export interface ApiTokenParts {
  sessions: Sessions;
  /** the key can be guessed here as well */
  limiter: RequestHandler;
  signInAgain: SignInAgain;
}

/**
 * A token for a program: a session of its own, with a name, at most its maker's role, and an end. As nobody's key is
 * stored, it cannot outlive the IAM token that the key gave it.
 */
export function apiTokenRoute({ sessions, limiter, signInAgain }: ApiTokenParts): Route {
  return mutation({
    method: 'post',
    path: apiPaths.apiTokens,
    policy: 'apiToken.create',
    limiter,
    input: { body: createApiTokenSchema },
    output: issuedApiTokenSchema,
    audit: ({ body: { key: _key, ...grant } }) => ({
      target: { type: 'apiToken', id: grant.name },
      detail: grant,
    }),
    async prepare({ input: { body }, session }) {
      if (!isWithin(body.role, session.role)) throw new ProblemError('role.insufficient');
      return { name: body.name };
    },
    async handle(call) {
      const { key, ...grant } = call.input.body;
      const issued = await signInAgain(call, key, grant.role);
      const place = { address: call.address, device: deviceOf(call.userAgent) };
      const { token, session } = await sessions.startForProgram(issued, place, grant);
      return { token, name: grant.name, role: session.role, expiresAt: session.expiresAt };
    },
    outcome: ({ expiresAt }) => ({ expiresAt }),
  });
}
