import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { problemSchema } from '@moru/types';
import { EnrolmentFailure } from './failure.ts';

/** A few certificates and words. */
const maximumAnswerBytes = 64 * 1024;
const timeoutMs = 10_000;

export interface Exchange {
  server: URL;
  path: string;
  body?: unknown;
  /** how the server is verified, and by what this host is known */
  tls: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized' | 'checkServerIdentity'
  >;
  signal?: AbortSignal;
}

/** What of a schema is needed here, so that this room takes no library. */
interface Reader<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/**
 * One request over a connection of its own: POST with a body, GET without. Resolves with the parsed body of a 2xx
 * answer; throws EnrolmentFailure.
 */
export async function exchange<T>(asked: Exchange, schema: Reader<T>): Promise<T> {
  const { status, text } = await send(asked);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw notSpeaking(asked.server, `it answered ${status}, and no JSON`);
  }
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw notSpeaking(asked.server, 'its answer has another form');
  }
  const problem = problemSchema.safeParse(body);
  if (!problem.success) throw notSpeaking(asked.server, `it answered ${status}`);
  const { title, detail } = problem.data;
  const words = detail === undefined ? title : `${title} ${detail}`;
  throw new EnrolmentFailure('refused', words, { problem: problem.data });
}

function notSpeaking(server: URL, why: string): EnrolmentFailure {
  return new EnrolmentFailure('notSpeaking', `What is at ${server.origin} does not enrol hosts: ${why}.`);
}

function send({ server, path, body, tls, signal }: Exchange): Promise<{ status: number; text: string }> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const limit = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: server.hostname.replace(/^\[|\]$/g, ''),
        port: server.port || 443,
        path,
        method: payload === undefined ? 'GET' : 'POST',
        agent: false,
        minVersion: 'TLSv1.3',
        ...tls,
        signal: limit,
        headers: {
          accept: 'application/json',
          ...(payload !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
          }),
        },
      },
      (incoming) => {
        read(incoming).then(
          (text) => resolve({ status: incoming.statusCode ?? 0, text }),
          (error: Error) => {
            outgoing.destroy();
            reject(failureOf(error, server, limit.aborted));
          },
        );
      },
    );
    const cancel = () => outgoing.destroy(new Error('cancelled'));
    signal?.addEventListener('abort', cancel, { once: true });
    outgoing.once('close', () => signal?.removeEventListener('abort', cancel));
    outgoing.on('error', (error) => reject(failureOf(error, server, limit.aborted)));
    outgoing.end(payload);
  });
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumAnswerBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const authorityErrors = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function failureOf(error: Error, { origin }: URL, late: boolean): EnrolmentFailure {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const options = { cause: error };
  if (authorityErrors.has(code)) {
    const words = `The server at ${origin} cannot prove that it belongs to this installation (${code}).`;
    return new EnrolmentFailure('wrongAuthority', words, options);
  }
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    const words = `The server's certificate is not valid at this host's time, ${new Date().toISOString()}.`;
    return new EnrolmentFailure('clock', words, options);
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('HPE_')) {
    return new EnrolmentFailure(
      'notSpeaking',
      `What is at ${origin} does not speak TLS 1.3 as the console does (${code}).`,
      options,
    );
  }
  const why = late ? `no answer in ${timeoutMs / 1_000} s` : code || error.message;
  return new EnrolmentFailure('unreachable', `${origin} cannot be reached: ${why}.`, options);
}
