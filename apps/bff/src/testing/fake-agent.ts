import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import { createSecureContext, type TLSSocket } from 'node:tls';
import {
  type AgentVersion,
  agentApiVersion,
  agentClientName,
  agentPaths,
  agentStampHeader,
  type FirewallState,
  printAgentStamp,
} from '@moru/types';
import type { Pair } from './certificates.ts';

export interface AgentCall {
  /** the instance that is meant */
  host: string;
  method: string;
  path: string;
  requestId: string | undefined;
  body: unknown;
}

type Reply = { status: number; body: unknown } | 'hang' | 'drop';

/**
 * A stand-in for an agent, over real mutual TLS, for what a real one does not do when asked: lost answers, other
 * certificates, hostile bodies. It holds a state and changes nothing unless the test tells it to.
 */
export interface FakeAgent {
  /** all calls, but for the questions what it is */
  calls: AgentCall[];
  /** those that somebody's request led to; the BFF's own looks come at any time between them */
  readonly asked: AgentCall[];
  /** what the next matching call is answered; the default answers the state */
  reply: (call: AgentCall) => Reply | null;
  state: FirewallState;
  /** distinct TLS connections seen */
  connections: number;
  close(): Promise<void>;
}

/** How the BFF names the requests that it makes for nobody in particular. */
const ownLook = /^(summary|watch)-/;

export async function startFakeAgent(
  socketPath: string,
  ca: string,
  certificateOf: (serverName: string) => Pair,
): Promise<FakeAgent> {
  const agent: FakeAgent = {
    calls: [],
    get asked() {
      return agent.calls.filter(({ requestId }) => !ownLook.test(requestId ?? ''));
    },
    reply: () => null,
    state: emptyState(),
    connections: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer(
    {
      requestCert: true,
      rejectUnauthorized: true,
      ca,
      minVersion: 'TLSv1.3',
      // as the agent's own
      keepAliveTimeout: 30_000,
      SNICallback: (name, done) => {
        const { certificate, key } = certificateOf(name);
        done(null, createSecureContext({ ca, cert: certificate, key }));
      },
    },
    async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      const requestId = request.headers['x-request-id'];
      const { servername } = request.socket as TLSSocket;
      const call: AgentCall = {
        host: typeof servername === 'string' ? servername : '',
        method: request.method ?? '',
        path: request.url ?? '',
        requestId: typeof requestId === 'string' ? requestId : undefined,
        body: text === '' ? undefined : JSON.parse(text),
      };
      response.setHeader(agentStampHeader, printAgentStamp(stamp()));
      if (call.path === agentPaths.version) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(fakeVersion));
        return;
      }
      agent.calls.push(call);
      const reply = agent.reply(call) ?? { status: 200, body: agent.state };
      if (reply === 'hang') return;
      if (reply === 'drop') {
        request.socket.destroy();
        return;
      }
      const type = reply.status === 200 ? 'application/json' : 'application/problem+json';
      response.writeHead(reply.status, { 'content-type': type }).end(JSON.stringify(reply.body));
    },
  );
  server.on('secureConnection', (socket: TLSSocket) => {
    agent.connections += 1;
    if (socket.getPeerCertificate().subject?.CN !== agentClientName) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return agent;
}

const bootId = randomUUID();
const stamp = () => ({
  version: '0.1.0',
  api: agentApiVersion,
  bootId,
  uptime: Math.round(performance.now() / 10),
});

/** It takes whatever the BFF may ask. */
const fakeVersion = {
  agent: '0.1.0',
  api: agentApiVersion,
  hostname: 'fake',
  bootId,
  simulated: true,
  iptables: { raw: 'iptables v1.8.9 (legacy)', version: '1.8.9', backend: 'legacy' },
  verbs: ['/:a/:b', '/:a/:b/:c', '/:a/:b/:c/:d', '/:a/:b/:c/:d/:e'].flatMap((path) => [
    `GET ${path}`,
    `POST ${path}`,
  ]),
} satisfies AgentVersion;

export const isChange = ({ path }: AgentCall) => path === agentPaths.changes;

/** A host as the guide shows it: SSHGUARD's chain and jump, no other rule, nothing saved. */
export function emptyState(input: 'ACCEPT' | 'DROP' = 'ACCEPT'): FirewallState {
  const none = { packets: '0', bytes: '0' };
  const builtIn = { ...none, builtIn: true, policy: 'ACCEPT' as const, owner: 'moru' as const, rules: [] };
  return {
    family: 'ipv4',
    readAt: new Date().toISOString(),
    revision: 'a'.repeat(64),
    iptables: { raw: 'iptables v1.8.9 (legacy)', version: '1.8.9', backend: 'legacy' },
    tables: [
      {
        name: 'filter',
        chains: [
          { ...builtIn, name: 'INPUT', policy: input, rules: [{ ...none, number: 1, text: '-j sshguard' }] },
          { ...builtIn, name: 'FORWARD' },
          { ...builtIn, name: 'OUTPUT' },
          { ...builtIn, name: 'sshguard', builtIn: false, policy: null, owner: 'foreign' },
        ],
      },
    ],
    saved: { path: '/etc/iptables.rules', exists: false, matches: null, modifiedAt: null },
    sshguard: { chain: true, jump: true, blocked: 0 },
    otherBackend: false,
  };
}
