import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@moru/types';

/** A change is one rule and its place: no honest body comes near this. A whole rule set has a limit of its own. */
const defaultBodyBytes = 64 * 1024;
/** What is a little too long is read to its end and dropped, or the caller would see a reset, not the answer. */
const droppedBytes = 1024 * 1024;

/** The body of a request that says to be JSON. Throws ProblemError `body.tooLarge` or `input.malformed`. */
export async function readBody(request: IncomingMessage, maxBodyBytes = defaultBodyBytes): Promise<Buffer> {
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
  return Buffer.concat(chunks);
}
