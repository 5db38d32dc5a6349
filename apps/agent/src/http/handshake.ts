import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  type AgentStamp,
  agentApiHeader,
  agentSentHeader,
  agentStampHeader,
  ProblemError,
  parseSent,
  printAgentStamp,
} from '@moru/types';
import { log } from '../log.ts';
import { answerOf } from './respond.ts';

export interface Handshake {
  /** what this agent is, and the host's clock now */
  stamp(): AgentStamp;
  /** a request that changes something is not carried out later than this after it was sent, in seconds */
  maxAgeSeconds: number;
}

/**
 * Says in every answer what this agent is, and lets requests that change something through only when they are in a
 * version of the API that it speaks, its own or the one before (F15), and were sent a moment ago: one that waited in a
 * buffer, while the agent was frozen or the host was cut off, is not what anybody means any more (F20).
 */
export function withHandshake(handle: RequestListener, handshake: Handshake): RequestListener {
  return (request, response) => {
    const stamp = handshake.stamp();
    response.setHeader(agentStampHeader, printAgentStamp(stamp));
    const problem = request.method === 'POST' ? refusal(request, stamp, handshake.maxAgeSeconds) : null;
    if (problem) refuse(request, response, problem);
    else handle(request, response);
  };
}

/** The first version did not send these headers. */
function refusal(
  { headers }: IncomingMessage,
  stamp: AgentStamp,
  maxAgeSeconds: number,
): ProblemError | null {
  const api = Number(headers[agentApiHeader] ?? 1);
  if (api !== stamp.api && api !== stamp.api - 1) {
    const detail = `The agent speaks version ${stamp.api} of the API and the one before, the request is in ${api}.`;
    return new ProblemError('agent.incompatible', { detail });
  }
  if (headers[agentSentHeader] === undefined) return null;
  const sent = parseSent(headers[agentSentHeader]);
  if (!sent) return new ProblemError('input.malformed', { detail: `${agentSentHeader} cannot be read.` });
  if (sent.bootId !== stamp.bootId) {
    return new ProblemError('request.late', { detail: 'The host was started anew after it was sent.' });
  }
  const age = (stamp.uptime - sent.uptime) / 100;
  if (age <= maxAgeSeconds) return null;
  return new ProblemError('request.late', { detail: `It was sent ${Math.round(age)} s ago.` });
}

function refuse(request: IncomingMessage, response: ServerResponse, problem: ProblemError): void {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : 'unknown';
  const { status, type, text, code } = answerOf(problem, requestId);
  request.on('error', () => {});
  response.on('error', () => {});
  // its body is not read
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', connection: 'close' });
  response.end(text);
  log.info('request', { requestId, method: request.method, url: request.url?.slice(0, 256), status, code });
}
