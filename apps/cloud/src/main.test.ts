import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { accounts } from './testing/test-cloud.ts';

interface LogLine {
  level: number;
  msg: string;
  url?: string;
}

function run(environment: Record<string, string>): { child: ChildProcess; lines: AsyncIterator<LogLine> } {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const read = async function* () {
    for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as LogLine;
  };
  return { child, lines: read() };
}

function installation(): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'moru-main-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'accounts.json');
  writeFileSync(path, JSON.stringify(accounts));
  return { MORU_CLOUD_LISTEN: '127.0.0.1:0', MORU_CLOUD_DATA: join(directory, 'cloud'), MORU_ACCOUNTS: path };
}

test('starts, says where it listens, answers, and ends on SIGTERM with its hosts out of reach', async () => {
  const environment = { ...installation(), MORU_HOSTS_SOCKET: '/nowhere/hosts.sock' };
  const { child, lines } = run(environment);
  const first = (await lines.next()).value as LogLine;
  expect(first.msg).toBe('listening');
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}, 20_000);

test('a bad configuration ends it with a line for each problem', async () => {
  const { child, lines } = run({ MORU_CLOUD_LISTEN: 'here' });
  const ended = once(child, 'exit');
  const said: string[] = [];
  for (let line = await lines.next(); !line.done; line = await lines.next()) said.push(line.value.msg);
  // every problem at once; in which order is nobody's concern
  expect(said.toSorted()).toEqual([
    'MORU_ACCOUNTS: is required',
    'MORU_CLOUD_DATA: is required',
    'MORU_CLOUD_LISTEN: must be host:port',
  ]);
  expect(await ended).toEqual([1, null]);
}, 20_000);
