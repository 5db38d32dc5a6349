import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { agentProblemSchema, checkAnswerSchema, restoreDraftSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHost, type TestBackend, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

const agent = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const answers = '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const administrator = '198.51.100.7';

describe.each<TestBackend>(['legacy', 'nft'])('the ways that must survive, on a host with %s', (backend) => {
  let host: TestHost;
  let trial: TrialClient;

  const run = async (program: string, ...args: string[]) =>
    expect(await host.run(program, args)).toMatchObject({ exitCode: 0 });
  const draft = async (lines: string[]) => ({
    ipv4: { revision: await trial.revision(), rules: `*filter\n${lines.join('\n')}\nCOMMIT\n` },
    access: { administrator },
  });
  const check = async (lines: string[]) => {
    const { status, body } = await host.client('POST', '/v1/check', await draft(lines));
    expect({ status, body }).toMatchObject({ status: 200 });
    const { access } = checkAnswerSchema.parse(body);
    if (!access) throw new Error('nothing was judged');
    const states = Object.fromEntries(
      access.paths.map(({ path, now, draft: then }) => [path, `${now.state} ${then.state}`]),
    );
    return { access, states, of: (name: string) => access.paths.find(({ path }) => path === name) };
  };
  const start = async (lines: string[], acknowledged: object) =>
    host.client('POST', '/v1/trials', {
      ...(await draft(lines)),
      ...{ acknowledged, idempotencyKey: randomUUID(), author: 'tester', waitSeconds: 30 },
    });

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    trial = trialClient(host);
    await run('ip', 'route', 'add', 'default', 'via', '10.0.0.1');
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    const { body } = await host.client('GET', '/v1/trials/current');
    if (body.trial) await trial.revert(body.trial.id);
    for (const command of ['-F', '-X']) await run('iptables', command);
  });

  it('are kept by rules, which are named by their place', async () => {
    const { states, of, access } = await check([':INPUT DROP [0:0]', answers, agent, ssh]);
    expect(states).toMatchObject({
      consoleAgent: 'kept kept',
      consoleSsh: 'kept kept',
      administratorSsh: 'kept kept',
    });
    expect(access.needs).toEqual({ lost: [], unknown: [] });
    expect(access.keepConsole).toEqual([]);
    const opening = of('consoleAgent')?.packets.find(({ packet }) => packet === 'new');
    expect(opening?.draft.rules).toMatchObject([{ chain: 'INPUT', number: 2, kind: 'rule' }]);
    expect(access.reach.map(({ protocol, after }) => `${protocol} ${after}`)).toContain('tcp closed');
  });

  it('T18: that are lost are told, refused without the host’s name, and can be kept by a step', async () => {
    const lines = [':INPUT DROP [0:0]', answers];
    const { states, access } = await check(lines);
    expect(states).toMatchObject({ consoleAgent: 'kept lost', administratorSsh: 'kept lost' });
    expect(access.needs.lost).toHaveLength(2);
    const refused = await start(lines, {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'trial.pathLost' } });
    expect(agentProblemSchema.parse(refused.body).access?.needs).toEqual(access.needs);
    expect(await start(lines, { hostname: 'another' })).toMatchObject({ status: 409 });
    const [step] = access.keepConsole;
    expect(step).toMatchObject({ chain: 'INPUT', number: 1, rule: expect.stringContaining('10.0.0.1/32') });
    const kept = await check([':INPUT DROP [0:0]', `-A INPUT ${step?.rule}`, answers]);
    expect(kept.states).toMatchObject({ consoleAgent: 'kept kept' });
    const { status, body } = await start(lines, { hostname: ` ${hostname().toUpperCase()} ` });
    expect(status).toBe(201);
    // nobody can ask for it any more: it has to end by itself
    await trial.expireIn(0.1);
    await until(60_000, trial.reachable);
    expect((await trial.find(body.id)).body.author).toBe('tester');
  });

  it('T18: that cannot be judged are refused until each is named', async () => {
    const limited = '-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 6/min -j ACCEPT';
    const lines = [':INPUT DROP [0:0]', answers, agent, limited];
    const { access, states } = await check(lines);
    expect(states).toMatchObject({ consoleAgent: 'kept kept', administratorSsh: 'kept unknown' });
    expect(access.needs).toMatchObject({ lost: [], unknown: [expect.stringContaining(administrator)] });
    expect(await start(lines, { hostname: hostname() })).toMatchObject({
      body: { code: 'trial.pathUnknown' },
    });
    expect(await start(lines, { paths: access.needs.unknown })).toMatchObject({ status: 201 });
  });

  it('are lost by what OUTPUT drops, and by the other back end’s rules', async () => {
    const { states, access } = await check([':INPUT ACCEPT [0:0]', ':OUTPUT DROP [0:0]', agent]);
    expect(states).toMatchObject({ consoleAgent: 'kept lost' });
    expect(access.keepConsole).toMatchObject([{ chain: 'OUTPUT', number: 1 }]);
    const other = backend === 'legacy' ? 'iptables-nft' : 'iptables-legacy';
    await run(other, '-A', 'INPUT', '-s', administrator, '-j', 'DROP');
    const beside = await check([':INPUT ACCEPT [0:0]', agent]);
    expect(beside.states).toMatchObject({ administratorSsh: 'lost lost' });
    expect(beside.of('administratorSsh')?.draft.rules[0]?.backend).not.toBe(
      backend === 'legacy' ? 'legacy' : 'nf_tables',
    );
    // what is lost already is not lost by the change
    expect(beside.access.needs.lost).toEqual([]);
    await run(other, '-F', 'INPUT');
  });

  it('SSHGUARD’s jump behind the accepts is told', async () => {
    await run('iptables', '-N', 'sshguard');
    await run('iptables', '-A', 'INPUT', '-j', 'sshguard');
    const chain = ':sshguard - [0:0]';
    const { states } = await check([':INPUT ACCEPT [0:0]', chain, ssh, '-A INPUT -j sshguard']);
    expect(states).toMatchObject({ sshguard: 'kept lost' });
  });

  it('goes back to a generation by what the host gives for it', async () => {
    const first = await trial.start([':INPUT ACCEPT [0:0]', agent, ssh]);
    const { generation } = (await trial.confirm(first.body.id, first.body.secret)).body.confirmed;
    await run('iptables', '-D', 'INPUT', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT');
    await run('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-j', 'ACCEPT');
    const { body } = await host.client('GET', `/v1/generations/${generation}/restore`);
    const { ipv4, impossible } = restoreDraftSchema.parse(body);
    expect(impossible).toEqual([]);
    const back = await host.client('POST', '/v1/trials', {
      ...{ ipv4, idempotencyKey: randomUUID(), author: 'tester', waitSeconds: 30 },
    });
    expect(back).toMatchObject({ status: 201 });
    expect(await trial.rules()).toContain(ssh);
    expect(await trial.rules()).not.toContain('POSTROUTING -j');
  });
});
