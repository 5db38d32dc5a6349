import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, errors } from 'undici';
import type { Metrics } from '../metrics/metrics.ts';
import { NoAnswer } from '../no-answer.ts';

export interface UpstreamRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  query?: Record<string, string | number | boolean>;
  body?: unknown;
  headers: Record<string, string>;
  /** not repeated, although it is a GET */
  once?: true;
}

/** Any HTTP answer, 4xx and 5xx included. `body` is parsed JSON; undefined when it is empty or not JSON. */
export interface UpstreamAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export type SendUpstream = (request: UpstreamRequest) => Promise<UpstreamAnswer>;

/** A page of 1,000 instances takes about 2 MB. */
const maximumAnswerBytes = 16 * 1024 * 1024;
const maximumRetries = 2;
/** the first wait; doubled each time, and spread by half either way so that many clients do not come back at once */
const retryBaseMs = 150;
/** longer than this is for the person to wait, not for the request */
const maximumRetryAfterMs = 2_000;

/** of each upstream */
const connections = 128;

/** Errors raised before a byte of the request could leave. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  new errors.ConnectTimeoutError().code,
]);

/**
 * A client for fixed upstreams: connections are reused, redirects and proxies of the environment are not followed,
 * answers are bounded, and `timeoutMs` covers the whole call from connecting to the last retry. Only GET is retried.
 */
export function createUpstream(timeoutMs: number, metrics?: Pick<Metrics, 'cloudCall'>): SendUpstream {
  const dispatcher = new Agent({
    connections,
    allowH2: false,
    autoSelectFamily: true,
    maxResponseSize: maximumAnswerBytes,
    connect: { timeout: timeoutMs },
    // the deadline of the whole call says it
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return async (request) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const url = new URL(request.url);
    for (let attempt = 0; ; attempt += 1) {
      const began = performance.now();
      const outcome = await sendOnce(dispatcher, url, request, signal).catch(noAnswerOf);
      const status = outcome instanceof NoAnswer ? null : outcome.status;
      metrics?.cloudCall(request.method, url.host, status, (performance.now() - began) / 1000);
      const repeatable = request.method === 'GET' && !request.once;
      const waitMs = repeatable ? retryWait(outcome, attempt) : null;
      if (waitMs !== null) {
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
        if (!signal.aborted) continue;
      }
      if (outcome instanceof NoAnswer) throw outcome;
      return outcome;
    }
  };
}

async function sendOnce(
  dispatcher: Dispatcher,
  { origin, pathname, search }: URL,
  { method, query, body, headers }: Omit<UpstreamRequest, 'url'>,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const asked = query ? queryText(query) : '';
  const response = await dispatcher.request({
    origin,
    path: pathname + (asked === '' ? search : `?${asked}`),
    method,
    signal,
    headers: {
      ...{ 'user-agent': 'moru', accept: 'application/json' },
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.body.text();
  const said: Record<string, string> = {};
  for (const name in response.headers) said[name] = String(response.headers[name]);
  return { status: response.statusCode, headers: said, body: parseBody(said['content-type'], text) };
}

function queryText(query: NonNullable<UpstreamRequest['query']>): string {
  return new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

function parseBody(contentType: string | undefined, text: string): unknown {
  if (text === '' || !/^[a-z]+\/(.+\+)?json\b/i.test(contentType ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noAnswerOf(error: unknown): NoAnswer {
  if (!(error instanceof Error)) throw error;
  const code = 'code' in error ? String(error.code) : '';
  const timedOut =
    error.name === 'TimeoutError' || code === 'ETIMEDOUT' || error instanceof errors.ConnectTimeoutError;
  return new NoAnswer(timedOut ? 'no answer in time' : error.message || code, {
    timedOut,
    sent: !neverSent.has(code),
  });
}

/** How long to wait before the next attempt; null when the outcome stands. */
function retryWait(outcome: UpstreamAnswer | NoAnswer, attempt: number): number | null {
  if (attempt >= maximumRetries) return null;
  const jitteredMs = retryBaseMs * 2 ** attempt * (0.5 + Math.random());
  if (outcome instanceof NoAnswer) return outcome.timedOut ? null : jitteredMs;
  if (outcome.status !== 429 && outcome.status < 500) return null;
  const retryAfter = outcome.headers['retry-after'];
  if (retryAfter === undefined) return jitteredMs;
  const askedMs = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return askedMs <= maximumRetryAfterMs ? Math.max(askedMs, jitteredMs) : null;
}
