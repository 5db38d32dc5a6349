import { imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cutOff } from '../src/testing/trial-client.ts';
import { until } from '../src/testing/until.ts';
import { busyMs, openPark, type Park, type TestMachine } from './testing/park.ts';

let park: Park | { missing: string };
const machines = {} as Record<'legacy' | 'nft', TestMachine>;

beforeAll(async () => {
  park = await openPark();
  if ('missing' in park) return;
  const { boot } = park;
  [machines.legacy, machines.nft] = await Promise.all([
    boot('guard-legacy', 'legacy'),
    boot('guard-nft', 'nft'),
  ]);
}, imageForTestsMs);
afterAll(async () => {
  if (park && 'close' in park) await park.close();
});
beforeEach(({ skip }) => {
  if ('missing' in park) skip(park.missing);
});

describe.each(['legacy', 'nft'] as const)('units on a machine with %s', { timeout: 120_000 }, (backend) => {
  let machine: TestMachine;
  let before: string;
  /** what has nothing to do with the back end */
  const onLegacy = (name: string, test: () => Promise<void>) => {
    if (backend === 'legacy') it(name, test);
  };

  beforeEach(async () => {
    machine = machines[backend];
    await machine.answers();
    before = await machine.trial.rules();
  });

  const cut = async (more: object = {}) => {
    // what happens before its end is brought forward may take long
    const { body } = await machine.trial.start(cutOff, { waitSeconds: 600, ...more });
    expect(body).toMatchObject({ state: 'applied' });
    return body;
  };
  const reverted = async (id: string) => {
    await machine.answers();
    return until(busyMs, async () => {
      const { body } = await machine.trial.find(id);
      return body.state === 'reverted' && body.reverted;
    });
  };
  const controlGroup = (pid: number | string) => machine.sh(`cat /proc/${pid}/cgroup`);

  it('F2: the agent killed with its whole control group: the guard puts the old rules back at the deadline', async () => {
    const { id } = await cut();
    const guard = await machine.trial.guardPid();
    expect(await controlGroup(guard)).toContain('/moru-guard.service');
    expect(await controlGroup(await machine.property('moru-agent', 'MainPID'))).toContain(
      '/moru-agent.service',
    );
    await machine.sh('systemctl kill --signal=KILL --kill-who=all moru-agent && systemctl stop moru-agent');
    expect(await machine.trial.rules()).not.toBe(before);
    await machine.trial.expireIn(0.5);
    await until(busyMs, async () => (await machine.trial.rules()) === before);
    await machine.sh('systemctl start moru-agent');
    expect(await reverted(id)).toMatchObject({ reason: 'expired', by: 'guard' });
  });

  it('a guard that is killed is there again at once, and reverts with the agent gone', async () => {
    const { id } = await cut();
    const first = await machine.trial.guardPid();
    await machine.sh(`systemctl stop moru-agent && kill -KILL ${first}`);
    /** one that is neither of these; null while none is there */
    const another = async (...pids: number[]) => {
      const pid = await machine.trial.guardPid().catch(() => null);
      return pid !== null && !pids.includes(pid) && pid;
    };
    const second = await until(busyMs, () => another(first));
    expect(await controlGroup(second)).toContain('/moru-guard.service');
    // by hand, as somebody would who wants it out of the way
    await machine.sh('systemctl stop moru-guard.service');
    await until(busyMs, () => another(first, second));
    await machine.trial.expireIn(0.5);
    await until(busyMs, async () => (await machine.trial.rules()) === before);
    await machine.sh('systemctl start moru-agent');
    expect(await reverted(id)).toMatchObject({ reason: 'expired', by: 'guard' });
  });

  onLegacy('a guard that is killed while it waits for a lock goes on as another one', async () => {
    const { id } = await cut();
    const first = await machine.trial.guardPid();
    await machine.sh('systemctl stop moru-agent');
    await machine.sh('flock /run/xtables.lock sleep 600 > /dev/null 2>&1 & echo $! > /run/holder');
    await machine.trial.expireIn(0.1);
    const folder = `reverting-${id}.expired`;
    await until(busyMs, async () => (await machine.trial.folders(id)).includes(folder));
    await machine.sh(`kill -KILL ${first}`);
    const worker = `cut -d' ' -f1 /var/lib/moru/trial/${folder}/worker`;
    await until(busyMs, async () => Number(await machine.sh(worker)) !== first);
    expect(await machine.trial.rules()).not.toBe(before);
    await machine.sh('kill $(cat /run/holder) $(pgrep -P $(cat /run/holder))');
    await until(busyMs, async () => (await machine.trial.rules()) === before);
    await machine.sh('systemctl start moru-agent');
    expect(await reverted(id)).toMatchObject({ reason: 'expired', by: 'guard' });
  });

  onLegacy('no change without the unit that starts the guard', async () => {
    await machine.sh('systemctl stop moru-guard.path');
    try {
      const answer = await machine.trial.start(cutOff);
      expect(answer).toMatchObject({ status: 503, body: { code: 'trial.unguarded' } });
      expect(answer.body.detail).toContain('moru-guard.path');
      expect(await machine.trial.rules()).toBe(before);
    } finally {
      await machine.sh('systemctl start moru-guard.path');
    }
  });

  onLegacy('one change after the other: no limit of systemd keeps the guard from starting', async () => {
    const open = [':INPUT ACCEPT [0:0]', '-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT'];
    for (let round = 0; round < 8; round++) {
      const { status, body } = await machine.trial.start(open);
      expect({ round, status, body }).toMatchObject({ status: 201, body: { state: 'applied' } });
      expect((await machine.trial.revert(body.id)).body.state).toBe('reverted');
    }
    expect(await machine.trial.rules()).toBe(before);
    expect(await machine.sh('systemctl list-units --failed --no-legend --plain "moru*"')).toBe('');
  });

  onLegacy(
    'an agent that cannot start: the guard reverts, systemd never gives up, and mended it is there again',
    async () => {
      const { id } = await cut();
      await machine.sh(
        'cp /etc/moru/agent.conf /root/ && echo MORU_AGENT_LISTEN=nowhere >> /etc/moru/agent.conf',
      );
      await machine.sh('systemctl kill --signal=KILL moru-agent');
      // systemd's own limit is 5 starts within 10 s
      await machine.sh('mkdir -p /run/systemd/system/moru-agent.service.d');
      await machine.put('/run/systemd/system/moru-agent.service.d/soon.conf', '[Service]\nRestartSec=50ms\n');
      await machine.sh('systemctl daemon-reload');
      await until(busyMs, async () => Number(await machine.property('moru-agent', 'NRestarts')) > 8);
      expect(await machine.property('moru-agent', 'SubState')).not.toBe('failed');
      await machine.trial.expireIn(0.1);
      await until(busyMs, async () => (await machine.trial.rules()) === before);
      await machine.sh('rm -r /run/systemd/system/moru-agent.service.d && systemctl daemon-reload');
      await machine.sh('mv /root/agent.conf /etc/moru/');
      expect(await reverted(id)).toMatchObject({ reason: 'expired', by: 'guard' });
      expect(await machine.sh('journalctl -u moru-agent --no-pager -o cat')).toContain('MORU_AGENT_LISTEN');
    },
  );

  it('`moru-agent` at the console, with the agent stopped and without Node', async () => {
    const moruAgent = (...args: string[]) => machine.run('moru-agent', args);
    expect(await moruAgent('rollback')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Nothing was done'),
    });
    const first = await cut();
    await machine.sh('systemctl stop moru-agent');
    expect((await moruAgent('status')).stdout).toMatch(/^The change of tester waits to be confirmed/m);
    expect(await moruAgent('rollback')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/was reverted by the command .*: somebody asked for it/),
    });
    expect(await machine.trial.rules()).toBe(before);
    // what root wrote is the agent's to read
    expect(await machine.sh('find /var/lib/moru ! -user moru-agent')).toBe('');
    await machine.sh('systemctl start moru-agent');
    expect(await reverted(first.id)).toMatchObject({ by: 'command', reason: 'asked' });

    const second = await cut();
    await machine.sh('systemctl stop moru-agent && mount --bind /dev/null /usr/local/bin/node');
    try {
      expect(await moruAgent('status')).toMatchObject({
        exitCode: 127,
        stderr: expect.stringContaining('there is no Node 18 or later'),
      });
      expect(await moruAgent('rollback')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('The old rules are back'),
      });
      expect(await machine.trial.rules()).toBe(before);
    } finally {
      await machine.sh('umount /usr/local/bin/node && systemctl start moru-agent');
    }
    expect(await reverted(second.id)).toMatchObject({ by: 'guard', reason: 'asked' });
  });

  onLegacy('`moru-agent` is for root, and says so', async () => {
    const status = await machine.run('setpriv', ['--reuid=nobody', '--clear-groups', 'moru-agent', 'status']);
    expect(status).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('run as root') });
  });
});
