import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import { requireToken } from '../iam/guard.ts';
import type { Tokens } from '../iam/tokens.ts';
import { answerChecks } from './answer.ts';
import { failureHandler, nothingHere } from './failure.ts';
import type { Faults } from './faults.ts';
import { requestLog } from './requests.ts';

export interface AppParts {
  log: Logger;
  tokens: Tokens;
  /** before the token check */
  iam: Router;
  /** BCS, Network, VPC, Image and Config: one port serves them all, since their paths do not collide */
  services: Router[];
  faults: Faults | null;
  checkAnswers: boolean;
}

/** Order matters: log, health, faults, body, IAM, token check, services, failures. */
export function createApp({ log, tokens, iam, services, faults, checkAnswers }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set(answerChecks, checkAnswers);
  // `a=1&a=2` gives an array, which lists refuse; nested forms are not understood at all.
  app.set('query parser', 'simple');

  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.use(requestLog(log));

  const body = express.json({ limit: '256kb' });
  if (faults) {
    app.use('/_moru', body);
    app.use(faults.routes());
    app.use(faults.strike());
  }
  app.use(body);
  app.use(iam);
  // No path in front: whatever is not IAM is refused without a token, however it is written.
  app.use(requireToken(tokens), ...services);
  app.use(nothingHere);
  app.use(failureHandler(log));
  return app;
}
