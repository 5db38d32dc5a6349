import { hostileRule, hostileValue } from '@moru/netfilter/testing/hostile-text';
import { Random } from '@moru/netfilter/testing/random';
import { firewallStateSchema } from '@moru/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startBareHost, startHost, type TestHost } from '../testing/host.ts';
import { type ProgramCall, watchPrograms } from '../testing/watch-programs.ts';

/** Per back end; the engine alone withstands a million in `npm run chaos`. */
const texts = 80;

/** Every argument that the agent may give a program: options, tables and numbers of its own, never a value of others. */
const ownArgument =
  /^(?:-(?:[A-Za-z]+|[46])|--(?:test|line-numbers|verbose|counters)|filter|nat|mangle|raw|security|\d{1,2}|route|show|table|all)$/;

describeBackends('hostile text over the wire, on a host with %s', (backend) => {
  let host: TestHost;
  let calls: () => Promise<ProgramCall[]>;
  const random = new Random(backend === 'legacy' ? 1 : 2);

  const state = async () =>
    firewallStateSchema.parse((await host.client('GET', '/v1/firewall?family=ipv4')).body);
  const inputOf = ({ tables }: Awaited<ReturnType<typeof state>>) =>
    tables.find(({ name }) => name === 'filter')?.chains.find(({ name }) => name === 'INPUT')?.rules ?? [];
  const dump = async () =>
    (await host.run('iptables-save', [])).stdout.replace(/^#.*\n/gm, '').replace(/\[\d+:\d+\]/g, '');

  beforeAll(async () => {
    host = await startHost(backend);
    calls = await watchPrograms(host);
  });
  afterAll(() => host.stop());

  it('T1: each text is refused, or is one rule, the one that is shown; what is saved loads as the same rules', async () => {
    let made = 0;
    for (let count = 0; count < texts; count++) {
      const before = await state();
      const rule = hostileRule(random);
      const { status, body } = await host.client('POST', '/v1/firewall/changes', {
        ...{ type: 'append', family: 'ipv4', table: 'filter', chain: 'INPUT' },
        ...{ revision: before.revision, rule },
      });
      expect({ rule, status }).toEqual({ rule, status: expect.toBeOneOf([200, 400, 422]) });
      if (status !== 200) {
        expect((await state()).revision).toBe(before.revision);
        continue;
      }
      made += 1;
      const now = firewallStateSchema.parse(body);
      expect(
        inputOf(now)
          .slice(0, -1)
          .map(({ text }) => text),
      ).toEqual(inputOf(before).map(({ text }) => text));
      expect(inputOf(now)).toHaveLength(inputOf(before).length + 1);
      expect(now.tables.map(({ name }) => name)).toEqual(before.tables.map(({ name }) => name));
    }
    expect(made).toBeGreaterThan(texts / 20);
    const { revision } = await state();
    expect(await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision })).toMatchObject({
      status: 200,
    });
    const twin = await startBareHost(backend);
    try {
      const { stdout: file } = await host.run('cat', ['/etc/iptables.rules']);
      expect(await twin.run('iptables-restore', [], file)).toMatchObject({ exitCode: 0 });
      const rules = (text: string) => text.match(/^-A .*/gm) ?? [];
      expect(rules(file)).toEqual(rules(await dump()));
      // as many and no more: 1.8.9 names some defaults only in rules that it has loaded
      const { stdout } = await twin.run('iptables-save', []);
      expect(rules(stdout)).toHaveLength(rules(file).length);
    } finally {
      await twin.stop();
    }
  }, 240_000);

  it('T2: nothing of it gets into the arguments or the environment of a program', async () => {
    const before = await dump();
    for (let count = 0; count < 40; count++) {
      const revision = 'a'.repeat(64);
      const [chain, table, family] = Array.from({ length: 3 }, () =>
        hostileValue(random).replaceAll(/\p{Surrogate}/gu, ''),
      ) as [string, string, string];
      const answers = await Promise.all([
        host.client('POST', '/v1/firewall/changes', {
          ...{ type: 'delete', family: 'ipv4', table: 'filter', chain: 'INPUT', number: 1, revision },
          rule: hostileRule(random),
        }),
        host.client('POST', '/v1/firewall/changes', {
          ...{ type: 'append', family, table, chain, rule: '-j ACCEPT', revision },
        }),
        host.client('GET', `/v1/firewall/output?kind=${encodeURIComponent(chain)}&family=ipv4`),
        host.client('GET', `/v1/firewall?family=${encodeURIComponent(family)}`),
      ]);
      for (const { status } of answers) expect(status).not.toBe(500);
    }
    expect(await dump()).toBe(before);
    const ofAgent = (await calls()).filter(({ fromHost }) => fromHost);
    expect(ofAgent.length).toBeGreaterThan(texts);
    const given = new Set(ofAgent.flatMap(({ environment }) => environment));
    expect([...given]).toEqual([expect.stringMatching(/^PATH=[/a-z:]+$/)]);
    const others = ofAgent.flatMap(({ args }) => args.filter((argument) => !ownArgument.test(argument)));
    expect(new Set(others)).toEqual(new Set());
  }, 240_000);
});
