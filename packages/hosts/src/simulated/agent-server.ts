import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Credential } from '@moru/enrolment';
import {
  type AgentVersion,
  agentApiVersion,
  agentClientName,
  agentPaths,
  agentStampHeader,
  checkRequestSchema,
  confirmRequestSchema,
  extendRequestSchema,
  familySchema,
  firewallChangeSchema,
  firewallOutputKindSchema,
  firewallSaveSchema,
  type Problem,
  ProblemError,
  printAgentStamp,
  problemOf,
  revertRequestSchema,
  trialLimits,
  trialPaths,
  trialRequestSchema,
} from '@moru/types';
import { z } from 'zod';
import { BodyTooLarge, readJsonBody } from '../json-body.ts';
import type { SimulatedEnrolment } from './enrolment.ts';
import { type SimulatedHost, simulatedIptables } from './simulated-host.ts';

export interface SimulatedMachine {
  hostname: string;
  bootId: string;
  host: SimulatedHost;
  enrolment: SimulatedEnrolment;
}

const maximumBodyBytes = 64 * 1024;

/** What `respond` answers. */
const simulatedVerbs = [
  `GET ${agentPaths.version}`,
  `POST ${agentPaths.checkIn}`,
  `GET ${agentPaths.firewall}`,
  `GET ${agentPaths.output}`,
  `POST ${agentPaths.changes}`,
  `POST ${agentPaths.save}`,
  `POST ${trialPaths.check}`,
  `POST ${trialPaths.trials}`,
  `GET ${trialPaths.current}`,
  `GET ${trialPaths.trial}`,
  `GET ${trialPaths.byKey}`,
  `POST ${trialPaths.confirm}`,
  `POST ${trialPaths.revert}`,
  `POST ${trialPaths.extend}`,
];

/**
 * One server on a unix socket that answers the agent's API for every simulated host: the server name of the
 * TLS handshake (the instance id) says which, and gets that host's own certificate, as a real agent would have. Before
 * a host is enrolled nobody answers for it.
 */
export async function serveSimulatedAgents(
  socketPath: string,
  find: (id: string) => SimulatedMachine | undefined,
): Promise<Server> {
  const contexts = new WeakMap<Credential, SecureContext>();
  const contextOf = (id: string): SecureContext => {
    const credential = find(id)?.enrolment.credential();
    if (!credential) throw new Error('no such host, or it is not enrolled');
    const known = contexts.get(credential);
    if (known) return known;
    const { authorities, certificate, key } = credential;
    const context = createSecureContext({ ca: authorities, cert: certificate, key });
    contexts.set(credential, context);
    return context;
  };
  const server = createServer(
    {
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      requestTimeout: 10_000,
      SNICallback: (name, done) => {
        try {
          done(null, contextOf(name));
        } catch (error) {
          done(error as Error);
        }
      },
    },
    (request, answer) => void handle(request, answer, find),
  );
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.getPeerCertificate().subject?.CN !== agentClientName) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return server;
}

async function handle(
  request: IncomingMessage,
  answer: ServerResponse,
  find: (id: string) => SimulatedMachine | undefined,
): Promise<void> {
  const send = (status: number, type: string, body: unknown) => {
    answer.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  };
  try {
    const name = (request.socket as TLSSocket).servername;
    const machine = typeof name === 'string' ? find(name) : undefined;
    if (!machine) throw new ProblemError('agent.unreachable');
    const uptime = Math.round(performance.now() / 10);
    const stamp = { version: 'simulated', api: agentApiVersion, bootId: machine.bootId, uptime };
    answer.setHeader(agentStampHeader, printAgentStamp(stamp));
    send(200, 'application/json', await respond(request, machine));
  } catch (error) {
    const problem = problemFrom(error);
    send(problem.status, 'application/problem+json', problem);
  }
}

function problemFrom(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof BodyTooLarge) return problemOf('body.tooLarge');
  if (error instanceof z.ZodError || error instanceof SyntaxError) return problemOf('input.invalid');
  return problemOf('internal');
}

async function respond(
  request: IncomingMessage,
  { host, hostname, bootId, enrolment }: SimulatedMachine,
): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'https://agent');
  switch (`${request.method} ${url.pathname}`) {
    case `GET ${agentPaths.version}`:
      return {
        agent: 'simulated',
        api: agentApiVersion,
        hostname,
        bootId,
        simulated: true,
        iptables: simulatedIptables,
        verbs: simulatedVerbs,
      } satisfies AgentVersion;
    case `POST ${agentPaths.checkIn}`:
      enrolment.nudge();
      return {};
    case `GET ${agentPaths.firewall}`:
      return host.state(familySchema.parse(url.searchParams.get('family')));
    case `GET ${agentPaths.output}`:
      return host.output(
        firewallOutputKindSchema.parse(url.searchParams.get('kind')),
        familySchema.parse(url.searchParams.get('family')),
      );
    case `POST ${agentPaths.changes}`:
      return host.change(firewallChangeSchema.parse(await readJsonBody(request, maximumBodyBytes)));
    case `POST ${agentPaths.save}`:
      return host.save(firewallSaveSchema.parse(await readJsonBody(request, maximumBodyBytes)));
    default:
      return respondToTrial(request, url.pathname, host.trials);
  }
}

const trialPath = /^\/v1\/trials\/([0-9a-f]{1,64})(?:\/(confirm|revert|extend))?$/;

/** What an agent answers about trials; there are no generations and no routes in a simulation. */
async function respondToTrial(
  request: IncomingMessage,
  path: string,
  trials: SimulatedHost['trials'],
): Promise<unknown> {
  const body = () => readJsonBody(request, trialLimits.bodyBytes);
  switch (`${request.method} ${path}`) {
    case `POST ${trialPaths.check}`:
      return trials.check(checkRequestSchema.parse(await body()));
    case `POST ${trialPaths.trials}`:
      return trials.start(trialRequestSchema.parse(await body()));
    case `GET ${trialPaths.current}`:
      return trials.current();
    case `GET ${trialPaths.generations}`:
      return { generations: [] };
  }
  const key = /^\/v1\/trial-keys\/([A-Za-z0-9_-]{8,64})$/.exec(path)?.[1];
  if (key !== undefined && request.method === 'GET') return trials.findByKey(key);
  const [, id, act] = trialPath.exec(path) ?? [];
  if (id === undefined) throw new ProblemError('route.unknown');
  if (request.method === 'GET' && act === undefined) return trials.find(id);
  if (act === 'confirm') return trials.confirm(id, confirmRequestSchema.parse(await body()).secret);
  if (act === 'extend') {
    const { secret, waitSeconds } = extendRequestSchema.parse(await body());
    return trials.extend(id, secret, waitSeconds);
  }
  if (act !== 'revert') throw new ProblemError('route.unknown');
  const { reason, author } = revertRequestSchema.parse(await body());
  return trials.revert(id, reason, author);
}
