import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { enrolmentServerName } from '@moru/types';
import type { Logger } from '../log.ts';
import { type Authorities, type Authority, authoritiesFreshMs } from './authorities.ts';

export interface EnrolmentListener {
  port: number;
  close(graceMs: number): Promise<void>;
}

/** As our certificate towards agents. */
const serverLifeMs = 7 * 86_400_000;

/**
 * The listener at which hosts enrol, by TLS of the installation's own authority: a host that comes for the first time
 * verifies it by the hash in its token, and a public certificate would say nothing to it. Which authority it knows, the
 * name says that it asks for. A client certificate is taken note of; each route decides what it is worth.
 */
export async function listenForHosts(
  address: { host: string; port: number },
  handler: RequestListener,
  { authorities, log }: { authorities: Authorities; log: Logger },
): Promise<EnrolmentListener> {
  const contexts = createContexts(authorities);
  const server = createServer(
    {
      ...(await contexts.options(null)),
      requestCert: true,
      rejectUnauthorized: false,
      SNICallback: (name, done) => {
        contexts.get(name).then(
          (context) => done(null, context),
          (error: Error) => {
            log.error({ error }, 'no certificate for the enrolment listener');
            done(error);
          },
        );
      },
      handshakeTimeout: 5_000,
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 8 * 1024,
    },
    handler,
  );
  server.maxConnections = 1_024;
  server.on('tlsClientError', (error, socket) => {
    log.debug({ error, address: socket.remoteAddress }, 'a handshake of a host failed');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  // who asks for no name gets this one
  const renewal = setInterval(() => {
    contexts.options(null).then(
      (options) => server.setSecureContext(options),
      (error: unknown) => log.error({ error }, 'the certificate of the enrolment listener was not renewed'),
    );
  }, authoritiesFreshMs);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : address.port,
    close: (graceMs) =>
      new Promise((resolve) => {
        clearInterval(renewal);
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

interface Made {
  at: number;
  options: Promise<SecureContextOptions>;
  context: SecureContext | null;
}

/** A certificate for each authority that is believed; all of them verify what hosts show. */
function createContexts(authorities: Authorities) {
  const made = new Map<string, Made>();

  const make = async (issuer: Authority, ca: string[]): Promise<SecureContextOptions> => {
    const name = enrolmentServerName(issuer.fingerprint);
    const expiresAt = Date.now() + serverLifeMs;
    const leaf = { commonName: 'moru-enrolment', dnsName: name, usages: ['server'] as const, expiresAt };
    const { certificate, key } = await authorities.issueKeyPair(issuer.fingerprint, leaf);
    return { ca, cert: certificate, key, minVersion: 'TLSv1.3' };
  };

  const find = async (name: string | null): Promise<Made> => {
    const believed = await authorities.read();
    const issuer =
      believed.find(({ fingerprint }) => enrolmentServerName(fingerprint) === name) ?? believed[0];
    if (!issuer) throw new TypeError('there is always an authority');
    const ca = believed.map(({ certificate }) => certificate);
    const print = [issuer, ...believed].map(({ fingerprint }) => fingerprint).join();
    const before = made.get(print);
    const now = Date.now();
    if (before && now - before.at < serverLifeMs / 2 && now >= before.at) return before;
    const entry: Made = { at: now, options: make(issuer, ca), context: null };
    // what belongs to a rotation that is over is not asked for any more
    if (made.size >= 8) made.clear();
    made.set(print, entry);
    entry.options.catch(() => made.delete(print));
    return entry;
  };

  return {
    options: async (name: string | null) => (await find(name)).options,
    async get(name: string): Promise<SecureContext> {
      const entry = await find(name);
      const options = await entry.options;
      entry.context ??= createSecureContext(options);
      return entry.context;
    },
  };
}
