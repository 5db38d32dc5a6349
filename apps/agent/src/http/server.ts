import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { agentClientName } from '@moru/types';
import { log, messageOf } from '../log.ts';
import { readCertificates } from './certificates.ts';
import { rememberOpening } from './connections.ts';

/**
 * A BFF with a few replicas needs a dozen. The rest is room for strangers, who are shown out after the
 * handshake's 5 s at the latest: too low a cap would let them keep the BFF out.
 */
const maxConnections = 128;

export interface AgentServer {
  /** where it really listens: port 0 asks for any free port */
  address: { host: string; port: number };
  /** takes the certificate files anew; with unusable ones it keeps those it has */
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

/**
 * HTTPS with mutual TLS. The handshake refuses a client without a certificate of our CA; one of another name
 * (an agent's own, for one) is cut off before any request is read.
 */
export async function startServer(options: {
  listen: { host: string; port: number };
  tlsFolder: string;
  handle: RequestListener;
}): Promise<AgentServer> {
  const server: Server = createServer(
    {
      ...(await readCertificates(options.tlsFolder)),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: 5_000,
      // generous for a few hundred bytes, short enough that a slow sender does not hold a connection
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 8 * 1024,
    },
    (request, response) => {
      // the first request can arrive with the end of the handshake, before the check below cuts it off
      if (isBff(request.socket as TLSSocket)) options.handle(request, response);
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

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listen.port, options.listen.host, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : options.listen.port;

  return {
    address: { host: options.listen.host, port },
    reload: async () => {
      try {
        server.setSecureContext(await readCertificates(options.tlsFolder));
        // the next request of each peer is checked against the new files
        server.closeIdleConnections();
        log.info('read the certificates anew');
      } catch (error) {
        log.error('kept the old certificates', { reason: messageOf(error) });
      }
    },
    close: () =>
      new Promise((resolve) => {
        // a connection that is busy now is idle, and still open, once its answer is sent
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
