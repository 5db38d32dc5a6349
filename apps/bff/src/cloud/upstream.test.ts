import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { NoAnswer } from '../no-answer.ts';
import { createUpstream } from './upstream.ts';

let server: Server | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A server that answers the n-th request by the n-th handler, and later ones by the last. */
async function serve(...handlers: RequestListener[]): Promise<{ url: string; count: () => number }> {
  let count = 0;
  server = createServer((request, response) => {
    const handler = handlers[Math.min(count, handlers.length - 1)];
    count += 1;
    handler?.(request, response);
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, count: () => count };
}

const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end('{"a":1}');
const drop: RequestListener = (request) => request.socket.destroy();
const get = (url: string) => createUpstream(2_000)({ method: 'GET', url, headers: {} });
const post = (url: string) => createUpstream(2_000)({ method: 'POST', url, headers: {}, body: {} });

test.each([
  ['503', status(503)],
  ['429', status(429)],
  ['a lost answer', drop],
])('F10: a read that meets %s is tried again, twice at most', async (_name, failing) => {
  const once = await serve(failing, status(200));
  expect((await get(once.url)).body).toEqual({ a: 1 });
  expect(once.count()).toBe(2);
  server?.close();
  const always = await serve(failing);
  await get(always.url).catch(() => undefined);
  expect(always.count()).toBe(3);
});

test.each([
  ['503', status(503)],
  ['a lost answer', drop],
])('F11: a write that meets %s is not tried again', async (_name, failing) => {
  const { url, count } = await serve(failing);
  await post(url).catch(() => undefined);
  expect(count()).toBe(1);
});

test('F10: Retry-After is waited for when it is short, and ends the attempts when it is long', async () => {
  const short = await serve(status(429, { 'retry-after': '1' }), status(200));
  const started = performance.now();
  expect((await get(short.url)).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(950);
  server?.close();
  const long = await serve(status(429, { 'retry-after': '60' }));
  expect((await get(long.url)).status).toBe(429);
  expect(long.count()).toBe(1);
});

test('one deadline covers everything; what was never sent is told from what was', async () => {
  const { url } = await serve(() => undefined);
  const send = createUpstream(150);
  await expect(send({ method: 'GET', url, headers: {} })).rejects.toMatchObject({ timedOut: true });
  await expect(send({ method: 'POST', url, headers: {} })).rejects.toMatchObject({
    timedOut: true,
    sent: true,
  });
  const slow = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });
  await expect(send({ method: 'GET', url: slow.url, headers: {} })).rejects.toBeInstanceOf(NoAnswer);
  const closed = { method: 'POST', url: 'http://127.0.0.1:1', headers: {} } as const;
  await expect(send(closed)).rejects.toMatchObject({ timedOut: false, sent: false });
});

test('T3: redirects are not followed, and proxies of the environment are not used', async () => {
  const target = await serve(status(200));
  const inner = server;
  const { url, count } = await serve(status(302, { location: target.url }));
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
  vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
  expect((await post(url)).status).toBe(302);
  expect([count(), target.count()]).toEqual([1, 0]);
  inner?.close();
});

test('an answer that is too large, or no JSON, is no body', async () => {
  const large = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(17 * 1024 * 1024)}"`);
  });
  await expect(post(large.url)).rejects.toBeInstanceOf(NoAnswer);
  server?.closeAllConnections();
  server?.close();
  const html = await serve((_request, response) =>
    response.setHeader('content-type', 'text/html').end('{"a":1}'),
  );
  expect((await get(html.url)).body).toBeUndefined();
  server?.close();
  const broken = await serve((_request, response) =>
    response.setHeader('content-type', 'application/json').end('{"a":'),
  );
  expect(await get(broken.url)).toMatchObject({ status: 200, body: undefined });
});

test('connections are kept', async () => {
  const { url } = await serve(status(200));
  let connections = 0;
  server?.on('connection', () => {
    connections += 1;
  });
  const send = createUpstream(2_000);
  for (let round = 0; round < 20; round += 1) await send({ method: 'GET', url, headers: {} });
  // a second one where a request comes before the connection of the last one is known to be free
  expect(connections).toBeLessThanOrEqual(2);
});
