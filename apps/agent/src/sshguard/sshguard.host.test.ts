import { type SshguardPanel, sshguardPanelSchema, sshguardProposalSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHost, type TestBackend, type TestHost } from '../testing/host.ts';
import { shortWait, trialClient, until } from '../testing/trial-client.ts';

const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';

describe.each<TestBackend>(['legacy', 'nft'])('SSHGUARD on a host with %s', (backend) => {
  let host: TestHost;

  const panel = async (family = 'ipv4'): Promise<SshguardPanel> => {
    const { status, body } = await host.client('GET', `/v1/sshguard?family=${family}`);
    expect(status).toBe(200);
    return sshguardPanelSchema.parse(body);
  };
  const unblock = (rule: string, family = 'ipv4') =>
    host.client('POST', '/v1/sshguard/unblock', { family, rule });
  const iptables = async (...args: string[]) =>
    expect(await host.run('iptables', args)).toMatchObject({ exitCode: 0 });
  const load = async (...rules: string[]) => {
    const headers = [':INPUT ACCEPT [5:300]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];
    const text = ['*filter', ...headers, ...rules, 'COMMIT', ''].join('\n');
    expect(await host.run('iptables-restore', ['-c'], text)).toMatchObject({ exitCode: 0 });
  };
  const guarded = [':sshguard - [0:0]', '-A INPUT -j sshguard'];
  const saved = async () => (await host.run('iptables-save', [])).stdout;
  const tee = (path: string, text: string) => host.run('tee', [path], text);

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    await host.run('mkdir', ['-p', '/etc/sshguard']);
  });
  afterAll(() => host.stop());
  beforeEach(() => load(...guarded));

  it('tells each condition, the first that is not as it should be', async () => {
    expect(await panel()).toMatchObject({ condition: 'notInstalled', chain: true, jump: { number: 1 } });
    // stands for the program: it is found by its name, and runs under it
    await host.run('cp', ['/bin/sleep', '/usr/sbin/sshguard']);
    await tee('/etc/sshguard/sshguard.conf', 'BACKEND="/usr/libexec/sshguard/sshg-fw-iptables"\n');
    await tee('/etc/sshguard/whitelist', '# mine\n192.0.2.0/24\n\n2001:db8::1\n');
    expect(await panel()).toMatchObject({
      condition: 'stopped',
      backend: 'sshg-fw-iptables',
      whitelist: { path: '/etc/sshguard/whitelist', entries: ['192.0.2.0/24', '2001:db8::1'] },
    });
    const running = host.start('/usr/sbin/sshguard', ['1000']);
    try {
      await until(10_000, async () => (await panel()).condition === 'running');
      await load(':sshguard - [0:0]');
      expect(await panel()).toMatchObject({ condition: 'jumpMissing', jump: null, chain: true });
      await load();
      expect(await panel()).toMatchObject({ condition: 'chainMissing', chain: false });
      await tee('/etc/sshguard/sshguard.conf', 'BACKEND=/usr/libexec/sshguard/sshg-fw-nft-sets\n');
      expect(await panel()).toMatchObject({ condition: 'nftBackend' });
    } finally {
      running.kill();
      await host.run('rm', ['/usr/sbin/sshguard']);
    }
  });

  it('T19: names the rule under whose ACCEPT the jump was moved', async () => {
    await load(':sshguard - [0:0]', '-A INPUT -i lo -j ACCEPT', ssh, '-A INPUT -j sshguard');
    expect(await panel()).toMatchObject({
      jump: { chain: 'INPUT', number: 3, rule: '-j sshguard' },
      ahead: { chain: 'INPUT', number: 2, rule: '-p tcp -m tcp --dport 22 -j ACCEPT' },
    });
    const established = '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
    const mine = '-A INPUT -s 192.0.2.9/32 -p tcp -m tcp --dport 22 -j ACCEPT';
    await load(
      ':sshguard - [0:0]',
      established,
      mine,
      '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT',
      '-A INPUT -j sshguard',
      ssh,
    );
    expect(await panel()).toMatchObject({ jump: { number: 4 }, ahead: null });
  });

  it('lists blocks with counters, and with their age where the agent has seen them come', async () => {
    await load(...guarded, '[7:420] -A sshguard -s 192.0.2.66/32 -j DROP');
    const [old] = (await panel()).blocked;
    expect(old).toMatchObject({
      rule: '-s 192.0.2.66/32 -j DROP',
      source: '192.0.2.66/32',
      packets: '7',
      bytes: '420',
    });
    await iptables('-I', 'sshguard', '-s', '192.0.2.67', '-j', 'DROP');
    const fresh = await until(20_000, async () =>
      (await panel()).blocked.find(({ seenAt, source }) => source === '192.0.2.67/32' && seenAt !== null),
    );
    expect(Date.parse(fresh.notBefore ?? '')).toBeLessThanOrEqual(Date.parse(fresh.seenAt ?? ''));
  });

  it('unblocks one address and touches nothing else', async () => {
    const bans = [
      '[1:60] -A sshguard -s 192.0.2.66/32 -j DROP',
      '[2:120] -A sshguard -s 192.0.2.67/32 -j DROP',
    ];
    await load(...guarded, ssh, ...bans);
    const { revision } = (await host.client('GET', '/v1/firewall?family=ipv4')).body;
    const { status, body } = await unblock('-s 192.0.2.66/32 -j DROP');
    expect(status).toBe(200);
    expect(sshguardPanelSchema.parse(body).blocked.map(({ source }) => source)).toEqual(['192.0.2.67/32']);
    expect((await host.run('iptables-save', ['-c'])).stdout).toContain(bans[1]);
    expect((await host.client('GET', '/v1/firewall?family=ipv4')).body.revision).toBe(revision);
    expect(await unblock('-s 192.0.2.66/32 -j DROP')).toMatchObject({
      status: 404,
      body: { code: 'sshguard.notBlocked' },
    });
  });

  it('T1, T2: takes no words but those of a block that is there', async () => {
    await load(...guarded, '-A sshguard -s 192.0.2.66/32 -j DROP');
    const rules = () => trialClient(host).rules();
    const before = await rules();
    for (const rule of [
      '-s 192.0.2.66 -j DROP',
      '-s 192.0.2.66/32',
      '-j sshguard',
      '-F',
      '-s 192.0.2.66/32 -j DROP\nCOMMIT\n*nat',
      '-s 192.0.2.66/32 -j DROP -A INPUT -j ACCEPT',
    ]) {
      expect([400, 404]).toContain((await unblock(rule)).status);
    }
    expect(
      (await host.client('POST', '/v1/sshguard/unblock', { family: 'ipv4', rule: '-j DROP', chain: 'INPUT' }))
        .status,
    ).toBe(400);
    expect(await rules()).toBe(before);
  });

  it('T19: puts the lost jump back as a trial like any other, ahead of what lets SSH in', async () => {
    await load(ssh);
    const { body } = await host.client('GET', '/v1/sshguard/proposal?family=ipv4');
    const { wanted, step } = sshguardProposalSchema.parse(body);
    expect(step).toMatchObject({ chain: 'INPUT', number: 1, createsChain: true });
    const trial = trialClient(host);
    const lines = (wanted?.rules ?? '').split('\n').filter((line) => /^[:-]/.test(line));
    const started = await trial.start(lines, { waitSeconds: 60 });
    expect(started.body).toMatchObject({ state: 'applied' });
    expect((await trial.confirm(started.body.id, started.body.secret)).status).toBe(200);
    const rules = (await saved()).split('\n').filter((line) => line.startsWith('-A'));
    expect(rules).toEqual(['-A INPUT -j sshguard', ssh]);
    const again = await host.client('GET', '/v1/sshguard/proposal?family=ipv4');
    expect(again.body).toMatchObject({ wanted: null });
  });

  it('T19: does not save blocks, nor count them as a difference to the file', async () => {
    await load(...guarded, '-A sshguard -s 192.0.2.66/32 -j DROP');
    const { revision } = (await host.client('GET', '/v1/firewall?family=ipv4')).body;
    const { body } = await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision });
    expect(body.saved.matches).toBe(true);
    const file = (await host.run('cat', ['/etc/iptables.rules'])).stdout;
    expect(file).toContain(':sshguard ');
    expect(file).not.toContain('192.0.2.66');
  });
});
