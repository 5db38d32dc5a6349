import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeAuthority, makeCredential } from './testing/certificates.ts';

// each starts a program from its sources
vi.setConfig({ testTimeout: 60_000 });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-main-'));
  await makeAuthority(join(folder, 'tls'));
  await makeCredential(join(folder, 'tls'), 'a');
});
afterAll(() => rm(folder, { recursive: true }));

function start(environment: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Lines of one of its streams, as records. */
async function* records(stream: NodeJS.ReadableStream | null) {
  if (!stream) throw new Error('no stream');
  for await (const line of createInterface({ input: stream })) yield JSON.parse(line);
}

async function failure(environment: NodeJS.ProcessEnv) {
  const agent = start(environment);
  const reasons: string[] = [];
  const exited = once(agent, 'exit');
  for await (const record of records(agent.stderr)) reasons.push(record.reason);
  return { exitCode: (await exited)[0], reasons };
}

it('names every problem of its configuration, a line each, and ends', async () => {
  const { exitCode, reasons } = await failure({ MORU_AGENT_LISTEN: 'here', MORU_AGENT_STATE: 'there' });
  expect(exitCode).toBe(1);
  expect(reasons).toEqual([
    expect.stringContaining('MORU_AGENT_LISTEN'),
    expect.stringContaining('MORU_AGENT_STATE'),
  ]);
});

it('waits to be enrolled where there is no certificate, and ends cleanly then too', async () => {
  const agent = start({ MORU_AGENT_STATE: join(folder, 'fresh'), MORU_AGENT_LISTEN: '127.0.0.1:0' });
  const exited = once(agent, 'exit');
  const messages: string[] = [];
  for await (const { message } of records(agent.stdout)) {
    messages.push(message);
    if (message === 'agent waits to be enrolled') setTimeout(() => agent.kill('SIGTERM'), 100);
  }
  expect(messages).toEqual(['agent waits to be enrolled', 'agent ends']);
  expect(await exited).toEqual([0, null]);
});

it('takes certificates anew at SIGHUP and ends cleanly at SIGTERM', async () => {
  const agent = start({ MORU_AGENT_STATE: folder, MORU_AGENT_LISTEN: '127.0.0.1:0' });
  const exited = once(agent, 'exit');
  const messages: string[] = [];
  for await (const { message } of records(agent.stdout)) {
    messages.push(message);
    if (message === 'agent listens') agent.kill('SIGHUP');
    if (message === 'read the certificates anew') agent.kill('SIGTERM');
  }
  expect(messages).toEqual(['agent listens', 'read the certificates anew', 'agent ends']);
  expect(await exited).toEqual([0, null]);
});
