import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  agentProblemSchema,
  checkAnswerSchema,
  type Trial,
  trialSchema,
  trialStartedSchema,
} from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { stopInside } from '../testing/processes.ts';
import { cutOff, shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const image = [':INPUT ACCEPT [0:0]', ':sshguard - [0:0]', '-A INPUT -j sshguard', agentPort];

/** Reads the notes of who is at work over and over, and says so when one is empty. */
const lookForTorn = `
import glob, sys
print("looks", flush=True)
while True:
    for path in glob.glob(sys.argv[1] + "/*/worker") + glob.glob(sys.argv[1] + "/pending/*/worker"):
        try:
            if open(path).read() == "":
                print("torn", flush=True)
        except OSError:
            pass
`;

describeBackends('a trial on a host with %s', (backend) => {
  let host: TestHost;
  let trial: TrialClient;
  let before: string;
  const secrets: string[] = [];

  const run = async (program: string, ...args: string[]) => {
    const result = await host.run(program, args);
    expect(result).toMatchObject({ exitCode: 0 });
    return result.stdout;
  };
  const open = async (lines: string[], more: object = {}) => {
    const { status, body } = await trial.start(lines, { waitSeconds: 30, ...more });
    expect({ status, body }).toMatchObject({ status: 201, body: { state: 'applied' } });
    const started = trialStartedSchema.parse(body);
    secrets.push(started.secret ?? '');
    return started;
  };
  const reverted = async (id: string): Promise<Trial> =>
    until(20_000, async () => {
      const { body } = await trial.find(id);
      return body.state === 'reverted' && trialSchema.parse(body);
    });
  const current = async () => (await host.client('GET', '/v1/trials/current')).body.trial;

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    trial = trialClient(host);
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    const left = await current();
    if (left) await trial.revert(left.id);
    for (const table of ['filter', 'nat']) {
      for (const command of ['-F', '-X']) await run('iptables', '-t', table, command);
    }
    await run('iptables', '-N', 'sshguard');
    await run('iptables', '-A', 'INPUT', '-j', 'sshguard');
    await run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '7443', '-j', 'ACCEPT');
    before = await trial.rules();
  });

  it('is confirmed over a new connection, and kept as a generation beside what ran before', async () => {
    const { id, secret } = await open([...image, ssh], { note: 'SSH', author: '김' });
    const { status, body } = await trial.confirm(id, secret);
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'confirmed', remainingMs: null } });
    const { generations } = (await host.client('GET', '/v1/generations')).body;
    expect(generations[0]).toMatchObject({
      author: '김',
      note: 'SSH',
      trial: id,
      reason: 'trial',
      saved: [],
    });
    expect(generations.at(-1)).toMatchObject({ number: 1, reason: 'initial' });
    expect(body.confirmed).toMatchObject({ generation: generations[0].number, saved: [], trouble: '' });
    const kept = await host.client('GET', `/v1/generations/${generations[0].number}`);
    expect(kept.body.rules.ipv4).toContain(ssh);
    expect(await trial.rules()).toContain(ssh);
    expect(await host.client('GET', '/v1/generations/999')).toMatchObject({ status: 404 });
    expect(await current()).toBeNull();
  });

  it('goes back to a generation as a trial with its rules', async () => {
    const first = await open([...image, ssh]);
    const { generation } = (await trial.confirm(first.id, first.secret)).body.confirmed;
    await run('iptables', '-D', 'INPUT', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT');
    await run('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-j', 'ACCEPT');
    // rules that say nothing of a table that has some now: whoever means them to go says so
    const silent = await trial.start([...image, ssh]);
    expect(silent).toMatchObject({ status: 400, body: { code: 'rule.invalid' } });
    expect(agentProblemSchema.parse(silent.body).fields).toEqual([
      { field: 'ipv4.nat', code: 'table.missing', params: { table: 'nat' } },
    ]);
    const { rules } = (await host.client('GET', `/v1/generations/${generation}`)).body;
    const whole = rules.ipv4.includes('*nat') ? rules.ipv4 : `${rules.ipv4}*nat\nCOMMIT\n`;
    const back = await host.client('POST', '/v1/trials', {
      ipv4: { revision: await trial.revision(), rules: whole },
      idempotencyKey: randomUUID(),
      author: 'tester',
      waitSeconds: 30,
    });
    expect(back).toMatchObject({ status: 201, body: { state: 'applied' } });
    expect(await trial.rules()).toContain(ssh);
    expect(await trial.rules()).not.toContain('POSTROUTING -j');
  });

  it('saves for the next boot when asked to, without the bans', async () => {
    await run('iptables', '-I', 'sshguard', '-s', '192.0.2.7', '-j', 'DROP');
    const { id, secret } = await open([...image, ssh], { save: true });
    expect((await host.run('cat', ['/etc/iptables.rules'])).exitCode).toBe(1);
    expect((await trial.confirm(id, secret)).body.confirmed).toMatchObject({ saved: ['ipv4'], trouble: '' });
    const file = await run('cat', '/etc/iptables.rules');
    expect(file).toContain(ssh);
    expect(file).toContain(':sshguard - ');
    expect(file).not.toContain('192.0.2.7');
    expect((await host.client('GET', '/v1/firewall?family=ipv4')).body.saved.matches).toBe(true);
    await run('rm', '/etc/iptables.rules');
  });

  it('is reverted when somebody asks; the record says who, and asking again changes nothing', async () => {
    const { id } = await open([...image, ssh]);
    const { status, body } = await trial.revert(id);
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'reverted' } });
    expect(body.reverted).toMatchObject({ reason: 'asked', by: 'agent', author: 'tester' });
    expect(await trial.rules()).toBe(before);
    expect((await trial.revert(id)).body.reverted).toEqual(body.reverted);
    expect(await trial.find('00ff')).toMatchObject({ status: 404, body: { code: 'trial.notFound' } });
  });

  it('tells at any moment who puts the rules back: the guard never takes the agent for one that is gone', async () => {
    const looker = host.start('python3', ['-c', lookForTorn, trial.trials]);
    let said = '';
    looker.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until(20_000, async () => said.includes('looks'));
    try {
      for (let round = 0; round < 4; round++) {
        const { id } = await open([...image, ssh]);
        const { body } = await trial.revert(id);
        expect(body).toMatchObject({ state: 'reverted', reverted: { by: 'agent' } });
      }
    } finally {
      await stopInside(looker);
    }
    expect(said).toBe('looks\n');
  });

  it('F13: two at once: one is applied, the other is told who and until when; no other change meanwhile', async () => {
    const answers = await Promise.all([
      trial.start([...image, ssh], { waitSeconds: 30, author: 'one' }),
      trial.start([...image, ssh], { waitSeconds: 30, author: 'two' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const won = answers.find(({ status }) => status === 201)?.body;
    const lost = agentProblemSchema.parse(answers.find(({ status }) => status === 409)?.body);
    expect(lost).toMatchObject({ code: 'trial.pending', trial: { id: won?.id, author: won?.author } });
    expect(lost.trial?.remainingMs).toBeGreaterThan(20_000);
    expect((await trial.rules()).split(ssh)).toHaveLength(2);
    const family = { family: 'ipv4', revision: await trial.revision() };
    expect(await host.client('POST', '/v1/firewall/save', family)).toMatchObject({
      body: { code: 'trial.pending' },
    });
    const change = { ...family, type: 'append', table: 'filter', chain: 'INPUT', rule: '-j ACCEPT' };
    expect(await host.client('POST', '/v1/firewall/changes', change)).toMatchObject({ status: 409 });
  });

  it('F22: hears no confirmation over a connection from before the change', async () => {
    // from here on the kernel knows connections
    await run('iptables', '-I', 'INPUT', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT');
    const older = await host.keptClient();
    expect(await older.client('GET', '/v1/version')).toMatchObject({ status: 200 });
    const applying = await host.keptClient();
    const { revision } = (await applying.client('GET', '/v1/firewall?family=ipv4')).body;
    const { body } = await applying.client('POST', '/v1/trials', {
      ipv4: { revision, rules: `*filter\n${cutOff.join('\n')}\nCOMMIT\n` },
      acknowledged: { hostname: hostname() },
      idempotencyKey: randomUUID(),
      author: 'tester',
      waitSeconds: 30,
    });
    expect(body).toMatchObject({ state: 'applied' });
    // both go on as ESTABLISHED: this is what makes them prove nothing
    for (const { client } of [older, applying]) {
      const confirm = await client('POST', `/v1/trials/${body.id}/confirm`, { secret: body.secret });
      expect(confirm).toMatchObject({ status: 409, body: { code: 'trial.connection' } });
    }
    expect(await trial.reachable()).toBe(false);
    older.close();
    applying.close();
    await trial.expireIn(1);
    await until(30_000, trial.reachable);
    expect((await reverted(body.id)).reverted?.reason).toBe('expired');
  });

  it('T21: confirms and extends with the one-time secret only, and once', async () => {
    const { id, secret } = await open([...image, ssh]);
    const other = 'x'.repeat(43);
    expect(await trial.confirm(id, other)).toMatchObject({ status: 403, body: { code: 'trial.secret' } });
    expect(await trial.confirm(id, 'short')).toMatchObject({ status: 400, body: { code: 'input.invalid' } });
    const extend = (value: string | null, waitSeconds: number) =>
      host.client('POST', `/v1/trials/${id}/extend`, { secret: value, waitSeconds });
    expect(await extend(other, 60)).toMatchObject({ status: 403 });
    expect(await extend(secret, 601)).toMatchObject({ status: 400 });
    const extended = await extend(secret, 60);
    expect(extended).toMatchObject({ status: 200, body: { state: 'applied' } });
    expect(extended.body.remainingMs).toBeGreaterThan(50_000);
    expect(await trial.confirm(id, secret)).toMatchObject({ status: 200 });
    const again = await trial.confirm(id, secret);
    expect(again).toMatchObject({ status: 409, body: { code: 'trial.over', trial: { state: 'confirmed' } } });
    expect(await trial.revert(id)).toMatchObject({ status: 409, body: { code: 'trial.over' } });
    expect(await trial.rules()).toContain(ssh);
  });

  it('extends past the first deadline, and reverts at the second', async () => {
    const { id, secret } = await open([...image, ssh]);
    await trial.expireIn(4);
    const from = performance.now();
    const extended = await host.client('POST', `/v1/trials/${id}/extend`, { secret, waitSeconds: 7 });
    expect(extended).toMatchObject({ status: 200 });
    expect((await reverted(id)).reverted).toMatchObject({ reason: 'expired', by: 'guard' });
    expect(performance.now() - from).toBeGreaterThan(6_900);
    expect(await trial.rules()).toBe(before);
  });

  it('T8: the same request again is the same trial; its key with another request is refused', async () => {
    const revision = await trial.revision();
    const request = {
      ipv4: { revision, rules: `*filter\n${[...image, ssh].join('\n')}\nCOMMIT\n` },
      idempotencyKey: randomUUID(),
      author: 'tester',
      waitSeconds: 30,
    };
    const first = await host.client('POST', '/v1/trials', request);
    const second = await host.client('POST', '/v1/trials', request);
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id, secret: first.body.secret } });
    const other = await host.client('POST', '/v1/trials', { ...request, note: 'other' });
    expect(other).toMatchObject({ status: 409, body: { code: 'trial.keyReused' } });
    await trial.revert(first.body.id);
    const third = await host.client('POST', '/v1/trials', request);
    expect(third.body).toMatchObject({ id: first.body.id, state: 'reverted', secret: null });
    expect(await trial.rules()).toBe(before);
  });

  it('T19: bans from before and during the trial stay through change and revert, with their counters', async () => {
    await run('iptables', '-I', 'sshguard', '-s', '192.0.2.1', '-j', 'DROP', '-c', '5', '300');
    const { id } = await open([...image, ssh]);
    await run('iptables', '-I', 'sshguard', '-s', '192.0.2.2', '-j', 'DROP', '-c', '7', '400');
    await trial.revert(id);
    const chain = await run('iptables', '-S', 'sshguard', '-v');
    expect(chain).toContain('-s 192.0.2.1/32 -c 5 300 -j DROP');
    expect(chain).toContain('-s 192.0.2.2/32 -c 7 400 -j DROP');
  });

  it('changes several tables and both families, makes and deletes chains, and takes all of it back', async () => {
    await run('iptables', '-N', 'old-chain');
    await run('iptables', '-A', 'INPUT', '-s', '192.0.2.9', '-j', 'old-chain');
    await run('iptables', '-A', 'old-chain', '-j', 'DROP');
    const [old4, old6] = [await trial.rules(), await trial.rules('ipv6')];
    const { status, body } = await host.client('POST', '/v1/trials', {
      ipv4: {
        revision: await trial.revision(),
        rules:
          `*nat\n-A POSTROUTING -o eth9 -j MASQUERADE\nCOMMIT\n*filter\n${image.join('\n')}\n:made - [0:0]\n-A INPUT -j made\n-A made -j RETURN\nCOMMIT\n`.replace(
            '*nat\n',
            '*nat\n:POSTROUTING ACCEPT [0:0]\n',
          ),
      },
      ipv6: {
        revision: await trial.revision('ipv6'),
        rules: '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n',
      },
      idempotencyKey: randomUUID(),
      author: 'tester',
      waitSeconds: 30,
    });
    expect({ status, body }).toMatchObject({ status: 201 });
    expect(await trial.rules()).toContain('-A made -j RETURN');
    expect(await trial.rules()).toContain('MASQUERADE');
    expect(await trial.rules()).not.toContain('old-chain');
    expect(await trial.rules('ipv6')).toContain('--dport 22');
    const back = await trial.revert(body.id);
    expect(back.body.reverted.steps.map(({ what }: { what: string }) => what)).toEqual([
      'ipv4 filter',
      'ipv4 nat',
      'ipv6 filter',
    ]);
    const plain = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^-A |^:(?!.* ACCEPT)/.test(line))
        .sort();
    expect(plain(await trial.rules())).toEqual(plain(old4));
    expect(plain(await trial.rules('ipv6'))).toEqual(plain(old6));
  });

  it('checks without changing anything: findings, the tool’s own answer, and the difference', async () => {
    const check = async (lines: string[]) => {
      const rules = `*filter\n${lines.join('\n')}\nCOMMIT\n`;
      const { status, body } = await host.client('POST', '/v1/check', {
        ipv4: { revision: await trial.revision(), rules },
      });
      expect(status).toBe(200);
      return checkAnswerSchema.parse(body).ipv4;
    };
    expect(await check([...image, ssh])).toMatchObject({
      stale: false,
      errors: [],
      test: { exitCode: 0 },
      difference: [
        { table: 'filter', chain: 'INPUT', removed: [], added: [{ number: 3, text: ssh.slice(9) }] },
      ],
    });
    const wrong = await check([...image, '-A INPUT -p tcp -j nowhere', '-A INPUT -m unheardof -j ACCEPT']);
    expect(wrong?.errors.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'filter.INPUT.3.target chain.missing',
      'filter.INPUT.4 rule.notModelled',
    ]);
    expect(wrong?.test).toBeNull();
    expect(await trial.rules()).toBe(before);
  });

  it('refuses what it cannot do, with the host untouched', async () => {
    const code = async (lines: string[], more: object = {}) => {
      const { body } = await trial.start(lines, more);
      return body.code ?? body.state;
    };
    expect(await code(image)).toBe('trial.unchanged');
    expect(await code([...image, ssh], { waitSeconds: 601 })).toBe('input.invalid');
    expect(await code([...image, ssh], { waitSeconds: 0 })).toBe('input.invalid');
    expect(await code([...image, ssh], { command: 'x' })).toBe('input.invalid');
    expect(await code([...image, '-A INPUT -m comment --comment "a\u001b[2J" -j DROP'])).toBe('rule.invalid');
    expect(await code([...image, '-A INPUT -M /tmp/x -j DROP'])).toBe('rule.invalid');
    expect(await code([...image, 'COMMIT\n*nat\n-A nowhere -j DROP'])).toBe('rule.invalid');
    const stale = await trial.start([...image, ssh], {
      ipv4: { revision: 'a'.repeat(64), rules: '*filter\nCOMMIT\n' },
    });
    expect(stale).toMatchObject({ status: 409, body: { code: 'revision.stale', conflict: { base: null } } });
    expect(agentProblemSchema.parse(stale.body).conflict?.now).toContain('--dport 7443');
    expect(await trial.rules()).toBe(before);
    expect(await current()).toBeNull();
  });

  it('never writes a secret down, in logs or on the disk', async () => {
    const known = secrets.filter((secret) => secret !== '');
    expect(known.length).toBeGreaterThan(3);
    for (const secret of known) expect(host.said()).not.toContain(secret);
    // -e: a secret may begin with a dash. 2: a file was taken away while it was looked at, so look again
    const found = (secret: string) =>
      until(30_000, async () => {
        const { exitCode } = await host.run('grep', ['-rF', '-e', secret, host.folder]);
        return exitCode === 2 ? null : { exitCode };
      });
    for (const secret of known) expect(await found(secret)).toEqual({ exitCode: 1 });
  });
});
