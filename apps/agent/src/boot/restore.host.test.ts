import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootStateSchema, restoreRecordSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient } from '../testing/trial-client.ts';

const path = '/etc/iptables.rules';
const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const web = '-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 80 -j ACCEPT';
const image = [':INPUT ACCEPT [0:0]', ':sshguard - [0:0]', '-A INPUT -j sshguard', agentPort];

describeBackends('a boot of a host with %s', (backend) => {
  let host: TestHost;
  let trial: TrialClient;

  const run = async (program: string, ...args: string[]) => {
    const result = await host.run(program, args);
    expect(result).toMatchObject({ exitCode: 0 });
    return result.stdout;
  };
  /** The command as boot, or somebody at the console, runs it. */
  const moruAgent = (...args: string[]) =>
    host.moruAgent(args, { MORU_AGENT_BOOT_ID_FILE: join(host.folder, 'boot_id') });
  /** What a boot is to us: no rules at all, and another boot id. */
  const boot = async () => {
    await writeFile(join(host.folder, 'boot_id'), `${Math.random()}\n`);
    for (const table of ['filter', 'nat']) {
      for (const command of ['-F', '-X']) await run('iptables', '-t', table, command);
    }
    for (const chain of ['INPUT', 'FORWARD']) await run('iptables', '-P', chain, 'ACCEPT');
    return moruAgent('restore');
  };
  const restored = async () =>
    restoreRecordSchema.parse(JSON.parse(await readFile(join(host.folder, 'boot.json'), 'utf8')));
  const confirmed = async (rules: string[]) => {
    const { body } = await trial.start(rules, { save: true, waitSeconds: 30 });
    expect((await trial.confirm(body.id, body.secret)).body).toMatchObject({ state: 'confirmed' });
    return trial.rules();
  };

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    trial = trialClient(host);
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    await run('rm', '-rf', path, join(host.folder, 'generations'), join(host.folder, 'trial'));
    for (const command of ['-F', '-X']) await run('iptables', command);
    for (const chain of ['INPUT', 'FORWARD']) await run('iptables', '-P', chain, 'ACCEPT');
    await run('iptables', '-N', 'sshguard');
    await run('iptables', '-A', 'INPUT', '-j', 'sshguard');
    await run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '7443', '-j', 'ACCEPT');
  });

  it('leaves a host alone that never saved anything through Moru', async () => {
    await host.run('tee', [path], '*filter\n:INPUT DROP [0:0]\nCOMMIT\n');
    const { exitCode, stdout } = await boot();
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('nothing was touched'),
    });
    expect(await trial.rules()).not.toContain('DROP');
    expect(await restored()).toMatchObject({
      alarm: false,
      ipv4: { source: 'kept' },
      ipv6: { source: 'kept' },
    });
  });

  it('loads the saved file, and leaves what other programs have made by then', async () => {
    const saved = await confirmed([...image, web]);
    await writeFile(join(host.folder, 'boot_id'), 'other\n');
    for (const command of ['-F', '-X']) await run('iptables', command);
    await run('iptables', '-N', 'sshguard');
    await run('iptables', '-A', 'sshguard', '-s', '192.0.2.9', '-j', 'DROP');
    expect(await moruAgent('restore')).toMatchObject({ exitCode: 0 });
    expect((await trial.rules()).replace('-A sshguard -s 192.0.2.9/32 -j DROP\n', '')).toBe(saved);
    expect(await trial.rules()).toContain('192.0.2.9');
    expect(await restored()).toMatchObject({ alarm: false, ipv4: { source: 'file', problems: [] } });
    const { body } = await host.client('GET', '/v1/boot');
    expect(bootStateSchema.parse(body).restored?.ipv4.source).toBe('file');
  });

  it('rules that were saved without a trial count as saved, too', async () => {
    const revision = await trial.revision();
    expect(await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision })).toMatchObject({
      status: 200,
    });
    const saved = await trial.rules();
    expect(await boot()).toMatchObject({ exitCode: 0 });
    expect(await trial.rules()).toBe(saved);
  });

  it('F4: an unconfirmed change is closed by the reboot; the last confirmed file is loaded, not the snapshot', async () => {
    const saved = await confirmed([...image, web]);
    await run('iptables', '-A', 'INPUT', '-s', '192.0.2.200', '-j', 'DROP');
    const { body } = await trial.start([...image, '-A INPUT -s 192.0.2.100/32 -j DROP'], { waitSeconds: 60 });
    expect(body.state).toBe('applied');
    await host.killAgent();
    expect(await boot()).toMatchObject({ exitCode: 0 });
    expect(await trial.rules()).toBe(saved);
    await host.restartAgent();
    expect((await trial.find(body.id)).body).toMatchObject({
      state: 'reverted',
      reverted: { reason: 'reboot', by: 'command', steps: [] },
    });
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
    ['with a stray COMMIT', (text: string) => text.replace(web, `COMMIT\n${web}`)],
    ['with an unknown match', (text: string) => text.replace(web, '-A INPUT -m unheardof -j ACCEPT')],
    [
      'of the wrong family',
      () => '*filter\n:INPUT DROP [0:0]\n-A INPUT -s 2001:db8::1/128 -j ACCEPT\nCOMMIT\n',
    ],
    ['gone', () => null],
  ])('F6: a saved file that is %s: the generation is loaded, with an alarm', async (_what, damage) => {
    const saved = await confirmed([...image, web]);
    const damaged = damage(await run('cat', path));
    if (damaged === null) await run('rm', path);
    else await host.run('tee', [path], damaged);
    const { exitCode, stderr } = await boot();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('ALARM') });
    expect(await trial.rules()).toBe(saved);
    expect(await restored()).toMatchObject({ alarm: true, ipv4: { source: 'generation' } });
    expect((await restored()).ipv4.problems[0]).toContain(path);
  });

  it('F6: nothing loads: SSH, the agent and what was open stay open, the rest is shut', async () => {
    await confirmed([...image, web, '-A INPUT -s 192.0.2.77/32 -j DROP']);
    await run('rm', path);
    const generations = join(host.folder, 'generations');
    for (const number of await readdir(generations)) {
      const file = join(generations, number, 'rules.ipv4');
      // a set that does not exist: the tool refuses the whole table
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('COMMIT', '-A INPUT -m set --match-set gone src -j DROP\nCOMMIT'));
    }
    expect(await boot()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('minimal') });
    const rules = await trial.rules();
    expect(rules).toContain(':INPUT DROP');
    expect(rules).toContain('-A INPUT -j sshguard');
    expect(rules).toContain('--dport 22 -j ACCEPT');
    expect(rules).toContain(agentPort);
    expect(rules).toContain(web);
    expect((await host.client('GET', '/v1/version')).status).toBe(200);
    expect((await restored()).ipv4.source).toBe('minimal');
  });

  it('does not load anything over a change that waits to be confirmed', async () => {
    await host.restartAgent({ MORU_AGENT_BOOT_ID_FILE: join(host.folder, 'boot_id') });
    const { body } = await trial.start([...image, web], { waitSeconds: 60 });
    expect(await moruAgent('restore')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/rollback/),
    });
    expect((await trial.find(body.id)).body.state).toBe('applied');
    await trial.revert(body.id);
    await host.restartAgent();
  });

  it('`status` and `rollback` tell and act without the agent, and without its guard', async () => {
    await host.restartAgent({ MORU_AGENT_BOOT_ID_FILE: join(host.folder, 'boot_id') });
    const before = await trial.rules();
    expect((await moruAgent('rollback')).stdout).toContain('No change waits');
    const { body } = await trial.start([...image, web], { waitSeconds: 60, author: 'kim', note: 'web' });
    const guard = await trial.guardPid();
    await host.killAgent();
    expect(await host.run('kill', ['-KILL', `${guard}`])).toMatchObject({ exitCode: 0 });
    const status = await moruAgent('status');
    expect(status).toMatchObject({ exitCode: 0 });
    expect(status.stdout).toMatch(/The change of kim \(web\) waits to be confirmed\. In \d+ s/);
    expect(status.stdout).toContain('At boot: nothing loads rules.');
    const rollback = await moruAgent('rollback');
    expect(rollback).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('was reverted by the command'),
    });
    expect(await trial.rules()).toBe(before);
    expect((await moruAgent('status')).stdout).toContain('Last: The change of kim (web) was reverted');
    expect(await moruAgent('reboot')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Usage'),
    });
    await host.restartAgent();
    expect((await trial.find(body.id)).body.reverted).toMatchObject({ by: 'command', reason: 'asked' });
  });
});
