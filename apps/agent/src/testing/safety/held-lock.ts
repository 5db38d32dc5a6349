import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Trial } from '@moru/types';
import { startHost, type TestHost } from '../host.ts';
import { cutOff, shortWait, trialClient } from '../trial-client.ts';
import { until } from '../until.ts';
import { knock, openDoor } from './door.ts';
import { runRounds, type Tally } from './rounds.ts';

/** How long after the lock is free a host may be out of reach: one try of the guard, and the pause before it. */
const graceMs = 10_000;
const open = [22, 7443].map((port) => `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`);

/** Holds the xtables lock as another program would, until it is told to end. */
export async function holdLock(host: TestHost): Promise<() => Promise<void>> {
  const holder = host.start('flock', ['/run/xtables.lock', 'sh', '-c', 'echo held; exec cat']);
  if (!holder.stdout) throw new Error('no stdout');
  await once(holder.stdout, 'data');
  return async () => {
    holder.stdin?.end();
    await once(holder, 'exit');
  };
}

/**
 * So many times that another program holds the lock for so many seconds: a change is refused meanwhile, soon and with
 * nothing done; one that cut the host off before and is over meanwhile is reverted once the lock is free.
 */
export async function surviveHeldLock(seconds: number, rounds: number): Promise<Tally> {
  const host = await startHost('legacy', shortWait);
  try {
    const trial = trialClient(host);
    await openDoor(host);
    const image = ['*filter', ':INPUT ACCEPT [0:0]', ...open, 'COMMIT', ''];
    assert.equal((await host.run('iptables-restore', [], image.join('\n'))).exitCode, 0);
    const before = await trial.rules();
    return await runRounds(rounds, async () => {
      let release = await holdLock(host);
      const refused = await trial.start(cutOff);
      await release();
      assert.deepEqual([refused.status, (refused.body as { code?: string }).code], [503, 'host.busy']);
      assert.equal(await trial.rules(), before);

      const { body } = await trial.start(cutOff);
      assert.equal(body.state, 'applied');
      release = await holdLock(host);
      await trial.expireIn(1);
      await delay(seconds * 1000);
      assert.equal(await knock(host), false);
      assert.deepEqual(await trial.folders(body.id), [`reverting-${body.id}.expired`]);
      // why it has not worked so far
      const path = `${trial.trials}/reverting-${body.id}.expired/trouble`;
      await until(graceMs, async () => (await host.run('cat', [path])).stdout.includes('lock'));
      await release();
      await until(graceMs, () => knock(host));
      const ended: Trial = await until(graceMs, async () => {
        const found = (await trial.find(body.id)).body;
        return found.state === 'reverted' && found;
      });
      const [step] = ended.reverted?.steps ?? [];
      assert.deepEqual([step?.what, step?.exitCode], ['ipv4 filter', 0]);
      assert.ok((step?.tries ?? 0) > 1, `${step?.tries} tries`);
      assert.equal(await trial.rules(), before);
    });
  } finally {
    await host.stop();
  }
}
