import { type Trial, trialSchema } from '@moru/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';

describeBackends('what a revert undoes of others on a host with %s', (backend) => {
  let host: TestHost;
  let trial: TrialClient;
  const run = async (program: string, ...args: string[]) => {
    expect(await host.run(program, args)).toMatchObject({ exitCode: 0 });
  };
  const start = () => trial.start([':INPUT ACCEPT [0:0]', agentPort, ssh], { waitSeconds: 600 });

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    trial = trialClient(host);
    await run('iptables', ...agentPort.split(' '));
  });
  afterAll(() => host.stop());

  it('F14: is told by the agent, rule by rule', async () => {
    const { body } = await start();
    await run('iptables', '-A', 'INPUT', '-s', '192.0.2.4', '-j', 'DROP');
    const { body: ended } = await trial.revert(body.id);
    const rule = '-A INPUT -s 192.0.2.4/32 -j DROP';
    expect(trialSchema.parse(ended).reverted).toMatchObject({
      by: 'agent',
      undone: { changes: [{ family: 'ipv4', table: 'filter', kind: 'added', rule }], more: 0 },
    });
  });

  it('F14: is told by the guard, and stays told', async () => {
    const { body } = await start();
    for (const address of ['192.0.2.5', '192.0.2.5', '192.0.2.6'])
      await run(
        'iptables',
        '-A',
        'INPUT',
        '-s',
        address,
        '-m',
        'comment',
        '--comment',
        'by hand',
        '-j',
        'DROP',
      );
    await run('iptables', '-D', ...agentPort.split(' ').slice(1));
    await run('iptables', '-P', 'FORWARD', 'DROP');
    await run('iptables', '-P', 'INPUT', 'DROP');
    await trial.expireIn(1);
    // the agent tidies the trial up once the guard is done with it
    const file = `${trial.trials}/reverted-${body.id}.expired/undone.json`;
    await until(60_000, async () => (await host.run('test', ['-s', file])).exitCode === 0);
    const { reverted } = trialSchema.parse((await trial.find(body.id)).body) satisfies Trial;
    expect(reverted).toMatchObject({ reason: 'expired', by: 'guard' });
    const [family, table] = ['ipv4', 'filter'];
    const hand = (address: string) => `-A INPUT -s ${address}/32 -m comment --comment "by hand" -j DROP`;
    // legacy names every policy, lest it zero its counters
    const policies = backend === 'legacy' ? ['INPUT', 'FORWARD'] : ['INPUT'];
    expect(reverted?.undone).toEqual({
      more: 0,
      changes: [
        ...policies.map((chain) => ({ family, table, kind: 'policy', rule: `-P ${chain} DROP` })),
        { family, table, kind: 'added', rule: hand('192.0.2.5') },
        { family, table, kind: 'added', rule: hand('192.0.2.5') },
        { family, table, kind: 'added', rule: hand('192.0.2.6') },
        { family, table, kind: 'deleted', rule: agentPort },
      ],
    });
  });
});
