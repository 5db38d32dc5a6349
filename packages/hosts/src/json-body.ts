import type { IncomingMessage } from 'node:http';

/** A request's body was larger than its reader takes. */
export class BodyTooLarge extends Error {}

/** Reads a JSON body of at most `maximumBytes`. Throws BodyTooLarge, or SyntaxError where it is not JSON. */
export async function readJsonBody(incoming: IncomingMessage, maximumBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBytes) throw new BodyTooLarge(`more than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
