import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Agent } from '../agent.ts';
import type { Tools } from '../firewall/tools.ts';
import { answerOf, findRoute, handleRequest } from '../http/respond.ts';
import { answerDescriptor, type JobAnswer, type JobRequest, jobRequestSchema } from './wire.ts';

/**
 * Handles one request that the serving process handed on, and ends (large/relay.ts). It has an agent of its own, on
 * the same disk: what that keeps in memory comes and goes with the request.
 */
export async function runJob({ routes, trials }: Agent, tools: Tools): Promise<void> {
  // nobody is left to answer, and whoever starts the agent anew puts back what is half done
  process.once('disconnect', () => process.exit(1));
  const [message] = await once(process, 'message');
  const request = jobRequestSchema.parse(message);
  trials.adopt(request.remembered);
  const answer = await respond(routes, request, await readInput());
  const text = Buffer.from(answer.text);
  const header: JobAnswer = {
    status: answer.status,
    type: answer.type,
    ...(answer.code !== undefined && { code: answer.code }),
    bytes: text.length,
    remembered: trials.remembered(),
    largestDump: tools.dumps.largest,
    ...costs(),
  };
  process.send?.(header);
  const output = createWriteStream('', { fd: answerDescriptor });
  output.end(text);
  await once(output, 'close');
  process.exit(0);
}

function costs(): Pick<JobAnswer, 'cpuMs' | 'peakMB'> {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    cpuMs: Math.round((userCPUTime + systemCPUTime) / 1000),
    peakMB: Math.round((maxRSS * 1.024) / 1000),
  };
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function respond(
  routes: Agent['routes'],
  { method, target, requestId, ends }: JobRequest,
  body: Buffer,
) {
  try {
    const found = findRoute(routes, method, target);
    return await handleRequest(found, {
      body: method === 'POST' ? body : undefined,
      requestId,
      connectedAt: Number.NEGATIVE_INFINITY,
      ends,
    });
  } catch (error) {
    return answerOf(error, requestId);
  }
}
