import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Relayed {
  method: string;
  url: string;
  requestHeaders: Record<string, string | string[] | undefined>;
  headers: Record<string, string | undefined>;
}

/**
 * Passes HTTP through to the embedded cloud and remembers what went by; `rewrite` makes of it a cloud that behaves
 * otherwise in one point.
 */
export async function startRelay(
  target: string,
  rewrite: (method: string, url: string) => string = (_, url) => url,
) {
  const answers: Relayed[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const { host: _, ...passed } = headers;
    const onward = request(
      target + rewrite(method, url),
      { method, headers: passed },
      (answer: IncomingMessage) => {
        answers.push({
          method,
          url,
          requestHeaders: headers,
          headers: Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [name, [value].flat()[0]]),
          ),
        });
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
