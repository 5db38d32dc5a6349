import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { stop, untilSaid } from './processes.ts';

// ends with less than a pipe waits for a reader with
const answer = Buffer.alloc(8 * 1024 * 1024 + 1_000, 'moru');

/** Of a server that answers each connection at once, and closes it. */
async function startForwarder(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => {}).end(answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const folder = await mkdtemp(join(tmpdir(), 'moru-forwarder-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { port } = server.address() as AddressInfo;
  const script = join(import.meta.dirname, 'forwarder.ts');
  const forwarder = spawn(process.execPath, [script, folder, '127.0.0.1', String(port)], { stdio: 'pipe' });
  onTestFinished(() => stop(forwarder));
  await untilSaid(forwarder, 'ready\n');
  return join(folder, `${port}.sock`);
}

/** Slower than the server, whose side is closed long before this one has read everything. */
async function readSlowly(socket: string): Promise<number> {
  const reader = connect(socket);
  let received = 0;
  reader.on('data', async ({ length }) => {
    received += length;
    reader.pause();
    await wait(1);
    reader.resume();
  });
  await once(reader, 'end');
  return received;
}

it('brings slow readers all that the server sent before it closed', async () => {
  const socket = await startForwarder();
  // more than one, since what is left behind depends on when it closes
  const received = await Promise.all(Array.from({ length: 6 }, () => readSlowly(socket)));
  expect(received).toEqual(Array(6).fill(answer.length));
});
