import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { trialSchema } from '@moru/types';
import { describe, expect, it } from 'vitest';
import { makeFakeClock } from '../testing/fake-clock.ts';
import { makeCredentials, startHost } from '../testing/host.ts';
import { unpackedPackage } from '../testing/packages.ts';
import { cutOff, shortWait, trialClient, until } from '../testing/trial-client.ts';

const hour = 3_600_000;
const waitSeconds = 4;
const rules = [':INPUT ACCEPT [0:0]', '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT'];

/** A host whose agent and guard live by a clock of their own, and the BFF's certificates are older than any jump. */
async function startClockedHost(days: number) {
  const folder = await mkdtemp(join(tmpdir(), 'moru-clock-'));
  const clock = await makeFakeClock(folder);
  const host = await startHost(days > 0 ? 'legacy' : 'nft', { ...shortWait, ...clock.environment });
  await clock.set(-3);
  await makeCredentials(join(host.folder, 'tls'), { ...process.env, ...clock.environment });
  await clock.set(0);
  await host.restartAgent();
  const trial = trialClient({ ...host, client: await host.clientAs('bff') });
  const stop = async () => {
    await host.stop();
    await rm(folder, { recursive: true });
  };
  return { host, clock, trial, stop };
}

// where Debian's package cannot be had, this is skipped by name
describe.skipIf(unpackedPackage('libfaketime') === null)(
  'F9, T22: the clock jumps while a change waits',
  () => {
    it.concurrent.each([1, -1])(
      'by %i day: the wait is as long as before, over a start of the agent too, and a confirmation counts',
      async (days) => {
        const { host, clock, trial, stop } = await startClockedHost(days);
        try {
          await trial.start(rules).then(({ body }) => trial.confirm(body.id, body.secret));
          const before = await trial.rules();

          const { body } = await trial.start(cutOff);
          expect(body.state).toBe('applied');
          await trial.expireIn(60);
          await clock.set(days);
          await host.restartAgent();
          const remainingMs = (await trial.applied())?.remainingMs ?? 0;
          expect(remainingMs).toBeGreaterThan(0);
          expect(remainingMs).toBeLessThanOrEqual(60_000);
          // from here on: an agent that starts past the deadline would put the rules back before the guard does
          await trial.expireIn(waitSeconds);
          const from = performance.now();
          await delay(waitSeconds * 500);
          if (performance.now() - from < (waitSeconds - 1) * 1000)
            expect(await trial.reachable()).toBe(false);
          await until(from + (waitSeconds + 5) * 1000 - performance.now(), trial.reachable);
          expect(performance.now() - from).toBeGreaterThan((waitSeconds - 1) * 1000);
          expect(await trial.rules()).toBe(before);
          const { reverted } = trialSchema.parse((await trial.find(body.id)).body);
          expect(reverted).toMatchObject({ reason: 'expired', by: 'guard' });
          // the guard lived by that clock indeed
          const shift = Date.parse(reverted?.at ?? '') - Date.now();
          expect(Math.abs(shift - days * 24 * hour)).toBeLessThan(hour);

          const next = (await trial.start([...rules, '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'])).body;
          expect(Date.parse(next.startedAt) - Date.now()).toBeCloseTo(days * 24 * hour, -7);
          await clock.set(-days);
          const confirmed = await trial.confirm(next.id, next.secret);
          expect(confirmed).toMatchObject({ status: 200, body: { state: 'confirmed' } });
          expect(await trial.rules()).toContain('--dport 22');
        } finally {
          await stop();
        }
      },
      120_000,
    );
  },
);
