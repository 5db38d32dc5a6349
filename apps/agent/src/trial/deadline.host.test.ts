import { trialSchema } from '@moru/types';
import { afterAll, expect, it } from 'vitest';
import { startHost, type TestBackend, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

/** Per back end; 1,000 in `npm run chaos`. */
const races = 10;
const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const rules = ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', agentPort];

/** When to confirm: so many milliseconds around the deadline, or clearly on one side of it. */
type Moment = number | 'before' | 'after';

/** Confirms at that moment; answers what came of it. */
async function race(host: TestHost, trial: TrialClient, moment: Moment): Promise<'confirmed' | 'reverted'> {
  await host.run('iptables', ['-F']);
  await host.run('iptables', ['-A', 'INPUT', '-p', 'tcp', '--dport', '7443', '-j', 'ACCEPT']);
  const before = await trial.rules();
  const { status, body } = await trial.start([':INPUT ACCEPT [0:0]', ...rules]);
  expect(status).toBe(201);
  const { client, close } = await host.keptClient();
  await client('GET', '/v1/version');
  const find = async () => (await client('GET', `/v1/trials/${body.id}`)).body;
  if (moment !== 'before') await trial.expireIn(1.2);
  if (moment === 'after') await until(30_000, async () => (await find()).state === 'reverted');
  if (typeof moment === 'number') {
    const { remainingMs } = await find();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, (remainingMs ?? 0) + moment)));
  }
  const answer = await client('POST', `/v1/trials/${body.id}/confirm`, { secret: body.secret });
  close();
  const ended = await until(30_000, async () => {
    const found = (await trial.find(body.id)).body;
    return ['confirmed', 'reverted'].includes(found.state) && trialSchema.parse(found);
  });
  // answer, record, rules and the folder on the disk agree, and there is one of each
  const confirmed = answer.status === 200;
  if (!confirmed) expect(answer).toMatchObject({ status: 409, body: { code: 'trial.over' } });
  expect(ended.state).toBe(confirmed ? 'confirmed' : 'reverted');
  const now = await trial.rules();
  if (confirmed) expect(now).toContain(rules.join('\n'));
  else expect(now).toBe(before);
  expect(await trial.folders(body.id)).toHaveLength(1);
  return confirmed ? 'confirmed' : 'reverted';
}

async function raceOn(backend: TestBackend): Promise<void> {
  const host = await startHost(backend, shortWait);
  try {
    const trial = trialClient(host);
    const outcomes: string[] = [];
    for (let i = 0; i < races; i++) outcomes.push(await race(host, trial, -50 + (100 * i) / (races - 1)));
    // one clearly before and one clearly after, so that both sides of the race were run
    outcomes.push(await race(host, trial, 'before'), await race(host, trial, 'after'));
    expect(outcomes.slice(-2)).toEqual(['confirmed', 'reverted']);
  } finally {
    await host.stop();
  }
}

const running: Record<TestBackend, Promise<void>> = { legacy: raceOn('legacy'), nft: raceOn('nft') };
for (const run of Object.values(running)) run.catch(() => {});

// also the one that a filter leaves out: each takes its host away
afterAll(async () => {
  await Promise.allSettled(Object.values(running));
}, 120_000);

it.each<TestBackend>(['legacy', 'nft'])(
  'T18: a confirmation within 50 ms of the deadline has exactly one outcome, on a host with %s',
  (backend) => running[backend],
  120_000,
);
