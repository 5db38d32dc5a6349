import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { clientAddress } from './client-address.ts';

/**
 * Gives each request an id of our own making (a client's could imitate another's in the log) and logs it when it is
 * over. Paths are logged without their query, which may hold what somebody typed.
 */
export function followRequests(log: Logger, metrics: Metrics | null): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID();
    const started = performance.now();
    const { method, path } = request;
    const address = clientAddress(request);
    response.locals.requestId = requestId;
    response.setHeader('x-request-id', requestId);
    response.once('close', () => {
      const ms = performance.now() - started;
      // what is no route of the API is counted together: paths are for the asker to make up
      metrics?.request(method, response.locals.route ?? 'other', response.statusCode, ms / 1000);
      log.info(
        {
          requestId,
          method,
          path: path.slice(0, 300),
          status: response.statusCode,
          ms: Math.round(ms),
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
