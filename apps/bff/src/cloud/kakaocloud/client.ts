import { authTokenHeader, errorMessage } from '@moru/kakaocloud';
import { type ProblemCode, ProblemError } from '@moru/types';
import type { z } from 'zod';
import { NoAnswer } from '../../no-answer.ts';
import { UnsettledWrite } from '../../settle.ts';
import { type Caller, TokenRefused } from '../provider.ts';
import type { SendUpstream, UpstreamAnswer, UpstreamRequest } from '../upstream.ts';

/** What a status means for this call, where it is not the general meaning. */
export type StatusMeanings = Partial<Record<number, ProblemCode>>;

export type KakaoRequest = Pick<UpstreamRequest, 'method' | 'url' | 'query' | 'body'> & {
  caller: Caller;
  meanings?: StatusMeanings;
};

/**
 * Asks KakaoCloud on behalf of a caller and parses the answer; whatever goes wrong rejects with a ProblemError that
 * carries the upstream's own words.
 */
export async function ask<Schema extends z.ZodType>(
  send: SendUpstream,
  request: KakaoRequest,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await call(send, request);
  if (request.method === 'GET') return parseAnswer(answer, schema);
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  // it was done, but with what result only the state can tell
  throw new UnsettledWrite(true, 'outcome.unknown', { upstream: 'the answer could not be read' });
}

/** The same for a write whose answer says nothing that a re-read would not say better. */
export async function tell(send: SendUpstream, request: KakaoRequest): Promise<void> {
  await call(send, request);
}

async function call(send: SendUpstream, request: KakaoRequest): Promise<UpstreamAnswer> {
  const { caller, meanings = {}, ...rest } = request;
  const headers = { [authTokenHeader]: caller.token, 'x-request-id': caller.requestId };
  return exchange(send, { ...rest, headers }, { meanings, write: rest.method !== 'GET' });
}

/** Said by what stands before a service, which may still be at it. */
const gatewayStatuses = new Set([502, 503, 504]);

/** Sends and turns every failure into its problem; a `write` whose outcome stays open becomes an UnsettledWrite. */
export async function exchange(
  send: SendUpstream,
  request: UpstreamRequest,
  { meanings = {}, write }: { meanings?: StatusMeanings; write: boolean },
): Promise<UpstreamAnswer> {
  let answer: UpstreamAnswer;
  try {
    answer = await send(request);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const extras = { upstream: error.message };
    if (write && error.sent) throw new UnsettledWrite(true, 'outcome.unknown', extras, { cause: error });
    const code = error.timedOut ? 'upstream.timeout' : 'upstream.unavailable';
    throw new ProblemError(code, extras, { cause: error });
  }
  if (answer.status < 300) return answer;
  const extras = { upstream: errorMessage(answer.body) ?? `HTTP ${answer.status}` };
  const meaning = meanings[answer.status];
  if (answer.status === 401 && !meaning) throw new TokenRefused(extras);
  const code = meaning ?? generalMeaning(answer.status);
  if (write && answer.status >= 500) {
    throw new UnsettledWrite(gatewayStatuses.has(answer.status), code, extras);
  }
  throw new ProblemError(code, extras);
}

export function parseAnswer<Schema extends z.ZodType>(
  answer: UpstreamAnswer,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') || 'body';
  throw new ProblemError('upstream.unavailable', {
    upstream: `the answer does not have the documented form (${place})`,
  });
}

function generalMeaning(status: number): ProblemCode {
  if (status === 429 || status >= 500) return 'upstream.unavailable';
  return 'upstream.refused';
}
