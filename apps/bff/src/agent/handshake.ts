import {
  type AgentStamp,
  agentApiHeader,
  agentApiVersion,
  agentPaths,
  agentProblemSchema,
  agentReadMs,
  agentSentHeader,
  agentStampHeader,
  agentVersionSchema,
  commonApi,
  ProblemError,
  parseAgentStamp,
  printSent,
} from '@moru/types';
import { NoAnswer } from '../no-answer.ts';
import type { AgentAnswer, AgentChannel, AgentRequest, AgentTarget } from './channel.ts';

/** Hosts of which a stamp is remembered; forgetting one costs a question more. */
const maximumHosts = 20_000;
/**
 * A stamp that is older is asked for anew before something is changed: our own clock stood still meanwhile if this
 * computer slept.
 */
const freshMs = 60_000;

interface Known {
  stamp: AgentStamp;
  /** when it came, by our own clock that nobody sets (`performance.now()`) */
  at: number;
  /** what the agent can be asked; null until it was asked for */
  verbs: readonly string[] | null;
}

/**
 * A channel that knows whom it speaks to. Every answer of an agent says which version of the API it speaks and what
 * its host's clock shows. Before something is changed: the versions are at most one apart, the agent knows the verb,
 * and the request says when it was sent by the host's own clock, so that none is carried out long after. Reads are
 * tried in any case. Rejects with `agent.incompatible`, `agent.verbUnknown` and `request.late`, where nothing was
 * changed.
 */
export function withHandshake(channel: AgentChannel, api = agentApiVersion): AgentChannel {
  const known = new Map<string, Known>();

  const learn = (instanceId: string, { headers }: AgentAnswer): Known | null => {
    const stamp = parseAgentStamp(headers[agentStampHeader]);
    if (!stamp) return null;
    const before = known.get(instanceId);
    const isSame = before?.stamp.version === stamp.version && before.stamp.bootId === stamp.bootId;
    if (known.size >= maximumHosts && !before) known.clear();
    const entry = { stamp, at: performance.now(), verbs: isSame ? before.verbs : null };
    known.set(instanceId, entry);
    return entry;
  };

  const ask = async (target: AgentTarget, requestId: string): Promise<Known> => {
    const request = { method: 'GET', path: agentPaths.version, requestId, timeoutMs: agentReadMs } as const;
    const answer = await channel.send(target, request).catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      // this question may have reached it; what was to be changed has not been sent
      throw new NoAnswer(error.message, { timedOut: error.timedOut, sent: false }, { cause: error });
    });
    const entry = learn(target.instanceId, answer);
    const version = agentVersionSchema.safeParse(answer.body);
    if (!entry || !version.success) {
      const problem = agentProblemSchema.safeParse(answer.body);
      const upstream = problem.success ? problem.data.title : undefined;
      throw new ProblemError('agent.unreachable', {
        detail: 'The agent does not say what it is.',
        ...(upstream !== undefined && { upstream }),
      });
    }
    entry.verbs = version.data.verbs;
    return entry;
  };

  const change = async (target: AgentTarget, request: AgentRequest): Promise<AgentAnswer> => {
    const before = known.get(target.instanceId);
    const isFresh = before?.verbs && performance.now() - before.at < freshMs;
    const { stamp, at, verbs } = isFresh ? before : await ask(target, request.requestId);
    const spoken = commonApi(api, stamp.api);
    if (spoken === null) throw incompatible(api, stamp);
    if (!verbs?.some((verb) => fits(verb, request))) {
      const detail = `Agent ${stamp.version} has no ${request.method} ${request.path}.`;
      throw new ProblemError('agent.verbUnknown', { detail });
    }
    const now = stamp.uptime + (performance.now() - at) / 10;
    const answer = await channel.send(target, {
      ...request,
      headers: {
        ...request.headers,
        [agentApiHeader]: String(spoken),
        [agentSentHeader]: printSent(stamp.bootId, now),
      },
    });
    learn(target.instanceId, answer);
    const refused = refusalOf(answer);
    if (refused) known.delete(target.instanceId);
    if (refused) throw refused;
    return answer;
  };

  return {
    ...channel,
    async send(target, request) {
      if (request.method === 'POST') return change(target, request);
      const answer = await channel.send(target, request);
      learn(target.instanceId, answer);
      return answer;
    },
  };
}

function incompatible(api: number, { api: theirs, version }: AgentStamp): ProblemError {
  const older = theirs < api ? `Update agent ${version} on the host.` : 'Update the console.';
  const detail = `The agent speaks version ${theirs} of the API, this console ${api}. ${older}`;
  return new ProblemError('agent.incompatible', { detail });
}

/** The agent's word that it did not carry something out, for what it is and not for what was asked. */
function refusalOf({ status, body }: AgentAnswer): ProblemError | null {
  if (status !== 409) return null;
  const problem = agentProblemSchema.safeParse(body);
  if (!problem.success) return null;
  const { code, detail } = problem.data;
  if (code !== 'agent.incompatible' && code !== 'request.late') return null;
  return new ProblemError(code, detail === undefined ? {} : { detail });
}

/** Whether a request is of a verb, `METHOD PATH` with `:name` for any segment. */
function fits(verb: string, { method, path }: AgentRequest): boolean {
  const [theirs = '', pattern = ''] = verb.split(' ');
  const wanted = pattern.split('/');
  const given = (path.split('?')[0] ?? '').split('/');
  return (
    theirs === method &&
    wanted.length === given.length &&
    wanted.every((segment, index) => segment.startsWith(':') || segment === given[index])
  );
}
