import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startForwarder } from './forwarder.ts';

// ends with less than a pipe waits for a reader with
const answer = Buffer.alloc(8 * 1024 * 1024 + 1_000, 'moru');

/** Says that it has asked all that it will, as a program does that sends one request, and takes its time to read. */
async function readSlowly(port: number): Promise<number> {
  const reader = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  reader.end('all');
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

it('brings slow readers all that the installation sent before it closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moru-forwarder-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const server = createServer((socket) => socket.on('error', () => {}).end(answer));
  server.listen(join(folder, 'inside.sock'));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const forwarder = await startForwarder(join(folder, 'inside.sock'), [0]);
  onTestFinished(() => forwarder.close());

  // more than one, since what is left behind depends on when it closes
  const received = await Promise.all(Array.from({ length: 6 }, () => readSlowly(forwarder.port)));
  expect(received).toEqual(Array(6).fill(answer.length));
});
