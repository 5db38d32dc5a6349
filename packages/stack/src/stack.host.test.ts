import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChildStack, childStack } from './testing/child-stack.ts';
import {
  letGo,
  listeningPorts,
  machineState,
  remaining,
  type Traces,
  tracesOf,
} from './testing/machine-state.ts';
import { signIn } from './testing/sign-in.ts';

/** nobody, on every Linux */
const ordinaryUser = 65_534;

let data: string;
let stacks: ChildStack[];

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'moru-stack-'));
  stacks = [];
});

afterEach(async () => {
  letGo();
  await Promise.all(
    stacks
      .filter(({ process }) => process.exitCode === null && process.signalCode === null)
      .map((stack) => stack.end('SIGTERM')),
  );
  await rm(data, { recursive: true, force: true });
});

async function start(name: string, ...extra: string[]): Promise<ChildStack> {
  const stack = await childStack(['--data', data, '--name', name, '--port', '0', ...extra]);
  stacks.push(stack);
  return stack;
}

/** The kernel takes a moment to take a namespace down after its last process. */
async function expectNothingLeft(before: string, traces: Traces, url: string): Promise<void> {
  await expect.poll(() => remaining(traces), { timeout: 10_000 }).toEqual({ pids: [], networks: [] });
  await expect.poll(machineState, { timeout: 10_000 }).toBe(before);
  expect(listeningPorts()).not.toContain(Number(new URL(url).port));
}

const pidOf = (stack: ChildStack) => stack.process.pid ?? 0;

const record = (name: string) =>
  JSON.parse(readFileSync(join(data, name, 'run.json'), 'utf8')) as {
    stack: { pid: number };
    processes: { name: string; pid: number }[];
  };

test('Ctrl-C leaves no process, namespace, interface or mount behind', async () => {
  const before = await machineState();
  const stack = await start('one');
  const traces = tracesOf(pidOf(stack));
  // the check can fail: while it runs there are processes, and fabric, console, internet and three hosts
  expect(remaining(traces)).toEqual(traces);
  expect(traces.networks.length).toBe(6);
  expect(listeningPorts()).toContain(Number(new URL(stack.url).port));
  expect(await stack.end('SIGINT')).toBe(0);
  expect(stack.output()).toContain('nothing is left running');
  await expectNothingLeft(before, traces, stack.url);
});

test('SIGKILL of the stack takes everything with it, and the next start works on the same data', async () => {
  const before = await machineState();
  const first = await start('one');
  const traces = tracesOf(pidOf(first));
  await first.end('SIGKILL');
  await expectNothingLeft(before, traces, first.url);
  const second = await start('one');
  const later = tracesOf(pidOf(second));
  expect((await signIn(second.url, 'admin')).status).toBe(200);
  expect(await second.end('SIGTERM')).toBe(0);
  await expectNothingLeft(before, later, second.url);
});

test('two installations side by side: own ports, names and cookies; ending one leaves the other', async () => {
  const [one, two] = await Promise.all([start('one'), start('two')]);
  expect(one.url).not.toBe(two.url);
  const [first, second] = [await signIn(one.url, 'admin'), await signIn(two.url, 'reader')];
  expect(first.cookieName).not.toBe(second.cookieName);
  expect((await first.get('/api/session')).role).toBe('admin');
  expect((await second.get('/api/session')).role).toBe('reader');
  await one.end('SIGTERM');
  expect((await second.get('/api/session')).role).toBe('reader');
});

test('a second start of the same installation is refused with its address', async () => {
  const first = await start('one');
  await expect(start('one')).rejects.toThrow(`runs already at ${first.url}`);
});

test('nothing of the machine is changed while it runs but a listener on loopback', async () => {
  const before = await machineState();
  await start('one');
  expect(await machineState()).toBe(before);
});

test('a killed process is started again, and sessions survive', async () => {
  const stack = await start('one');
  const session = await signIn(stack.url, 'admin');
  const pids = Object.fromEntries(record('one').processes.map(({ name, pid }) => [name, pid]));
  for (const name of ['bff', 'cloud']) {
    const pid = pids[name];
    if (!pid) throw new Error(`no process ${name}`);
    process.kill(pid, 'SIGKILL');
  }
  await expect
    .poll(
      () =>
        session.get('/api/session').then(
          ({ role }) => role,
          () => 'no answer',
        ),
      { timeout: 60_000 },
    )
    .toBe('admin');
  await expect
    .poll(
      () =>
        session.get('/api/instances').then(
          ({ instances }) => instances?.length,
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(4);
});

test('an ordinary user gets simulated hosts, and is told why', async () => {
  const own = join(data, 'user');
  await mkdir(own);
  await chown(own, ordinaryUser, ordinaryUser);
  await chmod(data, 0o755);
  const as = ['setpriv', `--reuid=${ordinaryUser}`, `--regid=${ordinaryUser}`, '--clear-groups'];
  const stack = await childStack(['--data', own, '--port', '0'], as);
  stacks.push(stack);
  expect(stack.output()).toContain('SIMULATED (not started as root)');
  const session = await signIn(stack.url, 'admin');
  expect(await session.get('/api/installation')).toMatchObject({
    hosts: 'simulated',
    hostsReason: 'not started as root',
  });
  const { instances } = await session.get('/api/instances');
  const web = instances.find(({ name }: { name: string }) => name === 'web-01');
  const firewall = await session.get(`/api/instances/${web.id}/firewall?family=ipv4`);
  expect(firewall.tables[0].chains[0].rules[0].text).toBe('-j sshguard');
});
