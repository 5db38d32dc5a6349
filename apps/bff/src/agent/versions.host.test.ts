import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hostLeaf, printCredential } from '@moru/enrolment';
import { issueKeyPair, makeAuthority } from '@moru/enrolment/authority';
import { agentClientName, agentPaths, ProblemError } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientTls } from '../enrolment/trust.ts';
import { type AgentChannel, type ChannelParts, createAgentChannel } from './channel.ts';
import { withHandshake } from './handshake.ts';

const hour = 3_600_000;
const program = fileURLToPath(new URL('../../../agent/src/main.ts', import.meta.url));
const versions = [1, 2, 3] as const;

interface RealAgent {
  child: ChildProcess;
  relay: Server;
  socketPath: string;
  trust: ChannelParts['trust'];
}

let folder: string;
let tls: ClientTls;
const agents = new Map<number, RealAgent>();

/** Agents as they are, in processes of their own on loopback, each playing a version of the API. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-versions-'));
  const authority = await makeAuthority();
  const leaf = { commonName: agentClientName, usages: ['client'] as const, expiresAt: Date.now() + hour };
  tls = { ...(await issueKeyPair(authority, leaf)), ca: [authority.certificate] };
  for (const api of versions) {
    const state = join(folder, `agent-${api}`);
    await mkdir(join(state, 'tls'), { recursive: true });
    const pair = await issueKeyPair(authority, hostLeaf(`instance-${api}`, Date.now() + hour));
    const credential = printCredential({ ...pair, authorities: [authority.certificate] });
    await writeFile(join(state, 'tls/agent.pem'), credential);
    const child = spawn(process.execPath, [program], {
      env: {
        PATH: process.env.PATH,
        MORU_AGENT_STATE: state,
        MORU_AGENT_LISTEN: '127.0.0.1:0',
        MORU_AGENT_TESTING: '1',
        MORU_AGENT_API: String(api),
        MORU_AGENT_MAX_AGE_SECONDS: '2',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await portOf(child);
    const socketPath = join(folder, `agent-${api}.sock`);
    const relay = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(socketPath, resolve));
    const serials = new Set([new X509Certificate(pair.certificate).serialNumber]);
    const trust: ChannelParts['trust'] = {
      tls: async () => tls,
      expected: async () => serials,
      stillGood: async () => serials,
      forget: () => {},
    };
    agents.set(api, { child, relay, socketPath, trust });
  }
}, 120_000);

afterAll(async () => {
  for (const { child, relay } of agents.values()) {
    child.kill('SIGKILL');
    relay.close();
  }
  await rm(folder, { recursive: true });
});

async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const record = JSON.parse(line);
    if (record.message === 'agent listens') {
      child.stdout.resume();
      return record.port;
    }
  }
  throw new Error('the agent ended');
}

const agentOf = (api: number): RealAgent => {
  const agent = agents.get(api);
  if (!agent) throw new Error(`no agent of version ${api}`);
  return agent;
};

async function withChannel(
  consoleApi: number,
  agentApi: number,
  act: (channel: AgentChannel) => Promise<void>,
) {
  const { socketPath, trust } = agentOf(agentApi);
  const channel = createAgentChannel({ trust, socketPath });
  await act(withHandshake(channel, consoleApi)).finally(() => channel.close());
}

const target = (api: number) => ({ instanceId: `instance-${api}`, address: '10.0.0.5' });
const request = (method: 'GET' | 'POST', path: string, timeoutMs = 20_000) => ({
  method,
  path,
  requestId: 'r',
  timeoutMs,
  ...(method === 'POST' && { body: {} }),
});
const codeOf = (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error));

test.each(versions.flatMap((console) => versions.map((agent) => [console, agent] as const)))(
  'F15: a console of version %i before a real agent of version %i',
  (console, agent) =>
    withChannel(console, agent, async (channel) => {
      const read = await channel.send(target(agent), request('GET', agentPaths.version));
      expect(read).toMatchObject({ status: 200, body: { api: agent } });
      const writing = channel
        .send(target(agent), request('POST', agentPaths.checkIn))
        .then(({ status }) => status, codeOf);
      expect(await writing).toBe(Math.abs(console - agent) <= 1 ? 200 : 'agent.incompatible');
    }),
);

test('F15: an agent refuses by itself what is too old or too new, and a verb that it does not know', async () => {
  const { socketPath, trust } = agentOf(3);
  const bare = createAgentChannel({ trust, socketPath });
  const send = async (api: string, path: string) => {
    const headers = { 'x-moru-api': api };
    const { body } = await bare.send(target(3), { ...request('POST', path), headers });
    return (body as { code?: string }).code;
  };
  expect(await send('1', agentPaths.checkIn)).toBe('agent.incompatible');
  expect(await send('4', agentPaths.checkIn)).toBe('agent.incompatible');
  expect(await send('3', agentPaths.checkIn)).toBeUndefined();
  expect(await send('3', '/v1/self-destruct')).toBe('route.unknown');
  bare.close();
});

test('F20: what waited while the agent was frozen is not carried out when it goes on', async () => {
  const { child, socketPath, trust } = agentOf(1);
  const bare = createAgentChannel({ trust, socketPath });
  const channel = withHandshake(bare);
  expect((await channel.send(target(1), request('POST', agentPaths.checkIn))).status).toBe(200);
  child.kill('SIGSTOP');
  // it is in the kernel's buffers from here on, and the one who sent it waits
  const waiting = channel
    .send(target(1), request('POST', agentPaths.checkIn))
    .then(() => 'carried out', codeOf);
  await sleep(2_500);
  child.kill('SIGCONT');
  expect(await waiting).toBe('request.late');
  expect((await channel.send(target(1), request('POST', agentPaths.checkIn))).status).toBe(200);
  channel.close();
});
