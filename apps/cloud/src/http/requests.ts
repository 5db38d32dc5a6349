import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

const header = 'x-request-id';

// What a caller may choose ends up in our log: printable, one word, bounded.
const acceptable = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives each request an id (the caller's, where it has one), echoes it and logs the request once it is over. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const given = request.get(header) ?? '';
    const requestId = acceptable.test(given) ? given : randomUUID();
    response.set(header, requestId);
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

/** The id that requestLog gave to the request. */
export function requestIdOf(response: Response): string {
  return response.get(header) ?? '';
}
