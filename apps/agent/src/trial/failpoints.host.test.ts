import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Generation, type Trial, trialSchema } from '@moru/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Failpoint, failpoints } from '../process/failpoints.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const old = { filter: [agentPort], nat: '-A POSTROUTING -s 192.0.2.1/32 -j ACCEPT' };
const wanted = {
  filter: ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', agentPort],
  nat: '-A POSTROUTING -s 192.0.2.2/32 -j ACCEPT',
};

/** What is done when the agent dies, and how the trial has to end. */
const expected: Record<Failpoint, { during: 'start' | 'confirm' | 'revert'; ends: string }> = {
  armPrepared: { during: 'start', ends: 'never' },
  armed: { during: 'start', ends: 'agentStart' },
  guarded: { during: 'start', ends: 'agentStart' },
  firstTableCommitted: { during: 'start', ends: 'agentStart' },
  allCommitted: { during: 'start', ends: 'agentStart' },
  verified: { during: 'start', ends: 'agentStart' },
  appliedMarked: { during: 'start', ends: 'expired' },
  confirmClaimed: { during: 'confirm', ends: 'confirmed' },
  saveWritten: { during: 'confirm', ends: 'confirmed' },
  firstFileSaved: { during: 'confirm', ends: 'confirmed' },
  generationWritten: { during: 'confirm', ends: 'confirmed' },
  generationKept: { during: 'confirm', ends: 'confirmed' },
  confirmRecorded: { during: 'confirm', ends: 'confirmed' },
  revertClaimed: { during: 'revert', ends: 'asked' },
  firstTableReverted: { during: 'revert', ends: 'asked' },
  allReverted: { during: 'revert', ends: 'asked' },
  revertRecorded: { during: 'revert', ends: 'asked' },
};

/** Every rule that stands, whole. */
async function rulesOf(trial: TrialClient): Promise<string[]> {
  return (await trial.rules()).split('\n').filter((line) => line.startsWith('-A'));
}

async function reset(host: TestHost): Promise<void> {
  const lines = ['*filter', ...old.filter, 'COMMIT', '*nat', old.nat, 'COMMIT', ''];
  await host.run('iptables', ['-t', 'nat', '-F']);
  await host.run('iptables', ['-F']);
  expect(await host.run('iptables-restore', ['-n'], lines.join('\n'))).toMatchObject({ exitCode: 0 });
}

/** Has the agent killed at one failpoint, starts another one, and answers how the trial then stands. */
async function dieAt(host: TestHost, name: Failpoint): Promise<Trial | null> {
  const { during } = expected[name];
  await reset(host);
  await writeFile(join(host.folder, 'failpoint'), `${failpoints[name]}`);
  const trial = trialClient(host);
  const author = randomUUID();
  const nat = ['COMMIT', '*nat', ':POSTROUTING ACCEPT [0:0]', wanted.nat];
  const lines = [':INPUT ACCEPT [0:0]', ...wanted.filter, ...nat];
  const started = await trial.start(lines, { author, save: true }).catch(() => null);
  if (during === 'start') expect(started).toBeNull();
  else {
    const { id, secret } = started?.body ?? { id: '', secret: null };
    const act = during === 'confirm' ? trial.confirm(id, secret) : trial.revert(id);
    expect(await act.catch(() => null)).toBeNull();
  }
  await rm(join(host.folder, 'failpoint'));
  if (expected[name].ends === 'expired') await trial.expireIn(1);
  await host.restartAgent({ MORU_AGENT_FAILPOINT_FILE: join(host.folder, 'failpoint') });
  const names = (await trial.folders('')).flatMap((folder) => /[0-9a-f]{16}/.exec(folder)?.[0] ?? []);
  const all = await Promise.all(names.map(async (id) => (await trial.find(id)).body));
  const mine = all.find((each) => each.author === author);
  if (!mine) return null;
  return until(10_000, async () => {
    const { body } = await trial.find(mine.id);
    return ['reverted', 'confirmed'].includes(body.state) && trialSchema.parse(body);
  });
}

async function survive(host: TestHost, name: Failpoint): Promise<void> {
  const { ends } = expected[name];
  await host.run('rm', ['-f', '/etc/iptables.rules']);
  const trial = await dieAt(host, name);
  expect(trial?.reverted?.reason ?? trial?.state ?? 'never').toBe(ends);
  const isNew = ends === 'confirmed';
  const rules = isNew ? wanted : old;
  expect((await rulesOf(trialClient(host))).sort()).toEqual([...rules.filter, rules.nat].sort());
  const file = await host.run('cat', ['/etc/iptables.rules']);
  expect(file.exitCode).toBe(isNew ? 0 : 1);
  if (!isNew) return;
  expect(trial?.confirmed).toMatchObject({ saved: ['ipv4'], trouble: '' });
  expect(await host.run('iptables-restore', ['--test'], file.stdout)).toMatchObject({ exitCode: 0 });
  for (const rule of [...wanted.filter, wanted.nat]) expect(file.stdout).toContain(rule);
  const { generations } = (await host.client('GET', '/v1/generations')).body;
  const kept = generations.filter(
    (each: Generation) => each.trial === trial?.id && each.reason === 'trial' && each.saved.includes('ipv4'),
  );
  expect(kept).toHaveLength(1);
}

const names = Object.keys(expected) as Failpoint[];
const backends = ['legacy', 'nft'] as const;
const surviving = new Map<string, Promise<void>>();
const closed: Promise<void>[] = [];

// both back ends at once, one failpoint after the other on each
beforeAll(() => {
  for (const backend of backends) {
    const host = startHost(backend, shortWait).then(async (started) => {
      await started.restartAgent({ MORU_AGENT_FAILPOINT_FILE: join(started.folder, 'failpoint') });
      return started;
    });
    let before: Promise<unknown> = host;
    for (const name of names) {
      const run = before.then(async () => survive(await host, name));
      surviving.set(`${backend} ${name}`, run);
      before = run.catch(() => {});
    }
    closed.push(before.then(async () => (await host).stop()));
  }
});
afterAll(() => Promise.all(closed));

describe.each(backends)('SIGKILL at a failpoint on a host with %s', (backend) => {
  it.each(names)('%s: the rules are old or new and whole, and the record tells which', (name) =>
    surviving.get(`${backend} ${name}`),
  );
});
