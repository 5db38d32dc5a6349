import { agentReadMs } from '@moru/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type TestHost } from '../testing/host.ts';
import { holdLock } from '../testing/safety/held-lock.ts';

let host: TestHost;

const revisionNow = async (): Promise<string> =>
  (await host.client('GET', '/v1/firewall?family=ipv4')).body.revision;
const append = (revision: string, rule: string, more: object = {}) =>
  host.client('POST', '/v1/firewall/changes', {
    type: 'append',
    family: 'ipv4',
    revision,
    table: 'filter',
    chain: 'INPUT',
    rule,
    ...more,
  });
const inputRules = async () => (await host.run('iptables', ['-S', 'INPUT'])).stdout.match(/^-A.*/gm) ?? [];

describe('a host with legacy in trouble', () => {
  beforeAll(async () => {
    host = await startHost('legacy');
    await host.run('iptables', ['-A', 'INPUT', '-i', 'lo', '-j', 'ACCEPT']);
  });
  afterAll(() => host.stop());

  it('F19: another program holds the lock: busy after a bounded wait, nothing changed', async () => {
    const revision = await revisionNow();
    const release = await holdLock(host);
    const started = performance.now();
    const timed = async (answer: ReturnType<typeof append>) => ({
      ...(await answer),
      ms: performance.now() - started,
    });
    const [change, ...outputs] = await Promise.all([
      timed(append(revision, '-p tcp --dport 22 -j ACCEPT')),
      ...['list', 'rules'].map((kind) =>
        timed(host.client('GET', `/v1/firewall/output?kind=${kind}&family=ipv4`)),
      ),
    ]).finally(release);
    for (const answer of [change, ...outputs]) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'host.busy' } });
      expect(answer.body.upstream).toContain('xtables lock');
    }
    expect(change.ms).toBeLessThan(8_000);
    // later than that the BFF has given up, and would say that the agent is late
    for (const { ms } of outputs) expect(ms).toBeLessThan(agentReadMs);
    expect(await inputRules()).toEqual(['-A INPUT -i lo -j ACCEPT']);
  });

  it('waits for a lock that is given back in time', async () => {
    const revision = await revisionNow();
    const release = await holdLock(host);
    const change = append(revision, '-p tcp --dport 22 -j ACCEPT');
    // reading takes no lock, so this answers while the change waits
    await revisionNow();
    await release();
    expect(await change).toMatchObject({ status: 200 });
    expect(await inputRules()).toHaveLength(2);
  });

  it('more changes than may wait: busy, and the rest are made or stale', async () => {
    const revision = await revisionNow();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => append(revision, `-p tcp --dport ${100 + index} -j ACCEPT`)),
    );
    const codes = answers.map((each) => each.body.code ?? 'made');
    expect(codes.filter((each) => each === 'made')).toHaveLength(1);
    expect(codes).toContain('host.busy');
    expect(new Set(codes)).toEqual(new Set(['made', 'revision.stale', 'host.busy']));
  });

  it('what was done is unknown, not failed, when the host cannot be looked at afterwards', async () => {
    const revision = await revisionNow();
    const rules = await inputRules();
    // a program that is there and cannot be started
    const other = '/usr/sbin/iptables-nft-save';
    await host.run('mv', [other, `${other}.away`]);
    await host.run('tee', [other], '#!/nowhere\n');
    await host.run('chmod', ['755', other]);
    try {
      const save = await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision });
      const change = await append(revision, '-p tcp --dport 443 -j ACCEPT');
      for (const answer of [save, change]) {
        expect(answer).toMatchObject({ status: 504, body: { code: 'outcome.unknown' } });
      }
    } finally {
      await host.run('mv', [`${other}.away`, other]);
    }
    const file = await host.run('cat', ['/etc/iptables.rules']);
    expect(file.stdout).toContain(rules.at(-1));
    expect(await inputRules()).toHaveLength(rules.length + 1);
  });

  it('is told of a switched back end without a restart', async () => {
    const link = (backend: string) =>
      Promise.all(
        ['', '-save', '-restore'].map((end) =>
          host.run('ln', ['-sf', `/usr/sbin/iptables-${backend}${end}`, `/etc/alternatives/iptables${end}`]),
        ),
      );
    await link('nft');
    expect((await host.client('GET', '/v1/version')).body.iptables.backend).toBe('nf_tables');
    await link('legacy');
    expect((await host.client('GET', '/v1/version')).body.iptables.backend).toBe('legacy');
  });

  it('refuses what could be read as something else before any program runs', async () => {
    const revision = 'a'.repeat(64);
    // with no iptables on the host, anything that got as far as a program would say so
    await host.run('mv', ['/usr/sbin/iptables', '/usr/sbin/iptables.away']);
    try {
      expect((await append(revision, '-j ACCEPT')).body.code).toBe('host.iptablesMissing');
      for (const path of ['/v1/version', '/v1/firewall?family=ipv4']) {
        expect(await host.client('GET', path)).toMatchObject({
          status: 502,
          body: { code: 'host.iptablesMissing' },
        });
      }
      const rules = [
        '-m comment --comment "x\n-A INPUT -j ACCEPT" -j DROP',
        '-j ACCEPT\nCOMMIT\n*nat',
        '-m comment --comment "x\u001b[2J" -j DROP',
        '-m comment --comment "x" -j ACCEPT -F',
        '-i -F -j ACCEPT',
        '-s -F -j ACCEPT',
        '-M /tmp/run-me -j ACCEPT',
        '--modprobe=/tmp/run-me -j ACCEPT',
        '-t nat -j ACCEPT',
        '-A OUTPUT -j ACCEPT',
        '-s example.com -j ACCEPT',
        '-i interface-name-of-more-than-15 -j ACCEPT',
        '-p tcp --dport 70000 -j ACCEPT',
        '-p tcp --dport "22 -j ACCEPT" -j DROP',
        '-j ACCEPT -- -F',
        '-m unheardof --option x -j ACCEPT',
        '$(reboot)',
        '; reboot',
      ];
      for (const rule of rules) {
        const { status, body } = await append(revision, rule);
        expect({ rule, status, code: body.code }).toEqual({
          rule,
          status: 400,
          code: expect.stringMatching(/^(rule|input)\.invalid$/),
        });
        expect(body.fields[0].field).toMatch(/^rule/);
      }
      for (const chain of ['-F', 'INPUT -j ACCEPT', 'IN\nPUT', '', 'x'.repeat(29)]) {
        expect((await append(revision, '-j ACCEPT', { chain })).body.code).toBe('input.invalid');
      }
      expect((await append(revision, '-j ACCEPT', { command: 'x' })).body.code).toBe('input.invalid');
    } finally {
      await host.run('mv', ['/usr/sbin/iptables.away', '/usr/sbin/iptables']);
    }
    expect((await host.client('GET', '/v1/version')).status).toBe(200);
  });

  it('hears only the BFF', async () => {
    const folder = `${host.folder}/tls`;
    await expect((await host.clientAs())('GET', '/v1/version')).rejects.toThrow();
    await expect((await host.clientAs('host', folder))('GET', '/v1/version')).rejects.toThrow();
  });
});

describe('a host with iptables 1.6.1, played by a newer one that is kept from the lock', () => {
  beforeAll(async () => {
    host = await startHost('legacy');
    const shim = (program: string) =>
      `#!/bin/sh\n[ "$1" = -V ] && echo "iptables v1.6.1" && exit\n` +
      `case " $* " in *" --test "*) case $* in *-w*) echo "invalid option" >&2; exit 1 ;; esac ;; esac\n` +
      `XTABLES_LOCKFILE=/run/nobody.lock exec /usr/sbin/iptables-legacy${program} "$@"\n`;
    for (const program of ['', '-save', '-restore']) {
      const path = `/usr/sbin/iptables${program}`;
      await host.run('rm', [path]);
      await host.run('tee', [path], shim(program));
      await host.run('chmod', ['755', path]);
    }
  });
  afterAll(() => host.stop());

  it('holds the lock around the change itself', async () => {
    expect((await host.client('GET', '/v1/version')).body.iptables).toMatchObject({ version: '1.6.1' });
    const revision = await revisionNow();
    expect(await append(revision, '-p tcp --dport 22 -j ACCEPT')).toMatchObject({ status: 200 });
    expect(await inputRules()).toEqual(['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT']);

    const release = await holdLock(host);
    const next = await revisionNow();
    expect(await append(next, '-p tcp --dport 80 -j ACCEPT')).toMatchObject({ body: { code: 'host.busy' } });
    await release();
    expect(await append(next, '-p tcp --dport 80 -j ACCEPT')).toMatchObject({ status: 200 });
  });
});
