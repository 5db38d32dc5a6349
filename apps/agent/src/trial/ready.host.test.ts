import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

const lines = [':INPUT ACCEPT [0:0]', '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT'];

describeBackends('programs that are ready for a trial, on a host with %s', (backend) => {
  let host: TestHost;
  let trial: TrialClient;

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    trial = trialClient(host);
  });
  afterAll(() => host.stop());

  /** The commands that wait for their word on the host. */
  const waiting = async () => {
    const { stdout } = await host.run('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2> /dev/null | tr "\\0" " "']);
    return [...stdout.matchAll(/exec "\$@" sh (\S+)/g)].map(([, program = '']) => program);
  };
  const allReady = () =>
    until(10_000, async () => {
      const programs = await waiting();
      const dumps = programs.filter((program) => program.endsWith('/iptables-save'));
      return dumps.length === 3 && programs.some((program) => program.endsWith('-restore')) && programs;
    });

  it('begin to wait once somebody reads the rules, serve the trial, and wait again when it is confirmed', async () => {
    expect(await waiting()).toEqual([]);
    expect(await host.client('GET', '/v1/firewall?family=ipv4')).toMatchObject({ status: 200 });
    const before = (await allReady()).length;
    const { status, body } = await trial.start(lines);
    expect({ status, body }).toMatchObject({ status: 201, body: { state: 'applied' } });
    expect((await host.run('iptables', ['-S', 'INPUT'])).stdout).toContain('--dport 7443');
    expect((await waiting()).length).toBeLessThan(before);
    expect(await trial.confirm(body.id, body.secret)).toMatchObject({ status: 200 });
    expect(await allReady()).toHaveLength(before);
  });

  it('are not in the way of a change on the host: what is committed is compared with what runs then', async () => {
    await allReady();
    const { body: state } = await host.client('GET', '/v1/firewall?family=ipv4');
    await allReady();
    await host.run('iptables', ['-A', 'INPUT', '-s', '192.0.2.7', '-j', 'DROP']);
    const rules = `*filter\n${lines.join('\n')}\nCOMMIT\n`;
    const late = await trial.start([], { ipv4: { revision: state.revision, rules } });
    expect(late).toMatchObject({ status: 409 });
  });

  it('go with an agent that is killed', async () => {
    await host.client('GET', '/v1/firewall?family=ipv4');
    await allReady();
    await host.killAgent();
    await until(5_000, async () => (await waiting()).length === 0);
    await delay(100);
    expect((await host.run('iptables', ['-S', 'INPUT'])).stdout).toContain('192.0.2.7');
  });
});
