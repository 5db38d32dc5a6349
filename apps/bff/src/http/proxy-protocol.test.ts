import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../log.ts';
import { clientAddress } from './client-address.ts';
import { type Listener, listen } from './listener.ts';
import { parseProxyHeader } from './proxy-protocol.ts';

let folder: string;
let socketPath: string;
let listener: Listener | undefined;
const log = createLogger({ write: () => undefined });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-proxy-'));
  socketPath = join(folder, 'bff.sock');
});
afterEach(async () => {
  await listener?.close(0);
  listener = undefined;
  await rm(folder, { recursive: true });
});

const header = 'PROXY TCP4 198.51.100.7 127.0.0.1 51234 8443\r\n';
const limits = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };

/** Answers the client's address and how many bytes of body came. */
const start = () =>
  listen(
    { kind: 'unix', path: socketPath },
    (request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      request.on('end', () => response.end(`${clientAddress(request)} ${size}`));
    },
    log,
    limits,
  );

/** Everything that the other side sends until it closes. */
function received(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

const send = (text: string) => {
  const socket = connect(socketPath);
  socket.write(text);
  return received(socket);
};

const post = (body: string) =>
  `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test.each([
  { umask: 0o007, writers: 0o220 },
  { umask: 0o022, writers: 0o200 },
  { umask: 0o000, writers: 0o220 },
])('who may say whom it speaks for: $umask, and never everybody', async ({ umask, writers }) => {
  const before = process.umask(umask);
  try {
    listener = await start();
  } finally {
    process.umask(before);
  }
  const { mode } = await stat(socketPath);
  expect(mode & 0o222).toBe(writers);
  expect(mode & 0o007).toBe(0);
});

test('the header gives the client address, in one packet with the request', async () => {
  listener = await start();
  expect(await send(header + post('x'.repeat(200_000)))).toMatch(/\r\n\r\n198\.51\.100\.7 200000$/);
});

test('a header and a request that come byte by byte are read alike', async () => {
  listener = await start();
  const socket = connect(socketPath);
  const answer = received(socket);
  for (const character of header + post('hello')) {
    await new Promise<void>((resolve) => socket.write(character, () => resolve()));
  }
  expect(await answer).toMatch(/198\.51\.100\.7 5$/);
});

test('two requests on one connection keep the address', async () => {
  listener = await start();
  const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  const answer = await send(`${header}${get}${post('')}`);
  expect(answer.match(/198\.51\.100\.7 0/g)).toHaveLength(2);
});

test.each([
  ['no header', post('x')],
  ['an unknown family', `PROXY UNKNOWN\r\n${post('x')}`],
  ['a header without end', `PROXY TCP4 ${'1'.repeat(200)}`],
  ['a header with an address of the other family', `PROXY TCP6 10.0.0.1 10.0.0.2 1 2\r\n${post('x')}`],
])('%s ends the connection without an answer', async (_name, text) => {
  listener = await start();
  expect(await send(text)).toBe('');
});

test('a client that stops inside its request is cut off by the time limits', async () => {
  listener = await start();
  expect(await send(`${header}GET / HTTP/1.1\r\nHost: x\r\n`)).toMatch(/^HTTP\/1\.1 408 /);
  expect(await send(`${header}${post('whole').slice(0, -2)}`)).toMatch(/^HTTP\/1\.1 408 /);
});

test('closing does not wait for a connection whose header never comes', async () => {
  listener = await start();
  const socket = connect(socketPath);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const closed = received(socket);
  await listener.close(60_000);
  expect(await closed).toBe('');
});

/** Listens on the path in another process, which is killed before it could remove its socket file. */
const leaveSocketBehind = () =>
  spawnSync(process.execPath, [
    '-e',
    'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))',
    socketPath,
  ]);

test('a socket file of a killed run is replaced', async () => {
  expect(leaveSocketBehind().signal).toBe('SIGKILL');
  expect((await stat(socketPath)).isSocket()).toBe(true);
  listener = await start();
  expect(await send(header + post(''))).toMatch(/198\.51\.100\.7 0$/);
});

test('a socket that somebody listens on is left alone, and so is any other file', async () => {
  listener = await start();
  await expect(start()).rejects.toThrow(/in use/);
  await listener.close(0);
  await writeFile(socketPath, 'not a socket');
  await expect(start()).rejects.toThrow(/not a socket/);
});

test.each([
  ['PROXY TCP4 192.0.2.1 192.0.2.2 1 65535', '192.0.2.1'],
  ['PROXY TCP6 2001:db8::1 2001:db8::2 1 2', '2001:db8::1'],
  ['PROXY TCP4 192.0.2.1 192.0.2.2 1 65536', null],
  ['PROXY TCP4 999.0.2.1 192.0.2.2 1 2', null],
  ['PROXY TCP4 192.0.2.1 192.0.2.2 1', null],
  ['PROXY  TCP4 192.0.2.1 192.0.2.2 1 2', null],
])('%s', (line, address) => {
  expect(parseProxyHeader(line)).toBe(address);
});
