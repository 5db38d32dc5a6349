import { firewallStateSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';

const restorePath = '/usr/sbin/iptables-restore';

describeBackends('T15: another program changes the rules of a host with %s', (backend) => {
  let host: TestHost;

  const revisionNow = async (): Promise<string> =>
    (await host.client('GET', '/v1/firewall?family=ipv4')).body.revision;
  const change = async (type: 'append' | 'delete', rule: string, number?: number) =>
    host.client('POST', '/v1/firewall/changes', {
      type,
      family: 'ipv4',
      revision: await revisionNow(),
      table: 'filter',
      chain: 'INPUT',
      rule,
      ...(number !== undefined && { number }),
    });
  const inputRules = async () =>
    (await host.run('iptables', ['-w', '-S', 'INPUT'])).stdout.match(/^-A.*/gm) ?? [];

  /**
   * Has another program do something at the worst moment: on legacy after our first look, just before our restore takes
   * the lock; on nft, which has none, between our last look and what the restore that we feed does.
   */
  const between = async (command: string, act: () => Promise<void>) => {
    await host.run('mv', [restorePath, `${restorePath}.real`]);
    const real = `/usr/sbin/iptables-${backend}-restore`;
    const script =
      backend === 'legacy'
        ? [command, `exec ${real} "$@"`]
        : ['cat > /run/fed.$$', command, `exec ${real} "$@" < /run/fed.$$`];
    // not when it is only asked what it knows
    const asked = `case " $* " in *" --test "*) exec ${real} "$@" ;; esac`;
    await host.run('tee', [restorePath], `#!/bin/sh\n${[asked, ...script].join('\n')}\n`);
    await host.run('chmod', ['755', restorePath]);
    try {
      await act();
    } finally {
      await host.run('mv', [`${restorePath}.real`, restorePath]);
    }
  };

  beforeAll(async () => {
    host = await startHost(backend);
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    await host.run('iptables', ['-F']);
    for (const last of [1, 2, 2, 3]) {
      await host.run('iptables', ['-A', 'INPUT', '-s', `192.0.2.${last}`, '-j', 'ACCEPT']);
    }
  });

  const insert = 'iptables -w -I INPUT -s 198.51.100.1 -j DROP';

  it('inserts before a delete: not the wrong rule goes, and the answer tells', async () => {
    await between(insert, async () => {
      const { status, body } = await change('delete', '-s 192.0.2.3/32 -j ACCEPT', 4);
      expect(status).toBe(backend === 'legacy' ? 409 : 200);
      const state = firewallStateSchema.parse(status === 200 ? body : body.state);
      expect(state.revision).toBe(await revisionNow());
    });
    const rules = await inputRules();
    expect(rules[0]).toContain('198.51.100.1');
    expect(rules.filter((rule) => /192\.0\.2\.[12]\//.test(rule))).toHaveLength(3);
    // under the lock our own edit is left out; without one it is made, by name
    expect(rules.some((rule) => rule.includes('192.0.2.3/32'))).toBe(backend === 'legacy');
  });

  it('inserts before the delete of one of several equal rules: the inserted rule stays', async () => {
    await between(insert, async () => {
      expect(await change('delete', '-s 192.0.2.2/32 -j ACCEPT', 3)).toMatchObject({ status: 409 });
    });
    expect((await inputRules()).filter((rule) => rule.includes('198.51.100.1'))).toHaveLength(1);
  });

  it('appends before an append: both stay', async () => {
    await between('iptables -w -A INPUT -s 198.51.100.1 -j DROP', async () => {
      const { status } = await change('append', '-p tcp --dport 22 -j ACCEPT');
      // without a lock it is made, and told so
      expect(status).toBe(backend === 'legacy' ? 409 : 200);
    });
    expect((await inputRules()).filter((rule) => rule.includes('198.51.100.1'))).toHaveLength(1);
  });

  it('takes the rule away that we are to delete: nothing else goes', async () => {
    await between('iptables -w -D INPUT -s 192.0.2.3 -j ACCEPT', async () => {
      const { status } = await change('delete', '-s 192.0.2.3/32 -j ACCEPT', 4);
      // without a lock iptables finds nothing to delete, and the rules are then just what was asked for
      expect(status).toBe(backend === 'legacy' ? 409 : 200);
    });
    expect(await inputRules()).toHaveLength(3);
  });

  it('inserts and deletes all the time: no rule is lost, ours or theirs', async () => {
    const rounds = 20;
    const outside = (async () => {
      for (let i = 0; i < rounds; i++) {
        await host.run('iptables', ['-w', '-I', 'INPUT', '-s', `203.0.113.${i}`, '-j', 'DROP']);
        await host.run('iptables', ['-w', '-I', 'OUTPUT', '-d', '203.0.113.99', '-j', 'DROP']);
        await host.run('iptables', ['-w', '-D', 'OUTPUT', '-d', '203.0.113.99', '-j', 'DROP']);
      }
    })();
    const made: string[] = [];
    for (let i = 0; i < rounds; i++) {
      const rule = `-s 198.51.100.${i}/32 -j DROP`;
      const { status } = await change('append', rule);
      if (status === 200) made.push(rule);
      else expect(status).toBe(409);
    }
    expect(made.length).toBeGreaterThan(0);
    await outside;
    const rules = await inputRules();
    expect(rules.filter((rule) => rule.includes('203.0.113.'))).toHaveLength(rounds);
    expect(rules.filter((rule) => rule.includes('192.0.2.'))).toHaveLength(4);
    for (const rule of made) expect(rules).toContain(`-A INPUT ${rule}`);
    expect(rules.filter((rule) => rule.includes('198.51.100.'))).toHaveLength(made.length);
  });
});
