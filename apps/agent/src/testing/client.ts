import { readFile } from 'node:fs/promises';
import { type Agent, request } from 'node:https';
import { join } from 'node:path';

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  // a test reads what it expects; the schemas are checked where an answer matters
  // biome-ignore lint/suspicious/noExplicitAny: any JSON that the agent may send
  body: any;
}

export interface Target {
  /** a unix socket (of the forwarder), or host and port */
  socketPath?: string;
  host?: string;
  port?: number;
  serverName: string;
}

/** Folder with the client's pair NAME.pem, NAME.key; without a name no certificate is shown. */
export interface Identity {
  folder: string;
  name?: string;
  /** where the authority's ca.pem is, if not in `folder` */
  caFolder?: string;
}

/**
 * Sends requests with a new connection each, or over those of `agent`; rejects as Node does when the connection
 * fails.
 */
export async function createClient(
  target: Target,
  { folder, name, caFolder = folder }: Identity,
  agent: Agent | false = false,
) {
  const read = (file: string) => readFile(join(folder, file));
  const ca = await readFile(join(caFolder, 'ca.pem'));
  const pair = name ? { cert: await read(`${name}.pem`), key: await read(`${name}.key`) } : {};
  const { serverName, ...where } = target;

  return (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ) =>
    new Promise<Answer>((resolve, reject) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const sent = request({
        ...where,
        path,
        method,
        ca,
        ...pair,
        servername: serverName,
        agent,
        ...(signal && { signal }),
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let received = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          received += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: JSON.parse(received),
          }),
        );
      });
      sent.end(text);
    });
}

export type Client = Awaited<ReturnType<typeof createClient>>;
