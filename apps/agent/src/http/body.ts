import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@moru/types';

/** A change is one rule and its place: no honest body comes near this. A whole rule set has a limit of its own. */
const defaultBodyBytes = 64 * 1024;
/** What is a little too long is read to its end and dropped, or the caller would see a reset, not the answer. */
const droppedBytes = 1024 * 1024;

/** The JSON body of a request. Throws ProblemError `body.tooLarge` or `input.malformed`. */
export async function readJson(request: IncomingMessage, maxBodyBytes = defaultBodyBytes): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new ProblemError('input.malformed', { detail: 'The body must be application/json.' });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes + droppedBytes) break;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) throw new ProblemError('body.tooLarge');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    throw new ProblemError('input.malformed', { detail: 'The body is not JSON.' }, { cause: error });
  }
}
