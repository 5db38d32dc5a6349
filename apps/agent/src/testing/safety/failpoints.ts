import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generation, Trial } from '@moru/types';
import { messageOf } from '../../log.ts';
import { type Failpoint, failpoints } from '../../process/failpoints.ts';
import { startHost, type TestBackend, type TestHost } from '../host.ts';
import { shortWait, type TrialClient, trialClient } from '../trial-client.ts';
import { until } from '../until.ts';
import { runRounds, type Tally } from './rounds.ts';
import { assertRoutes, oldRoutes, resetRoutes, routeEdits, wantedRoutes } from './routes.ts';

const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const old = { filter: [agentPort], nat: '-A POSTROUTING -s 192.0.2.1/32 -j ACCEPT' };
const wanted = {
  filter: ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', agentPort],
  nat: '-A POSTROUTING -s 192.0.2.2/32 -j ACCEPT',
};
const savedFile = '/etc/iptables.rules';

/** What is done when the agent dies, and how the trial has to end; a save without a trial has none. */
interface Death {
  at: Failpoint;
  during: 'start' | 'confirm' | 'revert' | 'save';
  ends: 'never' | 'agentStart' | 'expired' | 'confirmed' | 'asked' | 'old file' | 'new file';
}

const each = (during: Death['during'], ends: Death['ends'], ...points: Failpoint[]): Death[] =>
  points.map((at) => ({ at, during, ends }));

/** Every numbered failpoint, and those of saving once more for the save without a trial. */
export const deaths: readonly Death[] = [
  ...each('start', 'never', 'armPrepared'),
  ...each('start', 'agentStart', 'armed', 'guarded', 'firstTableCommitted', 'allCommitted', 'verified'),
  ...each('start', 'agentStart', 'firstRoutesChanged', 'routesChanged'),
  ...each('start', 'expired', 'appliedMarked'),
  ...each('confirm', 'confirmed', 'confirmClaimed', 'saveWritten', 'firstFileSaved', 'generationWritten'),
  ...each('confirm', 'confirmed', 'routesKept', 'generationKept', 'confirmRecorded'),
  ...each(
    'revert',
    'asked',
    'revertClaimed',
    'routesReverted',
    'firstTableReverted',
    'allReverted',
    'revertRecorded',
  ),
  ...each('save', 'old file', 'saveWritten'),
  ...each('save', 'new file', 'generationWritten'),
];

/** A host whose agent dies where the file `failpoint` says. */
export async function startMortalHost(backend: TestBackend): Promise<TestHost> {
  const host = await startHost(backend, shortWait);
  await revive(host);
  return host;
}

const revive = (host: TestHost) =>
  host.restartAgent({ MORU_AGENT_FAILPOINT_FILE: join(host.folder, 'failpoint') });

/** Every rule that stands, whole. */
async function rulesOf(trial: TrialClient): Promise<string[]> {
  return (await trial.rules()).split('\n').filter((line) => line.startsWith('-A'));
}

async function reset(host: TestHost): Promise<void> {
  await host.run('rm', ['-f', savedFile]);
  const lines = ['*filter', ...old.filter, 'COMMIT', '*nat', old.nat, 'COMMIT', ''];
  for (const table of ['nat', 'filter']) await host.run('iptables', ['-t', table, '-F']);
  const { exitCode, stderr } = await host.run('iptables-restore', ['-n'], lines.join('\n'));
  assert.equal(exitCode, 0, stderr);
}

/**
 * Has the agent killed there and starts another one. Throws unless rules and routes are then the old or the new ones,
 * whole, the record tells which, and the saved files are whole and load.
 */
export async function surviveDeath(host: TestHost, death: Death): Promise<void> {
  await reset(host);
  await resetRoutes(host);
  const trial = trialClient(host);
  const ended = await (death.during === 'save' ? dieSaving : dieTrying)(host, trial, death);
  const expected = death.during === 'save' ? 'never' : death.ends;
  assert.equal(ended?.reverted?.reason ?? ended?.state ?? 'never', expected);
  const isNew = death.ends === 'confirmed';
  const rules = isNew ? wanted : old;
  assert.deepEqual((await rulesOf(trial)).sort(), [...rules.filter, rules.nat].sort());
  await assertRoutes(host, isNew ? wantedRoutes : oldRoutes, isNew);
  const file = await host.run('cat', [savedFile]);
  const isSaved = isNew || death.ends === 'new file';
  assert.equal(file.exitCode, isSaved ? 0 : 1, 'the saved file');
  if (isSaved) await assertSaved(host, file.stdout, rules);
  if (isNew) await assertKept(host, ended);
}

/** So many deaths on one host, from a place in the list that chance chooses. */
export async function surviveDeaths(backend: TestBackend, rounds: number): Promise<Tally> {
  const host = await startMortalHost(backend);
  const first = Math.floor(Math.random() * deaths.length);
  try {
    return await runRounds(rounds, async (index) => {
      const death = deaths[(first + index) % deaths.length];
      if (!death) throw new Error('no such death');
      await surviveDeath(host, death).catch((cause: unknown) => {
        throw new Error(`${death.at} of ${death.during}: ${messageOf(cause)}`, { cause });
      });
    });
  } finally {
    await host.stop();
  }
}

async function chooseFailpoint(host: TestHost, at: Failpoint, act: () => Promise<unknown>): Promise<void> {
  const file = join(host.folder, 'failpoint');
  await writeFile(file, `${failpoints[at]}`);
  try {
    const answer = await act().catch(() => null);
    assert.equal(answer, null, `the agent went on past ${at}`);
  } finally {
    await rm(file);
  }
}

async function dieSaving(host: TestHost, trial: TrialClient, { at }: Death): Promise<null> {
  const revision = await trial.revision();
  await chooseFailpoint(host, at, () =>
    host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision }),
  );
  await revive(host);
  return null;
}

async function dieTrying(
  host: TestHost,
  trial: TrialClient,
  { at, during, ends }: Death,
): Promise<Trial | null> {
  const idempotencyKey = randomUUID();
  const nat = ['COMMIT', '*nat', ':POSTROUTING ACCEPT [0:0]', wanted.nat];
  const lines = [':INPUT ACCEPT [0:0]', ...wanted.filter, ...nat];
  const { revision } = (await host.client('GET', '/v1/routing')).body;
  const routes = { revision, edits: routeEdits, keep: true };
  const start = () => trial.start(lines, { idempotencyKey, save: true, routes });
  if (during === 'start') await chooseFailpoint(host, at, start);
  else {
    const { id, secret } = (await start()).body;
    await chooseFailpoint(host, at, () =>
      during === 'confirm' ? trial.confirm(id, secret) : trial.revert(id),
    );
  }
  if (ends === 'expired') await trial.expireIn(1);
  await revive(host);
  const mine = await host.client('GET', `/v1/trial-keys/${idempotencyKey}`);
  if (mine.status === 404) return null;
  return until(60_000, async () => {
    const found = (await trial.find(mine.body.id)).body as Trial;
    return ['reverted', 'confirmed'].includes(found.state) && found;
  });
}

async function assertSaved(host: TestHost, text: string, rules: typeof old): Promise<void> {
  const { exitCode, stderr } = await host.run('iptables-restore', ['--test'], text);
  assert.equal(exitCode, 0, stderr);
  for (const rule of [...rules.filter, rules.nat]) assert.ok(text.includes(rule), `${rule} in\n${text}`);
}

/** One generation of it, that says it was saved. */
async function assertKept(host: TestHost, trial: Trial | null): Promise<void> {
  assert.deepEqual(trial?.confirmed?.saved, ['ipv4']);
  assert.equal(trial?.confirmed?.kept.length, 1);
  assert.equal(trial?.confirmed?.trouble, '');
  const { generations } = (await host.client('GET', '/v1/generations')).body;
  const kept = generations.filter(
    (kept: Generation) => kept.trial === trial?.id && kept.reason === 'trial' && kept.saved.includes('ipv4'),
  );
  assert.equal(kept.length, 1);
}
