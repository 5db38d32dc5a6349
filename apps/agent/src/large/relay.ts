import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '@moru/types';
import { forgetRules, LargeSet } from '../firewall/rules.ts';
import { type Answer, findRoute, handleRequest } from '../http/respond.ts';
import type { HandleFound, Request, Route, StreamedAnswer } from '../http/router.ts';
import { log } from '../log.ts';
import { createGate } from '../process/gate.ts';
import type { Trials } from '../trial/trials.ts';
import { inlineBytes, jobArgument, jobFlags, jobMs } from './limits.ts';
import { answerDescriptor, type JobAnswer, type JobRequest, jobAnswerSchema } from './wire.ts';

interface Job {
  header: JobAnswer;
  text: Readable;
  /** its answer is not wanted any more: all else that it had to do is done */
  drop(): void;
  /** settles when the process is gone */
  ended: Promise<unknown>;
}

/** The process ended, or was ended, before it had an answer. */
class JobLost extends Error {}

export interface Relay {
  handle: HandleFound;
  /** the JSON of a good answer to a read; throws an Error with the words of any other one */
  read(routes: readonly Route[], target: string): Promise<unknown>;
  /** told of the size of the host's rules, so that it need not be tried */
  sized(bytes: number): void;
}

/**
 * Handles requests here while rule sets are small, and by a child of its own each once they are not: what 50,000
 * rules take of memory then goes when the child does. Which it is, is known from the last look at the host; a set
 * that has grown since is met by LargeSet, before anything was changed. `writing` is told of each write
 * before it is handled, and by what it answers once it was, for better or worse.
 */
export function createRelay(trials: Trials, writing: () => () => void): Relay {
  // one after the other, for the memory's sake
  const jobs = createGate(1, 16);
  let large = false;
  /** of the last dump, in bytes; null before the first */
  let size: number | null = null;

  const sized = (bytes: number) => {
    size = bytes;
    large = bytes > inlineBytes;
  };

  const handOn = async (request: Request): Promise<StreamedAnswer> => {
    const { header, text, drop } = await new Promise<Job>((resolve, reject) => {
      jobs(async () => {
        const bytes = size === null ? null : Math.max(size, request.body?.length ?? 0);
        const job = await startJob(request, trials, jobFlags(bytes));
        resolve(job);
        await job.ended;
        tidyUp();
      }).catch(reject);
    });
    if (header.largestDump > 0) sized(header.largestDump);
    trials.adopt(header.remembered);
    const { status, type, code, bytes } = header;
    return {
      status,
      type,
      ...(code !== undefined && { code }),
      bytes,
      body: exactly(text, bytes),
      drop,
    };
  };

  const handle: HandleFound = async (found, request) => {
    const queue = found.route.large;
    if (!queue) return handleRequest(found, request);
    if (!large && (request.body?.length ?? 0) <= inlineBytes) {
      try {
        return await handleRequest(found, request);
      } catch (error) {
        if (!(error instanceof LargeSet)) throw error;
        large = true;
      } finally {
        if ((size ?? 0) > untidyBytes) tidyUp();
      }
    }
    try {
      return await queue(() => handOn(request));
    } catch (error) {
      if (!(error instanceof JobLost)) throw error;
      const detail = 'The process for large rule sets ended before it had an answer.';
      if (request.method === 'GET') throw new ProblemError('host.failed', { detail });
      // a trial that it had begun has nobody to confirm it
      await trials.recover();
      throw new ProblemError('outcome.unknown', { detail });
    }
  };

  return {
    handle: (found, request) =>
      request.method === 'GET' ? handle(found, request) : handle(found, request).finally(writing()),
    read: async (routes, target) => {
      const request = {
        method: 'GET' as const,
        target,
        requestId: 'agent',
        body: undefined,
        connectedAt: 0,
        ends: null,
      };
      return JSON.parse(await textOf(await handle(findRoute(routes, 'GET', target), request)));
    },
    sized,
  };
}

async function textOf(answer: Answer | StreamedAnswer): Promise<string> {
  let text = 'text' in answer ? answer.text : '';
  if ('body' in answer) for await (const chunk of answer.body) text += chunk.toString('utf8');
  if (answer.status !== 200) throw new Error(text.slice(0, 1000));
  return text;
}

/** The agent's own settings, and nothing of what else stands in its environment. */
const jobEnvironment = (all: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(all).filter(([name]) => name.startsWith('MORU_AGENT_') || name === 'NODE_COMPILE_CACHE'),
  );

/** Resolves when the job has done all but send its answer. Throws JobLost. */
async function startJob(
  { method, target, requestId, body, ends }: Request,
  trials: Trials,
  flags: readonly string[],
): Promise<Job> {
  const began = performance.now();
  const child = spawn(process.execPath, [...flags, process.argv[1] ?? '', jobArgument], {
    env: jobEnvironment(process.env),
    cwd: '/',
    stdio: ['pipe', 'inherit', 'inherit', 'pipe', 'ipc'],
  });
  // at its end Node reads what nobody has begun to read, and drops it
  const text = new PassThrough();
  pipeline(child.stdio[answerDescriptor] as unknown as Readable, text).catch(() => text.destroy());
  const timer = setTimeout(() => child.kill('SIGKILL'), jobMs);
  const ended = once(child, 'exit').finally(() => clearTimeout(timer));
  // a job that ends before it has read everything is told by its end, not by the broken pipe
  child.stdin?.on('error', () => {});
  const message: JobRequest = { method, target, requestId, ends, remembered: trials.remembered() };
  child.send(message, () => {});
  child.stdin?.end(body);
  const header = await Promise.race([headerOf(child), ended.then(() => null)]);
  const facts = { requestId, job: child.pid, ms: Math.round(performance.now() - began) };
  if (!header) {
    log.error('a job ended without an answer', {
      ...facts,
      signal: child.signalCode,
      exitCode: child.exitCode,
    });
    throw new JobLost();
  }
  const { status, cpuMs, peakMB } = header;
  log.info('job', { ...facts, status, cpuMs, peakMB });
  const drop = () => {
    text.destroy();
    child.kill('SIGKILL');
  };
  return { header, text, ended, drop };
}

/** Rules of this size leave megabytes behind, read here or in a child; those of most hosts are far smaller. */
const untidyBytes = 256 * 1024;
/** Until the answer that was passed on is sent; and for as long as somebody looks, which the console does every 5 s. */
const tidyMs = 12_000;
let tidying: NodeJS.Timeout | null = null;

/**
 * Gives back what many rules took: those that were kept to read them quickly again, and with them the body and the
 * answer of some megabytes. An agent that has nothing to do would keep it, for nothing else makes V8 collect. Some
 * 20 ms; no more than forgetting where Node was started without `--expose-gc`.
 */
function tidyUp(): void {
  if (tidying) clearTimeout(tidying);
  tidying = setTimeout(() => {
    forgetRules();
    // as if there were no memory left: also what V8 keeps of compiled code and in half-empty pages; Node 18 takes it for
    // the plain kind
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, tidyMs).unref();
}

/** The bytes of a stream; throws behind them unless they are as many as were promised. */
async function* exactly(stream: Readable, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    left -= chunk.length;
    yield chunk;
  }
  if (left !== 0) throw new Error('the job ended in the middle of its answer');
}

async function headerOf(child: ChildProcess): Promise<JobAnswer> {
  const [message] = await once(child, 'message');
  return jobAnswerSchema.parse(message);
}
