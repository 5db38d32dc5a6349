import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const known = new WeakMap<Socket, string>();

/** Notes whom a connection of the forwarder speaks for. */
export function setClientAddress(socket: Socket, address: string): void {
  known.set(socket, address);
}

/** The client's address: from the PROXY header, else the peer of the connection. Headers are never asked. */
export function clientAddress(request: IncomingMessage): string {
  return known.get(request.socket) ?? request.socket.remoteAddress ?? 'unknown';
}
