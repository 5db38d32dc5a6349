import { agentPaths, type ProblemCode, printAgentStamp, problemOf } from '@moru/types';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NoAnswer } from '../no-answer.ts';
import type { AgentAnswer, AgentChannel, AgentRequest } from './channel.ts';
import { withHandshake } from './handshake.ts';

const target = { instanceId: 'instance-1', address: '10.0.0.5' };
const bootId = 'boot-1';

let sent: AgentRequest[];
let agentApi: number;
let uptime: number;
let verbs: string[];
let answer: (request: AgentRequest) => Partial<AgentAnswer> | null;

const inner: AgentChannel = {
  async send(_target, request) {
    sent.push(request);
    const stamp = { version: `0.${agentApi}.0`, api: agentApi, bootId, uptime };
    const iptables = { raw: 'x', version: '1.8.9', backend: 'legacy' };
    const version = { agent: 'x', api: agentApi, hostname: 'h', bootId, simulated: false, iptables, verbs };
    return {
      status: 200,
      contentType: 'application/json',
      headers: { 'x-moru-agent': printAgentStamp(stamp) },
      body: request.path === agentPaths.version ? version : {},
      ...answer(request),
    };
  },
  cut: () => {},
  sweep: async () => {},
  close: () => {},
};

beforeEach(() => {
  [sent, agentApi, uptime, answer] = [[], 1, 5_000, () => null];
  verbs = ['GET /v1/firewall', 'POST /v1/firewall/changes', 'POST /v1/trials/:id/confirm'];
});

const post = (channel: AgentChannel, path = '/v1/firewall/changes') =>
  channel.send(target, { method: 'POST', path, body: {}, requestId: 'r', timeoutMs: 1_000 });
const get = (channel: AgentChannel) =>
  channel.send(target, { method: 'GET', path: '/v1/firewall?family=ipv4', requestId: 'r', timeoutMs: 1_000 });
const problem = (code: ProblemCode) =>
  expect.objectContaining({ problem: expect.objectContaining({ code }) });
const changes = () => sent.filter(({ method }) => method === 'POST');

describe('F15: console × agent', () => {
  test.each([1, 2, 3].flatMap((console) => [1, 2, 3].map((agent) => [console, agent] as const)))(
    'console of version %i, agent of version %i',
    async (console, agent) => {
      agentApi = agent;
      const channel = withHandshake(inner, console);
      expect((await get(channel)).status).toBe(200);
      if (Math.abs(console - agent) <= 1) {
        await post(channel);
        expect(changes()[0]?.headers).toMatchObject({ 'x-moru-api': String(Math.min(console, agent)) });
      } else {
        await expect(post(channel)).rejects.toEqual(problem('agent.incompatible'));
        await expect(post(channel)).rejects.toThrow(
          console > agent ? /Update agent 0.1.0/ : /Update the console/,
        );
        expect(changes()).toEqual([]);
      }
    },
  );

  test('a verb that the agent does not know is not sent', async () => {
    const channel = withHandshake(inner);
    await expect(post(channel, '/v1/sshguard/unblock')).rejects.toEqual(problem('agent.verbUnknown'));
    await expect(post(channel, '/v1/trials/a/b/confirm')).rejects.toEqual(problem('agent.verbUnknown'));
    await expect(post(channel, '/v1/firewall')).rejects.toEqual(problem('agent.verbUnknown'));
    expect(changes()).toEqual([]);
    await post(channel, '/v1/trials/0a1b/confirm');
  });

  test('an agent that was upgraded is asked anew what it can do', async () => {
    const channel = withHandshake(inner, 2);
    await expect(post(channel, '/v1/new')).rejects.toEqual(problem('agent.verbUnknown'));
    agentApi = 2;
    verbs.push('POST /v1/new');
    await get(channel);
    await post(channel, '/v1/new');
  });

  test('an agent that does not answer the question has not been told to change anything', async () => {
    const channel = withHandshake({
      ...inner,
      send: async (_target, request) => {
        sent.push(request);
        throw new NoAnswer('late', { timedOut: true, sent: true });
      },
    });
    await expect(post(channel)).rejects.toMatchObject({ name: 'NoAnswer', timedOut: true, sent: false });
    expect(changes()).toEqual([]);
  });

  test('the agent has the last word', async () => {
    const channel = withHandshake(inner);
    const refuse = (code: ProblemCode) => {
      answer = ({ method }) => (method === 'POST' ? { status: 409, body: problemOf(code) } : null);
    };
    for (const code of ['agent.incompatible', 'request.late'] as const) {
      refuse(code);
      await expect(post(channel)).rejects.toEqual(problem(code));
    }
    // other refusals are the caller's to read
    refuse('revision.stale');
    expect((await post(channel)).status).toBe(409);
  });

  test('something that does not say what it is is not told to change anything', async () => {
    const channel = withHandshake(inner);
    answer = () => ({ headers: {} });
    await expect(post(channel)).rejects.toEqual(problem('agent.unreachable'));
    answer = ({ path }) => (path === agentPaths.version ? { body: { api: 1 } } : null);
    await expect(post(channel)).rejects.toEqual(problem('agent.unreachable'));
    expect(changes()).toEqual([]);
  });
});

describe('F20: a change says when it was sent', () => {
  const uptimesSent = () => changes().map(({ headers }) => headers?.['x-moru-sent']);

  test('by the host’s own clock, as last heard, and ours that nobody sets', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(10_000);
    const channel = withHandshake(inner);
    await post(channel);
    clock.mockReturnValue(40_000);
    await post(channel);
    expect(uptimesSent()).toEqual(['boot-1 5000', 'boot-1 8000']);
    clock.mockRestore();
  });

  test('after a while the host is asked for its clock first', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(10_000);
    const channel = withHandshake(inner);
    await post(channel);
    clock.mockReturnValue(10_000 + 120_000);
    uptime = 5_000 + 90_000;
    await post(channel);
    expect(sent.map(({ path }) => path)).toEqual([
      agentPaths.version,
      '/v1/firewall/changes',
      agentPaths.version,
      '/v1/firewall/changes',
    ]);
    expect(uptimesSent()[1]).toBe('boot-1 95000');
    clock.mockRestore();
  });
});
