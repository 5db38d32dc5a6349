import { request } from 'node:http';
import { apiHeader } from '@moru/types';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // a test reads what it expects; schemas are checked where the answer matters
  // biome-ignore lint/suspicious/noExplicitAny: any JSON that the BFF may send
  body: any;
}

export interface Sending {
  /** sent as JSON; a string goes as it is */
  body?: unknown;
  /** added to the usual ones; undefined takes one away */
  headers?: Record<string, string | undefined>;
}

/** Where the tests' console claims to be; Host and Origin are compared with it, whatever the real port is. */
export const publicUrl = 'http://console.test:8443';

/** Keeps a cookie and sends what the console's own client sends. One connection per request. */
export class Browser {
  readonly #place: { port: number } | { socketPath: string };
  readonly #preamble: string | undefined;
  /** `name=value`, as the last Set-Cookie gave it */
  cookie: string | undefined;

  constructor(place: { port: number } | { socketPath: string }, options: { preamble?: string } = {}) {
    this.#place = place;
    this.#preamble = options.preamble;
  }

  get = (path: string, sending?: Sending) => this.send('GET', path, sending);
  post = (path: string, body?: unknown, sending?: Sending) => this.send('POST', path, { ...sending, body });
  put = (path: string, body: unknown, sending?: Sending) => this.send('PUT', path, { ...sending, body });
  delete = (path: string, body?: unknown, sending?: Sending) =>
    this.send('DELETE', path, { ...sending, body });

  async signIn(seededAccount: string): Promise<Answer> {
    return this.post('/api/session', { seededAccount });
  }

  send(method: string, path: string, { body, headers = {} }: Sending = {}): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const all: Record<string, string | undefined> = {
      host: new URL(publicUrl).host,
      [apiHeader.name]: apiHeader.value,
      ...(method !== 'GET' && { origin: publicUrl, 'sec-fetch-site': 'same-origin' }),
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
      cookie: this.cookie,
      ...headers,
    };
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...this.#place, method, path, headers: sent, agent: false });
      if (this.#preamble !== undefined) {
        const preamble = this.#preamble;
        outgoing.on('socket', (socket) => socket.write(preamble));
      }
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        if (incoming.headers['content-type']?.startsWith('text/event-stream')) {
          // it has no end; whoever wants to read it opens it (event-stream.ts)
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: '', body: undefined });
          outgoing.destroy();
          return;
        }
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const received = Buffer.concat(chunks).toString('utf8');
          this.#keepCookie(incoming.headers['set-cookie']);
          const json = /json/.test(incoming.headers['content-type'] ?? '');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: received,
            body: json && received !== '' ? JSON.parse(received) : undefined,
          });
        });
      });
      outgoing.end(text);
    });
  }

  #keepCookie(lines: string[] | undefined): void {
    for (const line of lines ?? []) {
      const [pair = ''] = line.split(';');
      this.cookie = pair.endsWith('=') ? undefined : pair;
    }
  }
}
