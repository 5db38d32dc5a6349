import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Ends } from '../access/report.ts';
import { log, messageOf } from '../log.ts';
import type { createGate } from '../process/gate.ts';
import { readBody } from './body.ts';
import { openedAt } from './connections.ts';
import { type Answer, answerOf, type Found, findRoute, handleRequest } from './respond.ts';

/** Seconds after which what is refused now may go through. */
const retryAfter: Record<string, string> = {
  'host.busy': '2',
  'trial.pending': '10',
  'trial.unguarded': '10',
};

export interface Call {
  /** the segments that the route's path names, `:id` as `id` */
  params: Readonly<Record<string, string>>;
  /** as sent, to be parsed by the route's schema; a repeated key is an array, which no schema takes */
  query: unknown;
  /** undefined for GET */
  body: unknown;
  requestId: string;
  /** when the connection was taken (`performance.now()`), before its handshake */
  connectedAt: number;
  /** of that connection; null for a request of our own */
  ends: Ends | null;
}

export interface Route {
  method: 'GET' | 'POST';
  /** a segment that begins with a colon stands for any one of letters, digits, `_` and `-` */
  path: string;
  /** of a good answer; default 200 */
  status?: number;
  /** default 64 KiB */
  maxBodyBytes?: number;
  /**
   * Reads whole rule sets. Where they are large a child handles the request, once this queue lets it; so nothing may
   * be needed for it but what is on the disk and what the host tells.
   */
  large?: ReturnType<typeof createGate>;
  handle: (call: Call) => Promise<unknown>;
}

export interface Request {
  method: Route['method'];
  /** path and query */
  target: string;
  requestId: string;
  body: Buffer | undefined;
  connectedAt: number;
  ends: Ends | null;
}

/** An answer whose text is still to come from elsewhere. */
export interface StreamedAnswer extends Omit<Answer, 'text'> {
  body: AsyncIterable<Buffer>;
  bytes: number;
  /** nobody will read what is left of it: without this, whoever writes it would wait for a reader */
  drop(): void;
}

/** Handles a request once its route is known; those of routes that are `large` maybe by a child. */
export type HandleFound = (found: Found, request: Request) => Promise<Answer | StreamedAnswer>;

/** The caller's id where it is one, so that the BFF's record and this log meet. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : randomUUID();
}

async function answer(
  routes: readonly Route[],
  incoming: IncomingMessage,
  requestId: string,
  handle: HandleFound,
): Promise<Answer | StreamedAnswer> {
  try {
    const target = incoming.url ?? '/';
    const found = findRoute(routes, incoming.method, target);
    const { method, maxBodyBytes } = found.route;
    const body = method === 'POST' ? await readBody(incoming, maxBodyBytes) : undefined;
    const { remoteAddress: remote, localAddress: local } = incoming.socket;
    const ends = remote && local ? { remote, local } : null;
    const connectedAt = openedAt(incoming.socket);
    const request = { method, target, requestId, body, connectedAt, ends };
    return await handle(found, request);
  } catch (error) {
    return answerOf(error, requestId);
  }
}

/** Finds the route of a request, answers in JSON, and logs one line per request. */
export function createHandler(
  routes: readonly Route[],
  handle: HandleFound = handleRequest,
): RequestListener {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const started = performance.now();
    const requestId = requestIdOf(request);
    // a peer that goes away in the middle of its body or of our answer is no failure of ours
    request.on('error', () => {});
    response.on('error', () => {});
    const answered = await answer(routes, request, requestId, handle);
    const { status, type, code } = answered;
    response.writeHead(status, {
      'content-type': type,
      'content-length': 'text' in answered ? Buffer.byteLength(answered.text) : answered.bytes,
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(code && retryAfter[code] ? { 'retry-after': retryAfter[code] } : {}),
      // what is left of a body that was not read would be taken for the next request
      ...(request.complete ? {} : { connection: 'close' }),
    });
    if ('text' in answered) response.end(answered.text);
    else {
      // a caller that has gone, maybe before its answer was there, reads nothing more of it
      if (response.destroyed || request.socket.destroyed) answered.drop();
      else response.once('close', () => answered.drop());
      // cut off in the middle, the answer is shorter than it says it is, which no caller takes for whole
      await pipeline(answered.body, response).catch((error: unknown) => {
        log.error('an answer was cut off', { requestId, reason: messageOf(error) });
      });
    }
    log.info('request', {
      requestId,
      method: request.method,
      url: request.url?.slice(0, 256),
      status,
      code,
      ms: Math.round(performance.now() - started),
    });
  };
}
