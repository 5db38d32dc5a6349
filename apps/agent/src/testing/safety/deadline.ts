import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { trialSchema } from '@moru/types';
import { startHost, type TestBackend, type TestHost } from '../host.ts';
import { shortWait, type TrialClient, trialClient } from '../trial-client.ts';
import { until } from '../until.ts';
import { runRounds, type Tally } from './rounds.ts';

const patienceMs = 30_000;
/** How far from the deadline a confirmation is sent, at most. */
const aroundMs = 50;
const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const rules = ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', agentPort];

/** When to confirm: so many milliseconds around the deadline, or clearly on one side of it. */
type Moment = number | 'before' | 'after';

/** Confirms at that moment. Throws where answer, record, rules and the folder on the disk do not tell the same. */
async function race(host: TestHost, trial: TrialClient, moment: Moment): Promise<'confirmed' | 'reverted'> {
  await host.run('iptables', ['-F']);
  await host.run('iptables', ['-A', 'INPUT', '-p', 'tcp', '--dport', '7443', '-j', 'ACCEPT']);
  const before = await trial.rules();
  const { status, body } = await trial.start([':INPUT ACCEPT [0:0]', ...rules]);
  assert.equal(status, 201);
  const { client, close } = await host.keptClient();
  await client('GET', '/v1/version');
  const find = async () => (await client('GET', `/v1/trials/${body.id}`)).body;
  if (moment !== 'before') await trial.expireIn(1.2);
  if (moment === 'after') await until(patienceMs, async () => (await find()).state === 'reverted');
  if (typeof moment === 'number') {
    const { remainingMs } = await find();
    await delay(Math.max(0, (remainingMs ?? 0) + moment));
  }
  const answer = await client('POST', `/v1/trials/${body.id}/confirm`, { secret: body.secret });
  close();
  const ended = await until(patienceMs, async () => {
    const found = (await trial.find(body.id)).body;
    return ['confirmed', 'reverted'].includes(found.state) && trialSchema.parse(found);
  });
  const outcome = answer.status === 200 ? 'confirmed' : 'reverted';
  if (outcome === 'reverted') {
    assert.deepEqual([answer.status, (answer.body as { code?: string }).code], [409, 'trial.over']);
  }
  assert.equal(ended.state, outcome);
  const now = await trial.rules();
  if (outcome === 'confirmed') assert.ok(now.includes(rules.join('\n')), now);
  else assert.equal(now, before);
  assert.equal((await trial.folders(body.id)).length, 1);
  return outcome;
}

/**
 * So many confirmations, spread over the 50 ms before and after the deadline, then one clearly on each side, so that both
 * sides of the race were run: each has exactly one outcome.
 */
export async function confirmAtDeadline(backend: TestBackend, rounds: number): Promise<Tally> {
  const host = await startHost(backend, shortWait);
  try {
    const trial = trialClient(host);
    const step = (2 * aroundMs) / Math.max(1, rounds - 1);
    const tally = await runRounds(rounds, async (index) => {
      await race(host, trial, index * step - aroundMs);
    });
    assert.equal(await race(host, trial, 'before'), 'confirmed');
    assert.equal(await race(host, trial, 'after'), 'reverted');
    return tally;
  } finally {
    await host.stop();
  }
}
