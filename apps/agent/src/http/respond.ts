import { ProblemError } from '@moru/types';
import type { Ends } from '../access/report.ts';
import { problemFrom } from './problems.ts';
import type { Route } from './router.ts';

/** Answers are at most this long (the contract of `agentPaths`). */
export const maxAnswerBytes = 16 * 1024 * 1024;

/** A request once its route is known. */
export interface Found {
  route: Route;
  params: Record<string, string>;
  url: URL;
}

export interface Answer {
  status: number;
  type: 'application/json' | 'application/problem+json';
  text: string;
  /** of a problem */
  code?: string;
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

/**
 * The first route that fits: one with a fixed segment stands before one that takes any. Throws ProblemError
 * `route.unknown`.
 */
export function findRoute(routes: readonly Route[], method: string | undefined, target: string): Found {
  const url = new URL(target, 'https://agent');
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.path, url.pathname) : null;
    if (params) return { route, params, url };
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

/** The JSON of a body, undefined for a request without one. Throws ProblemError `input.malformed`. */
export function parseBody(bytes: Buffer | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ProblemError('input.malformed', { detail: 'The body is not JSON.' }, { cause: error });
  }
}

/** Has the route handle a request. Throws what it throws. */
export async function handleRequest(
  { route, params, url }: Found,
  request: { body: Buffer | undefined; requestId: string; connectedAt: number; ends: Ends | null },
): Promise<Answer> {
  const { requestId, connectedAt, ends } = request;
  const body = parseBody(request.body);
  const text = JSON.stringify(
    await route.handle({ params, query: queryOf(url), body, requestId, connectedAt, ends }),
  );
  if (Buffer.byteLength(text) > maxAnswerBytes) {
    throw new ProblemError('host.failed', { detail: 'The answer would be larger than 16 MiB.' });
  }
  return { status: route.status ?? 200, type: 'application/json', text };
}

/** What was thrown, as it is answered. */
export function answerOf(error: unknown, requestId: string): Answer {
  const problem = problemFrom(error, requestId);
  const { status, code } = problem;
  const whole = JSON.stringify(problem);
  // the sides of a conflict are whole rule sets; the state that comes with them has a bound of its own
  const fits = Buffer.byteLength(whole) <= maxAnswerBytes;
  const text = fits ? whole : JSON.stringify({ ...problem, conflict: undefined });
  return { status, code, type: 'application/problem+json', text };
}
