import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { agentClientName } from '@moru/types';
import { log, messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { certificatesOf } from './certificates.ts';
import { rememberOpening } from './connections.ts';

/**
 * A BFF with a few replicas needs a dozen. The rest is room for strangers, who are shown out after the
 * handshake's 5 s at the latest: too low a cap would let them keep the BFF out.
 */
const maxConnections = 128;

export interface AgentServer {
  /** where it listens (port 0 asks for any free port); null before the host is enrolled */
  readonly address: { host: string; port: number } | null;
  /** the credential's text that was read last, be it of use or not; null where there was none */
  readonly lastRead: string | null;
  /** takes the credential anew, and begins to listen with the first one; with an unusable one it keeps what it has */
  reload(): Promise<void>;
  /** takes no new connection, lets what runs end, then resolves */
  close(): Promise<void>;
}

/** The common name in the peer's certificate; a list where it has several, which is never ours. */
function peerName(socket: TLSSocket): unknown {
  return socket.getPeerCertificate().subject?.CN;
}

function isBff(socket: TLSSocket): boolean {
  // a socket that is cut off has no certificate any more
  return !socket.destroyed && socket.authorized && peerName(socket) === agentClientName;
}

export interface ServerOptions {
  listen: { host: string; port: number };
  /** key, certificate and authorities; missing until the host is enrolled */
  credentialFile: string;
  handle: RequestListener;
}

/**
 * HTTPS with mutual TLS, once there is a credential. The handshake refuses a client without a certificate of our CA;
 * one of another name (an agent's own, for one) is cut off before any request is read.
 */
export async function startServer(options: ServerOptions): Promise<AgentServer> {
  let running: { server: Server; address: { host: string; port: number } } | null = null;

  const start = async (certificates: SecureContextOptions) => {
    const server = createAgentServer(certificates, options.handle);
    running = { server, address: await listening(server, options.listen) };
    // whoever waits for this line may send requests and signals from here on
    log.info('agent listens', { ...running.address });
  };

  let lastRead: string | null = null;

  /** Null where there is no file; throws an Error that says why it is of no use. */
  const read = async () => {
    try {
      lastRead = await readFile(options.credentialFile, 'utf8');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      lastRead = null;
    }
    return lastRead === null ? null : certificatesOf(lastRead);
  };

  const first = await read().catch((error: unknown) => {
    // a new enrolment mends it, which only goes on while the rest of the agent does
    log.error('agent cannot listen yet', { file: options.credentialFile, reason: messageOf(error) });
    return undefined;
  });
  if (first) await start(first);
  else if (first === null) log.info('agent waits to be enrolled');

  return {
    get address() {
      return running?.address ?? null;
    },
    get lastRead() {
      return lastRead;
    },
    reload: async () => {
      try {
        const certificates = await read();
        if (!certificates) throw new Error(`${options.credentialFile} is not there`);
        if (running) {
          running.server.setSecureContext(certificates);
          // the next request of each peer is checked against the new ones
          running.server.closeIdleConnections();
        } else await start(certificates);
        log.info('read the certificates anew');
      } catch (error) {
        log.error('kept the old certificates', { reason: messageOf(error) });
      }
    },
    close: () => (running ? closed(running.server) : Promise.resolve()),
  };
}

function createAgentServer(certificates: SecureContextOptions, handle: RequestListener): Server {
  const server = createServer(
    {
      ...certificates,
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: 5_000,
      // generous for a few hundred bytes, short enough that a slow sender does not hold a connection
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 8 * 1024,
    },
    (request, response) => {
      // the first request can arrive with the end of the handshake, before the check below cuts it off
      if (isBff(request.socket as TLSSocket)) handle(request, response);
      else request.socket.destroy();
    },
  );
  server.maxConnections = maxConnections;
  rememberOpening(server);
  server.on('secureConnection', (socket: TLSSocket) => {
    if (isBff(socket)) return;
    log.error('refused a client certificate', { name: peerName(socket), from: socket.remoteAddress });
    socket.destroy();
  });
  server.on('tlsClientError', (error, socket) => {
    log.info('refused a TLS handshake', { reason: messageOf(error), from: socket.remoteAddress });
  });
  return server;
}

async function listening(server: Server, { host, port }: ServerOptions['listen']) {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  return { host, port: typeof bound === 'object' && bound ? bound.port : port };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // a connection that is busy now is idle, and still open, once its answer is sent
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
