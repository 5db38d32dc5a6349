import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

// What a caller may choose ends up in our log: printable, one word, bounded.
const acceptable = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives each request an id (the caller's, where it has one), echoes it and logs the request once it is over. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const requestId = acceptable.test(given) ? given : randomUUID();
    response.set('x-request-id', requestId);
    const { method, path } = request;
    const begun = performance.now();
    response.once('close', () => {
      const ms = Math.round(performance.now() - begun);
      const status = response.writableFinished ? response.statusCode : 'unanswered';
      log.info({ requestId, method, path, status, ms }, 'request');
    });
    next();
  };
}
