import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from 'axios';
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

/** Errors raised before a byte of the request could leave. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * A client for fixed upstreams: connections are reused, redirects and proxies of the environment are not followed,
 * answers are bounded, and `timeoutMs` covers the whole call from connecting to the last retry. Only GET is retried.
 */
export function createUpstream(timeoutMs: number): SendUpstream {
  const agents = { keepAlive: true, maxSockets: 128, maxFreeSockets: 32 };
  const client = axios.create({
    httpAgent: new HttpAgent(agents),
    httpsAgent: new HttpsAgent(agents),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maximumAnswerBytes,
    maxBodyLength: 1024 * 1024,
    responseType: 'text',
    // parsed by hand below: axios would pass a broken body on as text
    transformResponse: [(text: string) => text],
    validateStatus: () => true,
    headers: { 'user-agent': 'moru', accept: 'application/json' },
  });
  return async (request) => {
    const signal = AbortSignal.timeout(timeoutMs);
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await sendOnce(client, request, signal).catch(noAnswerOf);
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
  client: AxiosInstance,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const response: AxiosResponse<string> = await client.request({
    method: request.method,
    url: request.url,
    headers: request.headers,
    signal,
    ...(request.query && { params: request.query }),
    ...(request.body !== undefined && { data: request.body }),
  });
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return { status: response.status, headers, body: parseBody(headers['content-type'], response.data) };
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
  if (!isAxiosError(error)) throw error;
  const code = error.code ?? '';
  const timedOut = axios.isCancel(error) || code === 'ECONNABORTED' || code === 'ETIMEDOUT';
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
