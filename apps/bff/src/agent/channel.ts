import type { IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { agentPort } from '@moru/types';
import type { AgentTrust, ClientTls } from '../enrolment/trust.ts';
import { NoAnswer } from '../no-answer.ts';
import { createAsked, UnknownCertificate } from './asked.ts';
import { createConnections } from './connections.ts';
import { requireNicAddress } from './destination.ts';
import { AgentPool } from './pool.ts';

/** A host whose agent is meant. The address comes from the cloud's record of its primary NIC, never from a client. */
export interface AgentTarget {
  /** also the DNS name in the agent's certificate */
  instanceId: string;
  address: string;
}

export interface AgentRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  requestId: string;
  timeoutMs: number;
  headers?: Record<string, string>;
  /** over a TCP connection of its own: one that is open already passes as ESTABLISHED and proves nothing */
  fresh?: boolean;
}

export interface AgentAnswer {
  status: number;
  contentType: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
}

export interface AgentChannel {
  /** rejects with NoAnswer, and with `agent.notEnrolled`, `.revoked` or `.expired` before anything is sent */
  send(target: AgentTarget, request: AgentRequest): Promise<AgentAnswer>;
  /** closes what is open to an instance whose certificate ended */
  cut(instanceId: string): void;
  /** the same for all instances, by what the store says now */
  sweep(): Promise<void>;
  close(): void;
}

/** The contract of `agentPaths`: 50,000 rules fit. */
const maximumAnswerBytes = 16 * 1024 * 1024;

export interface ChannelParts {
  trust: Omit<AgentTrust, 'enrolled'>;
  /** all agents behind one socket, which simulated hosts have in place of NICs */
  socketPath?: string | undefined;
  /** told of every answer */
  answered?: (instanceId: string) => void;
  /** open connections at most, to all agents together */
  maximumSockets?: number;
}

/**
 * HTTPS with mutual TLS to agents. Connections are kept and reused per host (few each, since one host has one
 * console). The certificate must name the instance, whatever address it was reached at, and be one that is in use: a
 * revoked one is refused at the next request, and its open connections are cut.
 */
export function createAgentChannel({
  trust,
  socketPath,
  answered,
  maximumSockets,
}: ChannelParts): AgentChannel {
  const connections = createConnections();
  const asked = createAsked();
  let pool: { tls: ClientTls; agent: AgentPool } | null = null;

  const newPool = (tls: ClientTls) => new AgentPool(tls, asked.check, maximumSockets);

  const poolFor = (tls: ClientTls): AgentPool => {
    if (pool?.tls === tls) return pool.agent;
    pool?.agent.retire();
    pool = { tls, agent: newPool(tls) };
    return pool.agent;
  };

  return {
    async send(target, request) {
      const place = socketPath
        ? { socketPath }
        : { host: requireNicAddress(target.address), port: agentPort };
      const { instanceId } = target;
      const attempt = async () => {
        const [serials, tls] = await Promise.all([trust.expected(instanceId), trust.tls()]);
        connections.cut(instanceId, (serial) => serials.has(serial));
        const agent = request.fresh ? newPool(tls) : poolFor(tls);
        const options = { ...place, agent, servername: instanceId };
        return asked
          .during(instanceId, serials, () =>
            exchange(options, request, (socket) => connections.follow(instanceId, socket)),
          )
          .finally(() => {
            if (request.fresh) agent.destroy();
          });
      };
      const answer = await withRetries(attempt, (cause) => {
        // renewed a moment ago, perhaps with the help of another replica; nothing has been sent yet
        if (cause instanceof UnknownCertificate) trust.forget(instanceId);
        else return cause instanceof KeptTooLong && request.method === 'GET';
        return true;
      });
      answered?.(instanceId);
      return answer;
    },
    cut: (instanceId) => connections.cut(instanceId, () => false),
    async sweep() {
      const instances = connections.instances();
      if (instances.length === 0) return;
      const good = await trust.stillGood(instances);
      for (const instanceId of instances) connections.cut(instanceId, (serial) => good.has(serial));
    },
    close: () => pool?.agent.destroy(),
  };
}

/** Tries again after a failure that may be overcome at once: once per kind, so never more than twice. */
async function withRetries<T>(attempt: () => Promise<T>, overcome: (cause: unknown) => boolean): Promise<T> {
  const met = new Set<unknown>();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const { cause } = error instanceof NoAnswer ? error : { cause: null };
      const kind = cause instanceof Error ? cause.name : null;
      if (kind === null || met.has(kind) || !overcome(cause)) throw error;
      met.add(kind);
    }
  }
}

/** The other end closed a kept connection at the moment in which it was used again. */
class KeptTooLong extends Error {
  constructor() {
    super('the agent had closed the connection');
    this.name = 'KeptTooLong';
  }
}

const errorCode = (error: Error) => String((error as NodeJS.ErrnoException).code);

function exchange(
  place: RequestOptions,
  request: AgentRequest,
  opened: (socket: TLSSocket) => void,
): Promise<AgentAnswer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(request.timeoutMs);
    const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
    const outgoing = httpsRequest(
      {
        ...place,
        method: request.method,
        path: request.path,
        signal,
        headers: {
          accept: 'application/json',
          'x-request-id': request.requestId,
          ...(payload !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
          }),
          ...request.headers,
        },
      },
      (incoming) => {
        readAnswer(incoming).then(resolve, (error: Error) => {
          outgoing.destroy();
          reject(silence(error));
        });
      },
    );
    // until the TLS handshake is done nothing of the request has left
    let connected = false;
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket) connected = true;
      else {
        socket.once('secureConnect', () => {
          connected = true;
          opened(socket as TLSSocket);
        });
      }
    });
    const silence = ({ message }: Error, cause?: Error) =>
      new NoAnswer(message, { timedOut: signal.aborted, sent: connected }, { cause });
    outgoing.on('error', (error) => {
      const isClosed = outgoing.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(errorCode(error));
      reject(silence(error, isClosed ? new KeptTooLong() : error));
    });
    outgoing.end(payload);
  });
}

async function readAnswer(incoming: IncomingMessage): Promise<AgentAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumAnswerBytes) throw new Error('the answer is larger than 16 MiB');
    chunks.push(chunk);
  }
  return {
    status: incoming.statusCode ?? 0,
    contentType: incoming.headers['content-type'] ?? '',
    headers: incoming.headers,
    body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
  };
}
