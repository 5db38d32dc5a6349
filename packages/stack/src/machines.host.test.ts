import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlGroupsOf } from '@moru/hosts/testing/control-groups';
import { imageForTests, imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ChildStack, childStack } from './testing/child-stack.ts';
import { letGo, machineState, remaining, tracesOf } from './testing/machine-state.ts';
import { signIn } from './testing/sign-in.ts';

/** Control groups go last, and only when they are empty: processes that came after a trace are found by them. */
const soon = { timeout: 20_000, interval: 200 };

let missing: string | undefined;
let data: string;
let stack: ChildStack | undefined;

beforeAll(async () => {
  missing = (await imageForTests()).missing;
}, imageForTestsMs);

beforeEach(async ({ skip }) => {
  skip(missing !== undefined, missing);
  data = await mkdtemp(join(tmpdir(), 'moru-stack-'));
});

afterEach(async () => {
  letGo();
  const running = stack?.process;
  if (running?.exitCode === null && running.signalCode === null) await stack?.end('SIGTERM');
  stack = undefined;
  if (data) await rm(data, { recursive: true, force: true });
});

const start = async () => {
  stack = await childStack(['--data', data, '--port', '0', '--hosts', 'machines']);
  return stack;
};

test('the console shows machines as it shows any host, and Ctrl-C leaves nothing behind', async () => {
  const before = await machineState();
  const { url, process, end } = await start();
  const traces = tracesOf(process.pid ?? 0);
  const session = await signIn(url, 'admin');
  expect(await session.get('/api/installation')).toMatchObject({ hosts: 'machines' });

  const agents = async () => {
    const { instances } = await session.get('/api/instances');
    return Object.fromEntries(
      instances.map(({ name, firewall }: { name: string; firewall: { agent: string } }) => [
        name,
        firewall.agent,
      ]),
    );
  };
  await expect
    .poll(agents, soon)
    .toMatchObject({ 'web-01': 'connected', 'web-02': 'connected', 'db-01': 'connected' });

  const { instances } = await session.get('/api/instances');
  const web = instances.find(({ name }: { name: string }) => name === 'web-01');
  const firewall = await session.get(`/api/instances/${web.id}/firewall?family=ipv4`);
  expect(firewall.tables[0].chains[0].rules[0].text).toBe('-j sshguard');
  expect(readFileSync(join(data, 'default/logs/web-01.console.log'), 'utf8')).toContain('Welcome to Debian');

  expect((await controlGroupsOf(process.pid)).length).toBeGreaterThan(30);
  expect(await machineState()).toBe(before);
  expect(await end('SIGINT')).toBe(0);
  await expect.poll(() => remaining(traces).pids, soon).toEqual([]);
  await expect.poll(machineState, soon).toBe(before);
  await expect.poll(() => controlGroupsOf(process.pid), soon).toEqual([]);
});

test('SIGKILL of the installation takes its machines with it, and the next start has their disks', async () => {
  const before = await machineState();
  const first = await start();
  const session = await signIn(first.url, 'admin');
  const traces = tracesOf(first.process.pid ?? 0);
  const { instances } = await session.get('/api/instances');
  const web = instances.find(({ name }: { name: string }) => name === 'web-01');
  const kept = join(data, 'default/data/machines', web.id, 'upper/etc/ssh/ssh_host_ecdsa_key');
  await expect.poll(() => readFileSync(kept, 'utf8'), soon).toContain('PRIVATE KEY');
  const key = readFileSync(kept, 'utf8');
  await first.end('SIGKILL');
  await expect.poll(() => remaining(traces).pids, soon).toEqual([]);
  await expect.poll(machineState, soon).toBe(before);
  await expect.poll(() => controlGroupsOf(first.process.pid), soon).toEqual([]);
  const second = await start();
  expect((await signIn(second.url, 'admin')).status).toBe(200);
  expect(readFileSync(kept, 'utf8')).toBe(key);
});
