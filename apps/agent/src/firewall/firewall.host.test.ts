import { type FirewallState, firewallStateSchema } from '@moru/types';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { type BareHost, startBareHost, startHost, type TestHost } from '../testing/host.ts';

/** The rules as the host's own tool prints them, without what differs between any two dumps. */
async function rulesOf(host: BareHost): Promise<string> {
  const { stdout } = await host.run('iptables-save', []);
  return stdout.replace(/^#.*\n/gm, '').replace(/\[\d+:\d+\]/g, '[0:0]');
}

describeBackends('the firewall of a host with %s', (backend) => {
  let host: TestHost;
  /** the commands of the guide are typed here */
  let twin: BareHost;

  const state = async (): Promise<FirewallState> => {
    const { status, body } = await host.client('GET', '/v1/firewall?family=ipv4');
    expect(status).toBe(200);
    return firewallStateSchema.parse(body);
  };
  const chainIn = (given: FirewallState, name: string) =>
    given.tables.find((table) => table.name === 'filter')?.chains.find((chain) => chain.name === name);
  const append = async (rule: string, more: object = {}) =>
    host.client('POST', '/v1/firewall/changes', {
      type: 'append',
      family: 'ipv4',
      revision: (await state()).revision,
      table: 'filter',
      chain: 'INPUT',
      rule,
      ...more,
    });
  const remove = async (number: number, rule: string, more: object = {}) =>
    host.client('POST', '/v1/firewall/changes', {
      type: 'delete',
      family: 'ipv4',
      revision: (await state()).revision,
      table: 'filter',
      chain: 'INPUT',
      number,
      rule,
      ...more,
    });
  const iptables = async (where: BareHost, ...args: string[]) => {
    expect(await where.run('iptables', args)).toMatchObject({ exitCode: 0 });
  };
  const both = (...args: string[]) => Promise.all([iptables(host, ...args), iptables(twin, ...args)]);

  beforeAll(async () => {
    [host, twin] = await Promise.all([startHost(backend), startBareHost(backend)]);
  });
  afterAll(() => Promise.all([host.stop(), twin.stop()]));
  afterEach(async () => {
    await both('-F');
    await both('-X');
    for (const chain of ['INPUT', 'FORWARD', 'OUTPUT']) await both('-P', chain, 'ACCEPT');
  });

  const bootAsImage = async () => {
    await both('-N', 'sshguard');
    await both('-A', 'INPUT', '-j', 'sshguard');
  };

  it('tells its version', async () => {
    const { body } = await host.client('GET', '/v1/version');
    const kernelWord = backend === 'nft' ? 'nf_tables' : 'legacy';
    expect(body).toMatchObject({ api: 1, simulated: false, iptables: { backend: kernelWord } });
    expect(body.iptables.raw).toContain(`(${kernelWord})`);
  });

  it('reads a host that nothing was done to as policy ACCEPT without rules', async () => {
    const { tables, saved, sshguard, otherBackend } = await state();
    const filter = tables.find((table) => table.name === 'filter');
    expect(filter?.chains.map(({ name, policy, rules }) => [name, policy, rules])).toEqual([
      ['INPUT', 'ACCEPT', []],
      ['FORWARD', 'ACCEPT', []],
      ['OUTPUT', 'ACCEPT', []],
    ]);
    expect(saved).toMatchObject({ path: '/etc/iptables.rules', exists: false, matches: null });
    expect(sshguard).toEqual({ chain: false, jump: false, blocked: 0 });
    expect(otherBackend).toBe(false);
  });

  it('does what the guide’s create cases 1 to 5 and delete cases 1 to 3 do', async () => {
    await bootAsImage();
    const cases = [
      '-i lo -j ACCEPT',
      '-p tcp --dport 22 -j ACCEPT',
      '-p tcp --dport 80 -j ACCEPT',
      '-p tcp --dport 443 -j ACCEPT',
      '-d 000.000.00.00 -p tcp --dport 22 -j ACCEPT',
    ];
    for (const rule of cases) {
      await iptables(twin, '-A', 'INPUT', ...rule.split(' '));
      expect(await append(rule)).toMatchObject({ status: 200 });
      expect(await rulesOf(host)).toBe(await rulesOf(twin));
    }
    await both('-A', 'INPUT', '-p', 'tcp', '-m', 'tcp', '--dport', '22', '-j', 'REJECT');

    const fourth = chainIn(await state(), 'INPUT')?.rules[3]?.text ?? '';
    await iptables(twin, '-D', 'INPUT', '4');
    expect(await remove(4, fourth)).toMatchObject({ status: 200 });
    expect(await rulesOf(host)).toBe(await rulesOf(twin));

    await iptables(twin, '-D', 'INPUT', ...'-p tcp -m tcp --dport 22 -j REJECT'.split(' '));
    expect(await remove(6, '-p tcp -m tcp --dport 22 -j REJECT')).toMatchObject({ status: 200 });
    expect(await rulesOf(host)).toBe(await rulesOf(twin));

    await iptables(twin, '-D', 'INPUT', ...'-p tcp --dport 443 -j ACCEPT'.split(' '));
    expect(await remove(4, '-p tcp --dport 443 -j ACCEPT')).toMatchObject({ status: 200 });
    expect(await rulesOf(host)).toBe(await rulesOf(twin));
  });

  it('answers a change with the state that the host is then in', async () => {
    await bootAsImage();
    const { body } = await append('-p tcp --dport 22 -j ACCEPT');
    const answered = firewallStateSchema.parse(body);
    expect(chainIn(answered, 'INPUT')?.rules.map(({ number, text }) => [number, text])).toEqual([
      [1, '-j sshguard'],
      [2, '-p tcp -m tcp --dport 22 -j ACCEPT'],
    ]);
    expect(answered.revision).toBe((await state()).revision);
  });

  it('T19: keeps SSHGUARD’s chain, its bans and every counter', async () => {
    await bootAsImage();
    await iptables(host, '-I', 'sshguard', '-s', '192.0.2.7', '-c', '12', '720', '-j', 'DROP');
    await iptables(host, '-A', 'INPUT', '-p', 'udp', '-c', '5', '300', '-j', 'DROP');
    const counted = '*filter\n:INPUT ACCEPT [1:1]\n:FORWARD ACCEPT [77:7777]\n:OUTPUT ACCEPT [1:1]\nCOMMIT\n';
    expect(await host.run('iptables-restore', ['-n', '-c'], counted)).toMatchObject({ exitCode: 0 });
    expect(await append('-p tcp --dport 22 -j ACCEPT')).toMatchObject({ status: 200 });
    const after = await state();
    expect(chainIn(after, 'sshguard')).toMatchObject({
      owner: 'foreign',
      rules: [{ text: '-s 192.0.2.7/32 -j DROP', packets: '12', bytes: '720' }],
    });
    expect(chainIn(after, 'INPUT')?.rules[1]).toMatchObject({ packets: '5', bytes: '300' });
    // legacy before 1.8.10 would have zeroed it
    expect(chainIn(after, 'FORWARD')).toMatchObject({ packets: '77', bytes: '7777' });
    expect(after.sshguard).toEqual({ chain: true, jump: true, blocked: 1 });

    expect(await append('-s 192.0.2.9 -j DROP', { chain: 'sshguard' })).toMatchObject({
      status: 403,
      body: { code: 'chain.foreign' },
    });
    expect(chainIn(await state(), 'sshguard')?.rules).toHaveLength(1);
  });

  it('a ban in between is no stale revision; an edit by another program is one, and brings the state', async () => {
    await bootAsImage();
    const { revision } = await state();
    await iptables(host, '-I', 'sshguard', '-s', '192.0.2.7', '-j', 'DROP');
    expect(await append('-p tcp --dport 22 -j ACCEPT', { revision })).toMatchObject({ status: 200 });

    const next = await state();
    await iptables(host, '-I', 'INPUT', '-s', '192.0.2.8', '-j', 'DROP');
    const before = await rulesOf(host);
    for (const answer of [
      await append('-p tcp --dport 80 -j ACCEPT', { revision: next.revision }),
      await remove(2, '-p tcp -m tcp --dport 22 -j ACCEPT', { revision: next.revision }),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'revision.stale' } });
      const given = firewallStateSchema.parse(answer.body.state);
      expect(given.revision).toBe((await state()).revision);
    }
    expect(await rulesOf(host)).toBe(before);
  });

  it('keeps policies and makes a table that nobody had used', async () => {
    await both('-P', 'FORWARD', 'DROP');
    await iptables(twin, '-t', 'nat', '-A', 'POSTROUTING', '-s', '10.1.0.0/16', '-j', 'MASQUERADE');
    const answer = await append('-s 10.1.0.0/16 -j MASQUERADE', { table: 'nat', chain: 'POSTROUTING' });
    expect(answer).toMatchObject({ status: 200 });
    expect(await rulesOf(host)).toBe(await rulesOf(twin));
    expect(await rulesOf(host)).toContain(':FORWARD DROP');
    await both('-t', 'nat', '-F');
  });

  it('deletes the one of several equal rules that was meant, and leaves the others their counters', async () => {
    const rules = ['1', '2', '3', '2', '3', '2', '4'];
    for (const [index, last] of rules.entries()) {
      const counters = ['-c', String(index + 1), String(index + 1)];
      await iptables(host, '-A', 'INPUT', '-s', `192.0.2.${last}`, ...counters, '-j', 'ACCEPT');
    }
    expect(await remove(4, '-s 192.0.2.2/32 -j ACCEPT')).toMatchObject({ status: 200 });
    const left = chainIn(await state(), 'INPUT')?.rules.map(({ text, packets }) => [
      text.split('/')[0],
      packets,
    ]);
    expect(left).toEqual([
      ['-s 192.0.2.1', '1'],
      ['-s 192.0.2.2', '2'],
      ['-s 192.0.2.3', '3'],
      ['-s 192.0.2.3', '5'],
      ['-s 192.0.2.2', '6'],
      ['-s 192.0.2.4', '7'],
    ]);
  });

  it('deletes nothing where the number and the rule do not fit', async () => {
    await bootAsImage();
    await iptables(host, '-A', 'INPUT', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT');
    const before = await rulesOf(host);
    for (const number of [1, 3]) {
      expect(await remove(number, '-p tcp --dport 22 -j ACCEPT')).toMatchObject({
        status: 409,
        body: { code: 'rule.notFound' },
      });
    }
    expect(await rulesOf(host)).toBe(before);
  });

  it('says which chain or rule is wrong', async () => {
    expect(await append('-j ACCEPT', { chain: 'NOWHERE' })).toMatchObject({
      status: 404,
      body: { code: 'chain.notFound' },
    });
    expect(await append('-j NOWHERE')).toMatchObject({ status: 400, body: { code: 'rule.invalid' } });
    expect(await rulesOf(host)).not.toContain('-A');
  });

  it('brings the tool’s own words when it refuses', async () => {
    // a loop passes every check of one rule and is refused by the kernel at COMMIT
    await both('-N', 'one');
    await both('-N', 'two');
    await iptables(host, '-A', 'one', '-j', 'two');
    await iptables(host, '-A', 'INPUT', '-s', '192.0.2.1', '-j', 'one');
    const before = await rulesOf(host);
    const answer = await append('-j one', { chain: 'two' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'rule.refused' } });
    expect(answer.body.upstream).toMatch(/failed/);
    expect(await rulesOf(host)).toBe(before);
  });

  it('two changes from one revision: one is made, the other is stale', async () => {
    const { revision } = await state();
    const answers = await Promise.all(
      ['22', '80'].map((port) => append(`-p tcp --dport ${port} -j ACCEPT`, { revision })),
    );
    expect(answers.map((each) => each.status).sort()).toEqual([200, 409]);
    expect(chainIn(await state(), 'INPUT')?.rules).toHaveLength(1);
  });

  it('keeps IPv6 apart', async () => {
    const before = await rulesOf(host);
    const read = async () =>
      firewallStateSchema.parse((await host.client('GET', '/v1/firewall?family=ipv6')).body);
    const { revision, saved } = await read();
    expect(saved.path).toBe('/etc/ip6tables.rules');
    const rule = '-s 2001:db8::/32 -p tcp --dport 22 -j REJECT';
    expect(await append(rule, { family: 'ipv6', revision })).toMatchObject({ status: 200 });
    expect((await host.run('ip6tables', ['-S', 'INPUT'])).stdout).toContain(
      '-A INPUT -s 2001:db8::/32 -p tcp -m tcp --dport 22 -j REJECT --reject-with icmp6-port-unreachable',
    );
    expect(await append('-s 10.0.0.0/8 -j DROP', { family: 'ipv6' })).toMatchObject({ status: 400 });
    expect(await rulesOf(host)).toBe(before);
    await host.run('ip6tables', ['-F']);
  });

  it('sees rules of the other back end, and shows them', async () => {
    const other = backend === 'nft' ? 'iptables-legacy' : 'iptables-nft';
    const shown = async () => (await host.client('GET', '/v1/firewall/output?kind=other&family=ipv4')).body;
    expect((await shown()).text).not.toContain('-A ');
    await host.run(other, ['-A', 'INPUT', '-s', '192.0.2.1', '-j', 'DROP']);
    expect((await state()).otherBackend).toBe(true);
    const output = await shown();
    expect(output).toMatchObject({ kind: 'other', command: `sudo ${other}-save`, exitCode: 0 });
    expect(output.text).toContain('-A INPUT -s 192.0.2.1/32 -j DROP\n');
    const away = ['/usr/sbin', `${other}-save`].join('/');
    await host.run('mv', [away, `${away}.away`]);
    const missing = await shown();
    await host.run('mv', [`${away}.away`, away]);
    expect(missing).toMatchObject({ exitCode: 1, text: `sudo: ${other}-save: command not found\n` });
    await host.run(other, ['-F']);
    expect((await state()).otherBackend).toBe(false);
    expect((await shown()).text).not.toContain('-A ');
  });

  it.each([
    ['list', ['-nL', '--line-numbers', '--verbose'], 'sudo iptables -nL --line-numbers --verbose'],
    ['rules', ['-S', '-v'], 'sudo iptables -S -v'],
    ['version', ['-V'], 'sudo iptables -V'],
  ])('shows what `iptables` itself says: %s', async (kind, args, command) => {
    await bootAsImage();
    const { body } = await host.client('GET', `/v1/firewall/output?kind=${kind}&family=ipv4`);
    expect(body).toMatchObject({ kind, command, exitCode: 0, truncated: false });
    const uncounted = (text: string) => text.replace(/\d+/g, 'N').replace(/ +/g, ' ');
    const { stdout, stderr } = await host.run('iptables', args);
    expect(uncounted(body.text)).toBe(uncounted(stdout + stderr));
  });
});
