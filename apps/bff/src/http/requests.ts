import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from '../log.ts';
import { clientAddress } from './client-address.ts';

/**
 * Gives each request an id of our own making (a client's could imitate another's in the log) and logs it when it is
 * over. Paths are logged without their query, which may hold what somebody typed.
 */
export function followRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID();
    const started = performance.now();
    const { method, path } = request;
    const address = clientAddress(request);
    response.locals.requestId = requestId;
    response.setHeader('x-request-id', requestId);
    response.once('close', () => {
      log.info(
        {
          requestId,
          method,
          path: path.slice(0, 300),
          status: response.statusCode,
          ms: Math.round(performance.now() - started),
          address,
          user: response.locals.user,
          code: response.locals.problemCode,
          ...(!response.writableFinished && { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
