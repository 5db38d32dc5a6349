import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { RevertReason } from '@moru/types';
import { createGate } from '../../process/gate.ts';
import { startHost, type TestBackend, type TestHost } from '../host.ts';
import { hasEnded } from '../processes.ts';
import { addSecondGateway, secondGateway } from '../second-gateway.ts';
import { cutOff, shortWait, type TrialClient, trialClient } from '../trial-client.ts';
import { until } from '../until.ts';
import { knock, openDoor } from './door.ts';
import { ProvesNothing, runRounds, type Tally } from './rounds.ts';

/** How long after the wait, the agent's start or the boot a host may be out of reach (design/safe-change.md). */
const graceMs = 5_000;
/** What is not promised in time: a busy machine is waited for. */
const patienceMs = 30_000;
/** As short as may be; where the guard has to be killed before it acts, a busy machine needs longer. */
const shortSeconds = 3;
const killSeconds = 6;
const rebootSeconds = 30;
/** The power goes at any moment of this long after the change. */
const rebootSpreadMs = 2_000;
/** A machine that takes longer to make a change is not there for this. */
const applyMs = 30_000;

interface Round {
  host: TestHost;
  cut: Cut;
  trial: TrialClient;
  /** `performance.now()` when the wait that was asked for is over */
  overAt: number;
}

interface Kind {
  reason: RevertReason;
  /** who may have put the rules back: where both are there, a guard that is late is not waited for */
  by: readonly ('guard' | 'agent' | 'command')[];
  waitSeconds: number;
  /** Answers when the host has to be on its way back: the time from which the grace counts. */
  happens(round: Round): Promise<number>;
}

/** How a change takes the way to the host away. */
interface Cut {
  backend: TestBackend;
  /** what the host has beside rules once it has booted */
  booted(host: TestHost): Promise<void>;
  /** resolves when the change is in force, or the request was refused: with its status */
  start(trial: TrialClient, waitSeconds: number): Promise<number>;
}

const byRules = (backend: TestBackend): Cut => ({
  backend,
  booted: async () => {},
  start: async (trial, waitSeconds) => (await trial.start(cutOff, { waitSeconds })).status,
});

/** The default route goes over a gateway that does not pass the answers on. */
const byRoute: Cut = {
  backend: 'nft',
  booted: addSecondGateway,
  start: async (trial, waitSeconds) => {
    const wrong = { type: 'keepDefault', family: 'ipv4', gateway: secondGateway, device: 'eth1' } as const;
    // its own answer goes astray as well
    const answer = trial.startRoutes([wrong], { waitSeconds }).catch(() => null);
    const applied = until(applyMs, trial.applied).then(() => 201);
    return Promise.race([applied, answer.then((early) => early?.status ?? applied)]);
  },
};

export const cuts = { legacy: byRules('legacy'), nft: byRules('nft'), route: byRoute };
export type CutName = keyof typeof cuts;

const killGuard = async ({ host, trial }: Round) => {
  const pid = await trial.guardPid().catch(() => null);
  const killed = pid !== null && (await host.run('kill', ['-KILL', `${pid}`])).exitCode === 0;
  if (!killed) throw new ProvesNothing('the guard was gone already');
};

/** What happens while the host cannot be reached, and what its record then says. */
export const cutOffKinds = {
  'with nobody there to confirm': {
    reason: 'expired',
    by: ['guard', 'agent'],
    waitSeconds: shortSeconds,
    happens: async ({ overAt }) => overAt,
  },
  'F2: with the agent killed right after the change': {
    reason: 'expired',
    by: ['guard'],
    waitSeconds: shortSeconds,
    happens: async ({ host, overAt }) => {
      await host.killAgent();
      return overAt;
    },
  },
  'F3: with agent and guard killed, by the next agent': {
    reason: 'expired',
    by: ['agent'],
    waitSeconds: killSeconds,
    happens: async (round) => {
      await round.host.killAgent();
      await killGuard(round);
      await delay(round.overAt - performance.now());
      assert.equal(await knock(round.host), false, 'nobody was there to put the rules back');
      const from = performance.now();
      await round.host.restartAgent();
      return from;
    },
  },
  'F3: with the guard killed alone': {
    reason: 'expired',
    by: ['guard', 'agent'],
    waitSeconds: killSeconds,
    happens: async (round) => {
      await killGuard(round);
      return round.overAt;
    },
  },
  'F4: with the host started anew': {
    reason: 'reboot',
    by: ['command'],
    // nobody waits for its end, so it may be long enough for whoever is slow to make the change
    waitSeconds: rebootSeconds,
    happens: async ({ host, cut, overAt }) => {
      await delay(Math.random() * Math.min(overAt - performance.now() - 500, rebootSpreadMs));
      const from = performance.now();
      await host.reboot();
      await cut.booted(host);
      await openDoor(host);
      return from;
    },
  },
} as const satisfies Record<string, Kind>;

export type CutOffKind = keyof typeof cutOffKinds;

const open = [22, 7443].map((port) => `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`);

/** Most of a round is waiting; the changes themselves take turns, or a machine with two cores makes none in time. */
const applying = createGate(2, Number.POSITIVE_INFINITY);

const routesOf = async (host: TestHost) => (await host.run('ip', ['route'])).stdout;

/** One host that is cut off so many times. */
export async function surviveCutOffs(by: CutName, name: CutOffKind, rounds: number): Promise<Tally> {
  const cut = cuts[by];
  const host = await startHost(cut.backend, shortWait, 'folder');
  try {
    const trial = trialClient(host);
    await cut.booted(host);
    await openDoor(host);
    // what a boot loads
    const saved = await applying(() => trial.start([':INPUT ACCEPT [0:0]', ...open], { save: true }));
    assert.equal(saved.status, 201, JSON.stringify(saved.body).slice(0, 1000));
    assert.equal((await trial.confirm(saved.body.id, saved.body.secret)).status, 200);
    const before = { rules: await trial.rules(), routes: await routesOf(host) };
    return await runRounds(rounds, async () => {
      // a round that did not hold leaves nothing to the next
      if (hasEnded(host.agent)) await host.restartAgent();
      if ((await trial.rules()) !== before.rules) await host.run('iptables-restore', [], before.rules);
      if ((await routesOf(host)) !== before.routes) await host.reboot().then(() => cut.booted(host));
      await cutOffOnce({ host, trial, cut }, cutOffKinds[name], before);
    });
  } finally {
    await host.stop();
  }
}

async function cutOffOnce(
  { host, trial, cut }: Omit<Round, 'overAt'>,
  kind: Kind,
  before: { rules: string; routes: string },
): Promise<void> {
  const { waitSeconds, reason, by } = kind;
  const status = await applying(() => cut.start(trial, waitSeconds));
  if (status === 409) throw new ProvesNothing('the wait was over before the change was made');
  assert.equal(status, 201);
  const applied = await trial.applied();
  if (!applied) throw new ProvesNothing('the wait was over before it was looked');
  const { id } = applied;
  const overAt = performance.now() + applied.remainingMs;
  const greeted = await knock(host);
  if (performance.now() > overAt - 500) throw new ProvesNothing('the wait was over before it was looked');
  assert.equal(greeted, false, 'the change did not cut the host off');

  const from = await kind.happens({ host, trial, cut, overAt });
  await until(from + graceMs - performance.now(), () => knock(host));
  if (hasEnded(host.agent)) await host.restartAgent();
  // that was the promise; what the record says is read in peace
  await until(patienceMs, () => trial.reachable(patienceMs));
  const ended = await until(patienceMs, async () => {
    const found = (await trial.find(id)).body;
    return found.state === 'reverted' && found;
  });
  // no guard outlives the power
  if (reason === 'reboot' && ended.reverted.by === 'guard')
    throw new ProvesNothing('the power was cut too late');
  assert.equal(ended.reverted.reason, reason);
  assert.ok(by.includes(ended.reverted.by), `put back by ${ended.reverted.by}`);
  assert.deepEqual({ rules: await trial.rules(), routes: await routesOf(host) }, before);
  assert.deepEqual(await trial.folders(id), [`reverted-${id}.${reason}`]);
}
