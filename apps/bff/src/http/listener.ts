import { chmod, lstat, stat, unlink } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { ListenAddress } from '../config.ts';
import type { Logger } from '../log.ts';
import { setClientAddress } from './client-address.ts';
import { readProxyHeader } from './proxy-protocol.ts';

export interface Listener {
  /** where a TCP listener ended up; null for a unix socket */
  port: number | null;
  /** stops accepting, lets running requests end, and cuts what is left after `graceMs` */
  close(graceMs: number): Promise<void>;
}

/** A slow client holds nothing but its own connection, and not for long (reference/security.md T14). */
const patience = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

/** Serves HTTP over TCP, or over a unix socket behind the PROXY protocol. Slow clients are cut by time limits. */
export async function listen(
  address: ListenAddress,
  handler: RequestListener,
  log: Logger,
  limits = patience,
): Promise<Listener> {
  const server = createServer(
    {
      ...limits,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    handler,
  );
  server.maxConnections = 4_096;
  const waiting = new Set<Socket>();
  if (address.kind === 'unix') {
    requireProxyHeader(server, waiting, log);
    await removeStaleSocket(address.path);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(
      address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port },
      resolve,
    );
  });
  // whoever may write to the socket may claim any client address: the umask says whether that is its group too
  if (address.kind === 'unix') await chmod(address.path, (await stat(address.path)).mode & 0o770);
  const bound = server.address();
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : null,
    close(graceMs) {
      for (const socket of waiting) socket.destroy();
      return closeServer(server, graceMs);
    },
  };
}

/**
 * Puts the header in front of HTTP. The server itself keeps listening (rather than a second one handing sockets
 * over), because Node's header and request timeouts only run for a server that listens. `waiting` holds the connections
 * whose header has not come, which the server does not know of.
 */
function requireProxyHeader(server: Server, waiting: Set<Socket>, log: Logger): void {
  const accept = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', async (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    waiting.add(socket);
    try {
      setClientAddress(socket, await readProxyHeader(socket));
    } catch (error) {
      log.warn({ error }, 'connection refused');
      socket.destroy();
      return;
    } finally {
      waiting.delete(socket);
    }
    for (const listener of accept) listener.call(server, socket);
  });
}

/** A killed run leaves its socket file behind; one that still answers belongs to somebody else. */
async function removeStaleSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (!stats) return;
  if (!stats.isSocket()) throw new Error(`${path} exists and is not a socket`);
  const alive = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (alive) throw new Error(`${path} is in use by another process`);
  await unlink(path);
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
