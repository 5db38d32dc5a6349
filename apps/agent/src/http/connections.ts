import type { Server } from 'node:https';
import type { Socket } from 'node:net';

const opened = new WeakMap<object, number>();

/** One connection's two ends, as long as it is open: a TLS socket does not tell the TCP socket that it is made on. */
const endsOf = (socket: Socket) => `${socket.remoteAddress} ${socket.remotePort}`;

/**
 * Remembers when each connection was taken, before its handshake: a connection that was there before a change of the
 * rules goes on as ESTABLISHED after it, and proves nothing (design/safe-change.md, step 5).
 */
export function rememberOpening(server: Server): void {
  const taken = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    taken.set(ends, performance.now());
    socket.once('close', () => taken.delete(ends));
  });
  server.on('secureConnection', (socket) => {
    opened.set(socket, taken.get(endsOf(socket)) ?? Number.NEGATIVE_INFINITY);
  });
}

/** Milliseconds of `performance.now()` at which the connection was taken off the kernel's queue. */
export function openedAt(socket: object): number {
  return opened.get(socket) ?? Number.NEGATIVE_INFINITY;
}
