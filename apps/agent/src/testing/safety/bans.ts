import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { startHost, type TestBackend } from '../host.ts';
import { shortWait, trialClient } from '../trial-client.ts';
import { until } from '../until.ts';
import { runRounds, type Tally } from './rounds.ts';
import { startSshguard } from './sshguard.ts';

const image = [
  ':INPUT ACCEPT [0:0]',
  ':sshguard - [0:0]',
  '-A INPUT -j sshguard',
  '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT',
];
/** The longest that a change takes on an idle machine: an attack may fall into any part of it. */
const spreadMs = 400;

/**
 * So many changes on a host whose SSHGUARD bans one address after the other meanwhile: every second one is confirmed
 * and saved, the others are reverted. A round holds when every ban so far is live, and none stands in the saved file.
 */
export async function applyUnderAttack(backend: TestBackend, rounds: number): Promise<Tally> {
  const host = await startHost(backend, shortWait);
  try {
    const trial = trialClient(host);
    const lines = ['*filter', ...image, 'COMMIT', ''];
    assert.equal((await host.run('iptables-restore', [], lines.join('\n'))).exitCode, 0);
    const guard = await startSshguard(host);
    const banned = await guard.bans();
    return await runRounds(rounds, async (round) => {
      const attacker = `198.51.${Math.floor(round / 250)}.${(round % 250) + 1}`;
      const attacked = delay(Math.random() * spreadMs).then(() => guard.attack(attacker));
      const rule = `-A INPUT -p tcp -m tcp --dport ${1000 + round} -j ACCEPT`;
      const { status, body } = await trial.start([...image, rule], { save: true });
      assert.equal(status, 201);
      const isConfirmed = round % 2 === 0;
      const end = isConfirmed ? await trial.confirm(body.id, body.secret) : await trial.revert(body.id);
      assert.equal(end.body.state, isConfirmed ? 'confirmed' : 'reverted');
      await attacked;
      await until(60_000, async () => (await guard.bans()).includes(attacker));
      banned.push(attacker);
      assert.deepEqual((await guard.bans()).sort(), banned.toSorted(), 'bans that are live');
      const now = await trial.rules();
      assert.ok(now.includes('-A INPUT -j sshguard\n'), 'the jump is there');
      assert.equal(now.includes(rule), isConfirmed);
      const { stdout: saved } = await host.run('cat', ['/etc/iptables.rules']);
      assert.match(saved, /^:sshguard - /m);
      assert.doesNotMatch(saved, /-A sshguard/, 'no ban is saved');
    });
  } finally {
    await host.stop();
  }
}
