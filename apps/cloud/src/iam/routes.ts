import {
  iamPaths,
  issueTokenSchema,
  type StrictTokenAnswer,
  strictTokenAnswerSchema,
  subjectTokenHeader,
} from '@moru/kakaocloud';
import { type Request, Router } from 'express';
import { answer, readBody } from '../http/answer.ts';
import { ApiFailure } from '../http/failure.ts';
import type { Accounts } from './accounts.ts';
import { presentedGrant } from './guard.ts';
import type { Grant, Tokens } from './tokens.ts';

/** Keystone's tokens (reference/kakaocloud.md C.1): issue, check and revoke. */
export function iamRoutes(accounts: Accounts, tokens: Tokens): Router {
  const router = Router({ caseSensitive: true });

  router.post(iamPaths.tokens, (request, response) => {
    const { identity } = readBody(issueTokenSchema, request).auth;
    const account = accounts.byCredential(identity.application_credential);
    if (account === undefined) {
      throw new ApiFailure(401, 'The request you have made requires authentication.');
    }
    const { token, grant } = tokens.issue(account);
    response.set(subjectTokenHeader, token);
    answer(response, 201, strictTokenAnswerSchema, tokenAnswer(grant));
  });

  router.get(iamPaths.tokens, (request, response) => {
    const subject = subjectOf(request, tokens);
    response.set(subjectTokenHeader, subject.token);
    answer(response, 200, strictTokenAnswerSchema, tokenAnswer(subject.grant));
  });

  router.delete(iamPaths.tokens, (request, response) => {
    tokens.revoke(subjectOf(request, tokens).token);
    response.status(204).end();
  });

  return router;
}

/** The token in question: one's own, or for an admin any of the project. */
function subjectOf(request: Request, tokens: Tokens): { token: string; grant: Grant } {
  const { account } = presentedGrant(request, tokens);
  const token = request.get(subjectTokenHeader);
  if (!token) throw new ApiFailure(400, 'The X-Subject-Token header is missing');
  const grant = tokens.grantOf(token);
  // A stranger's token answers like an unknown one.
  if (grant === undefined || grant.account.projectId !== account.projectId) {
    throw new ApiFailure(404, 'Could not find the token');
  }
  if (grant.account.id !== account.id && account.role !== 'admin') {
    throw new ApiFailure(403, 'Another user’s token takes the project role admin');
  }
  return { token, grant };
}

function tokenAnswer({ account, auditId, issuedAt, expiresAt }: Grant): StrictTokenAnswer {
  const domain = { id: 'default', name: 'Default' };
  return {
    token: {
      methods: ['application_credential'],
      user: { id: account.userId, name: account.name, domain, password_expires_at: null },
      project: { id: account.projectId, name: account.projectName, domain },
      roles: [{ id: account.role, name: account.role }],
      is_domain: false,
      audit_ids: [auditId],
      catalog: [],
      issued_at: issuedAt,
      expires_at: expiresAt,
      application_credential: { id: account.accessKeyId, name: account.name, restricted: true },
    },
  };
}
