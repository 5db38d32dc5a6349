import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient } from '../testing/trial-client.ts';
import { type ProgramCall, watchPrograms } from '../testing/watch-programs.ts';

const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';

describeBackends('what is found out of a change while its rules are read, on a host with %s', (backend) => {
  let host: TestHost;
  let trial: TrialClient;
  let calls: () => Promise<ProgramCall[]>;

  /** Of everything that `act` starts, how often the host's own tool is asked. */
  const testsDuring = async (act: () => Promise<unknown>): Promise<number> => {
    const count = async () => (await calls()).filter(({ args }) => args.includes('--test')).length;
    const before = await count();
    await act();
    return (await count()) - before;
  };
  const rulesOf = (lines: readonly string[]) => `*filter\n${lines.join('\n')}\nCOMMIT\n`;
  /** A draft made from the rules as they are now; another program changes them before it is applied. */
  const applyAfter = async (lines: readonly string[], ...command: string[]) => {
    const revision = await trial.revision();
    const [program = '', ...args] = command;
    // by a process of the test: what the agent last read is older than this
    expect(await host.run(program, args)).toMatchObject({ exitCode: 0 });
    return host.client('POST', '/v1/trials', {
      ...{ ipv4: { revision, rules: rulesOf(lines) }, idempotencyKey: randomUUID() },
      ...{ author: 'tester', waitSeconds: 30 },
    });
  };
  const keep = async ({ id, secret }: { id: string; secret: string | null }) =>
    expect(await trial.confirm(id, secret ?? '')).toMatchObject({ status: 200 });

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    trial = trialClient(host);
    calls = await watchPrograms(host);
    // the programs are others now, and are looked at anew when they are first needed
    for (const family of ['ipv4', 'ipv6'] as const) await trial.revision(family);
    for (const args of [
      ['-N', 'sshguard'],
      ['-A', 'INPUT', '-j', 'sshguard'],
    ])
      await host.run('iptables', args);
  });
  afterAll(() => host.stop());

  it('asks the tool once where nothing has changed', async () => {
    const lines = [':INPUT ACCEPT [0:0]', ':sshguard - [0:0]', '-A INPUT -j sshguard', agentPort];
    const tests = await testsDuring(async () => {
      const { status, body } = await trial.start(lines);
      expect({ status, body }).toMatchObject({ status: 201, body: { state: 'applied' } });
      await keep(body);
    });
    expect(tests).toBe(1);
  });

  it('is not where counters are taken from: those of now are put back', async () => {
    const packets = async () => {
      const { stdout } = await host.run('iptables-save', ['-c']);
      return Number(/^\[(\d+):\d+\] -A INPUT .*--dport 7443/m.exec(stdout)?.[1]);
    };
    const revision = await trial.revision();
    for (let n = 0; n < 20; n++) await host.client('GET', '/v1/version');
    const before = await packets();
    const lines = [':INPUT ACCEPT [0:0]', ':sshguard - [0:0]', agentPort, '-A INPUT -j sshguard'];
    const { status, body } = await host.client('POST', '/v1/trials', {
      ...{ ipv4: { revision, rules: rulesOf(lines) }, idempotencyKey: randomUUID() },
      ...{ author: 'tester', waitSeconds: 30 },
    });
    expect({ status, body }).toMatchObject({ status: 201 });
    expect(await trial.revert(body.id)).toMatchObject({ status: 200, body: { state: 'reverted' } });
    expect(await packets()).toBeGreaterThanOrEqual(before);
  });

  it('is not believed where another program changed a chain of its own: its ban stays, here and after a revert', async () => {
    const lines = [':INPUT ACCEPT [0:0]', ':sshguard - [0:0]', '-A INPUT -j sshguard', agentPort, ssh];
    const ban = ['iptables', '-A', 'sshguard', '-s', '192.0.2.9', '-j', 'DROP'];
    const { status, body } = await applyAfter(lines, ...ban);
    expect({ status, body }).toMatchObject({ status: 201, body: { state: 'applied' } });
    expect(await trial.rules()).toContain('--dport 22');
    expect(await trial.rules()).toContain('192.0.2.9');
    expect(await trial.revert(body.id)).toMatchObject({ status: 200, body: { state: 'reverted' } });
    expect(await trial.rules()).not.toContain('--dport 22');
    expect(await trial.rules()).toContain('192.0.2.9');
  });

  it('is not believed where the console’s way led through a chain that another program has changed', async () => {
    const accept = ['sshguard', '-p', 'tcp', '--dport', '7443', '-j', 'ACCEPT'];
    expect(await host.run('iptables', ['-I', ...accept])).toMatchObject({ exitCode: 0 });
    const before = await trial.rules();
    const lines = [':INPUT DROP [0:0]', ':sshguard - [0:0]', '-A INPUT -j sshguard'];
    const { status, body } = await applyAfter(lines, 'iptables', '-D', ...accept);
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'trial.pathLost' } });
    expect(await trial.rules()).toBe(before.replace(/^-A sshguard .*7443.*\n/m, ''));
  });

  it('leaves nothing behind where the rules have changed: a conflict, and the rules as they were', async () => {
    const before = await trial.rules();
    const own = ['iptables', '-A', 'INPUT', '-s', '192.0.2.7', '-j', 'DROP'];
    const { status, body } = await applyAfter([':INPUT ACCEPT [0:0]', ssh], ...own);
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'revision.stale' } });
    const { stdout } = await host.run('iptables', ['-D', 'INPUT', '-s', '192.0.2.7', '-j', 'DROP']);
    expect(stdout).toBe('');
    expect(await trial.rules()).toBe(before);
  });
});
