import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { PeerCertificate } from 'node:tls';
import { agentPort } from '@moru/types';
import type { AgentTls } from '../config.ts';
import { NoAnswer } from '../no-answer.ts';
import { requireNicAddress } from './destination.ts';

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
}

export interface AgentAnswer {
  status: number;
  contentType: string;
  body: unknown;
}

export interface AgentChannel {
  /** rejects with NoAnswer */
  send(target: AgentTarget, request: AgentRequest): Promise<AgentAnswer>;
  close(): void;
}

/** The contract of `agentPaths`: 50,000 rules fit. */
const maximumAnswerBytes = 16 * 1024 * 1024;

/**
 * HTTPS with mutual TLS to agents. Connections are kept and reused per host (few each, since one host has one
 * console), and the certificate must name the instance, whatever address it was reached at.
 */
export function createAgentChannel(tls: AgentTls, socketPath?: string): AgentChannel {
  const pool = new Agent({
    keepAlive: true,
    maxSockets: 4,
    maxFreeSockets: 1,
    maxTotalSockets: 1024,
    ca: tls.ca,
    cert: tls.certificate,
    key: tls.key,
    minVersion: 'TLSv1.3',
    checkServerIdentity,
  });
  return {
    async send(target, request) {
      const place = socketPath
        ? { socketPath }
        : { host: requireNicAddress(target.address), port: agentPort };
      return exchange({ ...place, agent: pool, servername: target.instanceId }, request);
    },
    close: () => pool.destroy(),
  };
}

/** Only a DNS name counts, exactly: Node's own check would also take wildcards and the common name. */
function checkServerIdentity(hostname: string, certificate: PeerCertificate): Error | undefined {
  const names = (certificate.subjectaltname ?? '').split(', ');
  return names.includes(`DNS:${hostname}`) ? undefined : new Error('the certificate names another host');
}

function exchange(place: RequestOptions, request: AgentRequest): Promise<AgentAnswer> {
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
        },
      },
      (incoming) => {
        readAnswer(incoming).then(resolve, (error: Error) => {
          outgoing.destroy();
          reject(silence(error.message));
        });
      },
    );
    // until the TLS handshake is done nothing of the request has left
    let connected = false;
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket) connected = true;
      else socket.once('secureConnect', () => (connected = true));
    });
    const silence = (message: string) => new NoAnswer(message, { timedOut: signal.aborted, sent: connected });
    outgoing.on('error', (error) => reject(silence(error.message)));
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
    body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
  };
}
