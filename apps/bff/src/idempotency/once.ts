import { idempotency, ProblemError } from '@moru/types';
import type { Request } from 'express';
import { TokenRefused } from '../cloud/provider.ts';
import { problemDocument } from '../http/problems.ts';
import type { Call } from '../http/route.ts';
import type { Logger } from '../log.ts';
import { isStoreFailure } from '../store/errors.ts';
import type { Answer, IdempotencyKeys } from './keys.ts';

export interface OnceServices {
  keys: IdempotencyKeys;
  log: Logger;
}

/**
 * Runs a change, or answers what it was answered before where the request carries the same Idempotency-Key again.
 * `run` calls `begun` once it is allowed; what is refused earlier leaves the key free, so that it may be sent again.
 */
export async function answerOnce(
  { keys, log }: OnceServices,
  request: Request,
  { session, caller, input, response }: Call<Record<string, unknown>>,
  run: (begun: () => void) => Promise<Answer>,
): Promise<Answer> {
  const key = readKey(request);
  if (key === null) return run(() => {});
  const asked = `${request.method} ${request.path} ${JSON.stringify(input)}`;
  const claim = await keys.claim({
    ...{ key, projectId: session.project.id, userId: session.user.id, request: asked },
  });
  if ('status' in claim) {
    response.setHeader(idempotency.replayedHeader, 'true');
    return claim;
  }
  const tell = (error: unknown) =>
    log.error({ error, requestId: caller.requestId }, 'an answer was not kept');
  let hasBegun = false;
  try {
    const answer = await run(() => {
      hasBegun = true;
    });
    await claim.keep(answer).catch(tell);
    return answer;
  } catch (error) {
    if (!hasBegun || error instanceof TokenRefused) await claim.release().catch(tell);
    else if (!isStoreFailure(error)) {
      const document = problemDocument(error, caller.requestId);
      await claim.keep({ status: document.status, text: JSON.stringify(document) }).catch(tell);
    }
    throw error;
  }
}

/** The draft's form is a quoted string; many clients send it bare. */
function readKey(request: Request): string | null {
  const value = request.headers[idempotency.header];
  if (value === undefined) return null;
  const key = /^"(.*)"$/.exec(String(value))?.[1] ?? String(value);
  if (idempotency.pattern.test(key)) return key;
  throw new ProblemError('input.invalid', { fields: [{ field: idempotency.header, code: 'format' }] });
}
