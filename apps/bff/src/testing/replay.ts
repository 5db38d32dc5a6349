// An upstream that costs next to nothing: answers each GET with what the upstream behind it said the first time, and
// hands everything else on. Argument: the upstream's address. Prints its own; ends with its standard input.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const upstream = process.argv[2] ?? '';

interface Kept {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const kept = new Map<string, Promise<Kept>>();

async function ask(url: string, init: RequestInit): Promise<Kept> {
  const answer = await fetch(upstream + url, init);
  const headers = Object.fromEntries(answer.headers);
  for (const name of ['connection', 'keep-alive', 'transfer-encoding']) delete headers[name];
  return { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) };
}

const server = createServer(async (request, response) => {
  const { method = 'GET', url = '/', headers } = request;
  const passed = Object.fromEntries(
    ['x-auth-token', 'content-type'].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  let answer: Promise<Kept>;
  if (method === 'GET') {
    answer = kept.get(url) ?? ask(url, { headers: passed });
    kept.set(url, answer);
    // what failed is asked for anew
    answer.catch(() => kept.delete(url));
  } else answer = ask(url, { method, headers: passed, body: Buffer.concat(chunks) });
  try {
    const { status, headers: said, body } = await answer;
    response.writeHead(status, { ...said, 'content-length': body.length }).end(body);
  } catch (error) {
    process.stderr.write(`${method} ${url}: ${error}\n`);
    response.writeHead(502).end();
  }
});
// the pass-through does not ask again where a connection that lay idle is closed as its question is on the way
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once('end', () => process.exit());
