import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ProblemError } from '@moru/types';
import { log } from '../log.ts';
import { readJson } from './body.ts';
import { openedAt } from './connections.ts';
import { problemFrom } from './problems.ts';

/** Seconds after which what is refused now may go through. */
const retryAfter: Record<string, string> = {
  'host.busy': '2',
  'trial.pending': '10',
  'trial.unguarded': '10',
};

/** Answers are at most this long (the contract of `agentPaths`). */
const maxAnswerBytes = 16 * 1024 * 1024;

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
}

export interface Route {
  method: 'GET' | 'POST';
  /** a segment that begins with a colon stands for any one of letters, digits, `_` and `-` */
  path: string;
  /** of a good answer; default 200 */
  status?: number;
  /** default 64 KiB */
  maxBodyBytes?: number;
  handle: (call: Call) => Promise<unknown>;
}

/** The named segments of a path that fits; null for another one. */
function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== value) return null;
    } else if (/^[A-Za-z0-9_-]{1,64}$/.test(value)) params[segment.slice(1)] = value;
    else return null;
  }
  return params;
}

/** The first route that fits: one with a fixed segment stands before one that takes any. */
function find(routes: readonly Route[], method: string | undefined, path: string) {
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.path, path) : null;
    if (params) return { route, params };
  }
  throw new ProblemError('route.unknown');
}

function queryOf(url: URL): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((key) => {
      const values = url.searchParams.getAll(key);
      return [key, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** The caller's id where it is one, so that the BFF's record and this log meet. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : randomUUID();
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  requestId: string,
): Promise<{ status: number; type: string; body: string; code?: string }> {
  try {
    const url = new URL(request.url ?? '/', 'https://agent');
    const { route, params } = find(routes, request.method, url.pathname);
    const body = route.method === 'POST' ? await readJson(request, route.maxBodyBytes) : undefined;
    const connectedAt = openedAt(request.socket);
    const text = JSON.stringify(
      await route.handle({ params, query: queryOf(url), body, requestId, connectedAt }),
    );
    if (Buffer.byteLength(text) > maxAnswerBytes) {
      throw new ProblemError('host.failed', { detail: 'The answer would be larger than 16 MiB.' });
    }
    return { status: route.status ?? 200, type: 'application/json', body: text };
  } catch (error) {
    const problem = problemFrom(error, requestId);
    const { status, code } = problem;
    return { status, code, type: 'application/problem+json', body: JSON.stringify(problem) };
  }
}

/** Finds the route of a request, answers in JSON, and logs one line per request. */
export function createHandler(routes: readonly Route[]): RequestListener {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const started = performance.now();
    const requestId = requestIdOf(request);
    // a peer that goes away in the middle of its body or of our answer is no failure of ours
    request.on('error', () => {});
    response.on('error', () => {});
    const { status, type, body, code } = await answer(routes, request, requestId);
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(code && retryAfter[code] ? { 'retry-after': retryAfter[code] } : {}),
      // what is left of a body that was not read would be taken for the next request
      ...(request.complete ? {} : { connection: 'close' }),
    });
    response.end(body);
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
