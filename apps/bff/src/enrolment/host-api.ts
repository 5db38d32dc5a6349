import {
  checkInRequestSchema,
  type EnrolmentAnswer,
  enrolmentPaths,
  enrolmentRequestSchema,
  ProblemError,
  parseJoinToken,
  renewalRequestSchema,
} from '@moru/types';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { z } from 'zod';
import { clientAddress } from '../http/client-address.ts';
import { readInput } from '../http/input.ts';
import { answerProblems, unknownRoute } from '../http/problems.ts';
import { followRequests } from '../http/requests.ts';
import type { Logger } from '../log.ts';
import type { HostDesk } from './desk.ts';
import { peerSerial } from './peer.ts';

/** Failed requests per address and minute: a fleet behind one address has few, a guesser wants more. */
const failuresPerMinute = 30;

/** What hosts ask of the installation (`enrolmentPaths`), on a listener of its own. */
export function createHostApi(desk: HostDesk, log: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('query parser', 'simple');
  app.use(followRequests(log, null));
  app.use((_request, response, next) => {
    response.setHeader('cache-control', 'no-store');
    next();
  });
  app.use(
    rateLimit({
      windowMs: 60_000,
      limit: failuresPerMinute,
      skipSuccessfulRequests: true,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      keyGenerator: (request) => ipKeyGenerator(clientAddress(request)),
      handler: (_request, _response, next) => next(new ProblemError('rate.limited')),
    }),
  );

  app.get(
    enrolmentPaths.authorities,
    answering(async () => ({ authorities: await desk.believed(), time: new Date().toISOString() })),
  );

  app.post(
    enrolmentPaths.enrolments,
    answering(async (request, response): Promise<EnrolmentAnswer> => {
      const body = await bodyOf(request, response, enrolmentRequestSchema);
      const token = parseJoinToken(body.token);
      if (!token) throw new ProblemError('token.invalid');
      return desk.enrol(token, body, originOf(request, response));
    }),
  );

  app.post(
    enrolmentPaths.checkIn,
    answering(async (request, response) => {
      const serial = peerSerial(request);
      return desk.checkIn(serial, await bodyOf(request, response, checkInRequestSchema));
    }),
  );

  app.post(
    enrolmentPaths.renewals,
    answering(async (request, response) => {
      const serial = peerSerial(request);
      const body = await bodyOf(request, response, renewalRequestSchema);
      return desk.renew(serial, body.request, originOf(request, response));
    }),
  );

  app.use(unknownRoute);
  app.use(answerProblems(log));
  return app;
}

function answering(handle: (request: Request, response: Response) => Promise<unknown>): RequestHandler {
  return async (request, response) => {
    response.json(await handle(request, response));
  };
}

async function bodyOf<Schema extends z.ZodType>(
  request: Request,
  response: Response,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { body } = await readInput(request, response, { body: schema });
  return body as z.infer<Schema>;
}

const originOf = (request: Request, response: Response) => ({
  address: clientAddress(request).replace(/^::ffff:/, ''),
  requestId: String(response.locals.requestId),
});
