import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeAuthority, makeCertificate, makeCredential } from '../testing/certificates.ts';
import { createClient } from '../testing/client.ts';
import { createHandler, type Route } from './router.ts';
import { type AgentServer, startServer } from './server.ts';

/** requests that reached the route */
let answered = 0;
const schema = z.strictObject({ name: z.string() });
const routes: Route[] = [
  {
    method: 'GET',
    path: '/v1/echo',
    handle: async ({ query }) => {
      answered += 1;
      return schema.parse(query);
    },
  },
  { method: 'POST', path: '/v1/echo', handle: async ({ body }) => schema.parse(body) },
  { method: 'GET', path: '/v1/things/first', handle: async () => ({ fixed: true }) },
  {
    method: 'GET',
    path: '/v1/things/:id/parts',
    status: 201,
    handle: async ({ params, connectedAt }) => ({ params, age: performance.now() - connectedAt }),
  },
  { method: 'GET', path: '/v1/things/:id', handle: async ({ params }) => params },
  { method: 'POST', path: '/v1/large', maxBodyBytes: 200_000, handle: async () => ({ read: true }) },
  {
    method: 'GET',
    path: '/v1/broken',
    handle: async () => {
      throw new TypeError('secret words');
    },
  },
];

let folder: string;
let other: string;
let server: AgentServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-server-'));
  other = join(folder, 'other');
  for (const each of [folder, other]) {
    await makeAuthority(each);
    await makeCredential(each, 'host-1');
    await makeCertificate(each, 'bff', { commonName: 'moru-bff' });
  }
  server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    credentialFile: join(folder, 'agent.pem'),
    handle: createHandler(routes),
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const clientAs = (name?: string, identityFolder = folder) =>
  createClient(
    { host: '127.0.0.1', port: server.address?.port ?? 0, serverName: 'host-1' },
    { folder: identityFolder, ...(name && { name }) },
  );

/** Opens a TLS connection of its own making and resolves when it is closed, with whether TLS came about. */
async function dial(
  options: ConnectionOptions,
): Promise<{ session: Buffer | null; protocol: string | null }> {
  const socket = connect({
    host: '127.0.0.1',
    port: server.address?.port ?? 0,
    servername: 'host-1',
    ca: await readFile(join(folder, 'ca.pem')),
    ...options,
  });
  let session: Buffer | null = null;
  socket.on('session', (given) => {
    session = given;
  });
  await once(socket, 'secureConnect');
  const protocol = socket.getProtocol();
  socket.end('GET /v1/echo?name=x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  return { session, protocol };
}

describe('mutual TLS', () => {
  it('answers the BFF', async () => {
    const client = await clientAs('bff');
    expect(await client('GET', '/v1/echo?name=x')).toMatchObject({ status: 200, body: { name: 'x' } });
  });

  it('hears nobody without a certificate', async () => {
    const before = answered;
    await expect((await clientAs())('GET', '/v1/echo?name=x')).rejects.toThrow();
    expect(answered).toBe(before);
  });

  it('hears nobody whose certificate has another name', async () => {
    const before = answered;
    await expect((await clientAs('host'))('GET', '/v1/echo?name=x')).rejects.toThrow();
    expect(answered).toBe(before);
  });

  it('hears nobody whose certificate is of another authority', async () => {
    const before = answered;
    const client = await createClient(
      { host: '127.0.0.1', port: server.address?.port ?? 0, serverName: 'host-1' },
      { folder: other, name: 'bff', caFolder: folder },
    );
    await expect(client('GET', '/v1/echo?name=x')).rejects.toThrow();
    expect(answered).toBe(before);
  });

  it('speaks TLS 1.3 only and hands out no session to resume', async () => {
    const pair = {
      cert: await readFile(join(folder, 'bff.pem')),
      key: await readFile(join(folder, 'bff.key')),
    };
    await expect(dial({ ...pair, maxVersion: 'TLSv1.2' })).rejects.toThrow(/version/);
    const first = await dial(pair);
    expect(first.protocol).toBe('TLSv1.3');
    const again = connect({
      host: '127.0.0.1',
      port: server.address?.port ?? 0,
      servername: 'host-1',
      ca: await readFile(join(folder, 'ca.pem')),
      ...pair,
      ...(first.session && { session: first.session }),
    });
    await once(again, 'secureConnect');
    expect(again.isSessionReused()).toBe(false);
    again.destroy();
  });

  it('takes a new credential without a restart, and keeps the old one when the new one is of no use', async () => {
    const file = join(folder, 'agent.pem');
    const [own, foreign] = [await readFile(file, 'utf8'), await readFile(join(other, 'agent.pem'), 'utf8')];
    const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/;
    const mixed = own.replace(key, key.exec(foreign)?.[0] ?? '');
    for (const useless of [mixed, own.slice(0, 300), '']) {
      await writeFile(file, useless);
      await server.reload();
    }
    await writeFile(file, own);
    const before = await clientAs('bff');
    expect((await before('GET', '/v1/echo?name=x')).status).toBe(200);

    await writeFile(file, foreign);
    await server.reload();
    const after = await clientAs('bff', other);
    expect((await after('GET', '/v1/echo?name=x')).status).toBe(200);
    await expect(before('GET', '/v1/echo?name=x')).rejects.toThrow();

    await writeFile(file, own);
    await server.reload();
  });

  it('listens once there is a credential, and not before', async () => {
    const late = await mkdtemp(join(tmpdir(), 'moru-late-'));
    const credentialFile = join(late, 'agent.pem');
    const handle = createHandler(routes);
    const waiting = await startServer({ listen: { host: '127.0.0.1', port: 0 }, credentialFile, handle });
    await waiting.reload();
    expect(waiting.address).toBeNull();
    await copyFile(join(folder, 'agent.pem'), credentialFile);
    await waiting.reload();
    const place = { host: '127.0.0.1', port: waiting.address?.port ?? 0, serverName: 'host-1' };
    const client = await createClient(place, { folder, name: 'bff' });
    expect((await client('GET', '/v1/echo?name=x')).status).toBe(200);
    await waiting.close();
    await rm(late, { recursive: true });
  });
});

describe('requests', () => {
  it('carries the caller’s request id into the failure', async () => {
    const client = await clientAs('bff');
    const { status, body } = await client('GET', '/v1/nowhere', undefined, { 'x-request-id': 'abc-1' });
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'route.unknown', status: 404, requestId: 'abc-1' });
    const odd = await client('GET', '/v1/nowhere', undefined, { 'x-request-id': 'a b"' });
    expect(odd.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['a missing key', '/v1/echo'],
    ['an unknown key', '/v1/echo?name=x&more=1'],
    ['a key twice', '/v1/echo?name=x&name=y'],
  ])('refuses %s in the query', async (_what, path) => {
    const { status, body } = await (await clientAs('bff'))('GET', path);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'input.invalid' });
  });

  it.each([
    ['an unknown key', { name: 'x', admin: true }, 400, 'input.invalid'],
    ['no JSON', '{"name":', 400, 'input.malformed'],
    ['more than 64 KiB', { name: 'x'.repeat(70_000) }, 413, 'body.tooLarge'],
  ])('refuses %s in the body', async (_what, body, status, code) => {
    const answer = await (await clientAs('bff'))('POST', '/v1/echo', body);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });

  it('reads more where a route says so, and no more than that', async () => {
    const client = await clientAs('bff');
    expect(await client('POST', '/v1/large', 'x'.repeat(10))).toMatchObject({ status: 400 });
    expect(await client('POST', '/v1/large', { name: 'x'.repeat(190_000) })).toMatchObject({ status: 200 });
    expect(await client('POST', '/v1/large', { name: 'x'.repeat(210_000) })).toMatchObject({ status: 413 });
  });

  it('finds routes with named segments, the fixed ones first', async () => {
    const client = await clientAs('bff');
    expect((await client('GET', '/v1/things/first')).body).toEqual({ fixed: true });
    expect((await client('GET', '/v1/things/a-1')).body).toEqual({ id: 'a-1' });
    const parts = await client('GET', '/v1/things/7/parts');
    expect(parts).toMatchObject({ status: 201, body: { params: { id: '7' } } });
    // a connection of our own, opened for this request
    expect(parts.body.age).toBeGreaterThan(0);
    expect(parts.body.age).toBeLessThan(5_000);
    for (const path of ['/v1/things', '/v1/things/', '/v1/things/a%20b', `/v1/things/${'x'.repeat(65)}`]) {
      expect((await client('GET', path)).body.code).toBe('route.unknown');
    }
  });

  it('refuses a body that is no JSON by its type', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await (await clientAs('bff'))('POST', '/v1/echo', { name: 'x' }, headers);
    expect(answer.body.code).toBe('input.malformed');
  });

  it('tells nothing of an unforeseen error', async () => {
    const { status, body } = await (await clientAs('bff'))('GET', '/v1/broken');
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});
