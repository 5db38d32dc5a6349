import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import type { ClientTls } from '../enrolment/trust.ts';

/** Open connections, to all agents together. */
const maximumSockets = 1024;

/**
 * Connections of one identity of ours, kept and reused per host. Of those that nobody uses only a part may stay, and
 * none while somebody waits for a place: Node by itself lets idle connections to some hosts keep all others waiting
 * until they time out, which a round over thousands of hosts would run into.
 */
export class AgentPool extends Agent {
  readonly #maximumKept: number;

  constructor(
    { ca, certificate, key }: ClientTls,
    checkServerIdentity: AgentOptions['checkServerIdentity'],
    maximum = maximumSockets,
  ) {
    super({
      keepAlive: true,
      maxSockets: 4,
      maxFreeSockets: 1,
      maxTotalSockets: maximum,
      // a resumed session skips the check of the certificate
      maxCachedSessions: 0,
      // read once: to do so again for each of thousands of hosts costs as much as the handshake
      secureContext: createSecureContext({ ca, cert: certificate, key, minVersion: 'TLSv1.3' }),
      checkServerIdentity,
    });
    this.#maximumKept = Math.floor(maximum / 2);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    if (Object.keys(this.requests).length > 0) return false;
    // the one that nobody has used for longest is the first
    const [oldest, ...others] = Object.values(this.freeSockets);
    if (others.length + 1 >= this.#maximumKept) for (const free of oldest ?? []) free.destroy();
    // its types say that it returns nothing
    return super.keepSocketAlive(socket) as unknown as boolean;
  }

  /** Lets what is under way end: destroying an agent cuts its busy sockets too. */
  retire(): void {
    this.maxFreeSockets = 0;
    for (const sockets of Object.values(this.freeSockets))
      for (const socket of sockets ?? []) socket.destroy();
  }
}
