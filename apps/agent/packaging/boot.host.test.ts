import { imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { restoreRecordSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cutOff } from '../src/testing/trial-client.ts';
import { openPark, type Park, type TestMachine } from './testing/park.ts';

let park: Park | { missing: string };
const machines = {} as Record<'legacy' | 'nft', TestMachine>;

beforeAll(async () => {
  park = await openPark();
  if ('missing' in park) return;
  const { boot } = park;
  [machines.legacy, machines.nft] = await Promise.all([
    boot('boot-legacy', 'legacy'),
    boot('boot-nft', 'nft'),
  ]);
}, imageForTestsMs);
afterAll(async () => {
  if (park && 'close' in park) await park.close();
});
beforeEach(({ skip }) => {
  if ('missing' in park) skip(park.missing);
});

const rulesFile = '/etc/iptables.rules';
const openTo = (port: number) => [
  ':INPUT ACCEPT [0:0]',
  ':sshguard - [0:0]',
  '-A INPUT -j sshguard',
  `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`,
];

describe.each(['legacy', 'nft'] as const)('a machine with %s', { timeout: 120_000 }, (backend) => {
  let machine: TestMachine;
  beforeEach(async () => {
    machine = machines[backend];
    await machine.answers();
  });

  /** A change that somebody confirms. Answers the rules that are then in force. */
  const confirmed = async (port: number, save: boolean) => {
    const { body } = await machine.trial.start(openTo(port), { save });
    const answer = await machine.trial.confirm(body.id, body.secret);
    expect(answer.body).toMatchObject({ state: 'confirmed', confirmed: { trouble: '' } });
    return machine.trial.rules();
  };
  /** The power goes, and comes again. */
  const powerLoss = async () => {
    if (!('driver' in park)) throw new Error('no machines');
    await park.driver.reboot(machine.spec);
    await machine.answers();
  };
  const restored = async () =>
    restoreRecordSchema.parse(JSON.parse(await machine.sh('cat /var/lib/moru/boot.json')));
  const failed = () => machine.sh('systemctl list-units --failed --no-legend --plain "moru*"');

  it('never saved anything: a boot leaves the rules as they come, and the file unread', async () => {
    await machine.sh(`printf '*filter\\n:INPUT DROP [0:0]\\nCOMMIT\\n' > ${rulesFile}`);
    await powerLoss();
    expect(await machine.trial.rules()).not.toContain('DROP');
    expect(await restored()).toMatchObject({
      alarm: false,
      ipv4: { source: 'kept' },
      ipv6: { source: 'kept' },
    });
    await machine.sh(`rm ${rulesFile}`);
  });

  it('F4: power loss before the confirmation loads what was confirmed last, before the network is up', async () => {
    const saved = await confirmed(8001, true);
    const { body } = await machine.trial.start(cutOff);
    expect(body.state).toBe('applied');
    await powerLoss();
    expect(await machine.trial.rules()).toBe(saved);
    expect(await restored()).toMatchObject({ alarm: false, ipv4: { source: 'file' } });
    const trial = (await machine.trial.find(body.id)).body;
    expect(trial).toMatchObject({ state: 'reverted', reverted: { reason: 'reboot' } });
    const at = async (unit: string, when: string) =>
      Number(await machine.property(unit, `${when}TimestampMonotonic`));
    expect(await at('moru-agent-restore', 'ExecMainExit')).toBeGreaterThan(0);
    expect(await at('systemd-networkd', 'ExecMainStart')).toBeGreaterThan(
      await at('moru-agent-restore', 'ExecMainExit'),
    );
    expect(await failed()).toBe('');
  });

  it('F5: power loss right after the confirmation keeps what was saved, and not what was not', async () => {
    const saved = await confirmed(8002, true);
    await powerLoss();
    expect(await machine.trial.rules()).toBe(saved);
    await confirmed(8003, false);
    await powerLoss();
    expect(await machine.trial.rules()).toBe(saved);
    expect((await machine.client('GET', '/v1/generations')).body.generations[0]).toMatchObject({ saved: [] });
  });

  it('F6: a rules file that does not load, or is gone: the generation before, and an alarm', async () => {
    const saved = await confirmed(8004, true);
    await machine.sh(`echo '-A INPUT -m nonsense -j ACCEPT' >> ${rulesFile}`);
    await powerLoss();
    expect(await machine.trial.rules()).toBe(saved);
    expect(await restored()).toMatchObject({ alarm: true, ipv4: { source: 'generation' } });
    expect(await failed()).toMatch(/^moru-agent-restore\.service/);
    expect(await machine.sh('journalctl -b -t moru-agent --no-pager -o cat')).toContain('ALARM');
    expect((await machine.run('moru-agent', ['status'])).stdout).toContain('ALARM');

    await machine.sh(`rm ${rulesFile}`);
    await powerLoss();
    expect(await machine.trial.rules()).toBe(saved);
    expect(await restored()).toMatchObject({ alarm: true, ipv4: { source: 'generation' } });
  });

  it('a program that is broken: the saved rules are loaded without it', async () => {
    const saved = await confirmed(8005, true);
    const program = '/usr/lib/moru-agent/moru-agent.mjs';
    await machine.sh(`mv ${program} /root/ && echo 'process.exit(7)' > ${program}`);
    if (!('driver' in park)) throw new Error('no machines');
    await park.driver.reboot(machine.spec);
    expect(await machine.trial.rules()).toBe(saved);
    expect(await failed()).toMatch(/^moru-agent-restore\.service/);
    expect(await machine.sh('journalctl -b -t moru-agent --no-pager -o cat')).toContain(
      'without the program',
    );
    await machine.sh(`mv /root/moru-agent.mjs ${program} && systemctl restart moru-agent`);
    await machine.answers();
  });

  it('an orderly reboot with a change on trial: as after a power loss', async () => {
    const saved = await confirmed(8006, true);
    await machine.trial.start(cutOff);
    if (!('driver' in park)) throw new Error('no machines');
    const begun = performance.now();
    await park.driver.restart(machine.spec.id);
    await machine.answers();
    expect(await machine.trial.rules()).toBe(saved);
    // the guard does not hold a shutdown up: systemd would wait 90 s for it
    expect(performance.now() - begun).toBeLessThan(60_000);
  });
});
