import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { parseSave } from '../read/parse-save.ts';
import { compileRuleSet, evaluate } from './evaluate.ts';
import { explore } from './explore.ts';
import { Packet, type PacketFields } from './packet.ts';
import type { PacketPath } from './place.ts';
import { knownCases } from './testing/known-cases.ts';
import { makePackets } from './testing/make-packet.ts';
import { makeSet } from './testing/make-set.ts';
import { Random } from './testing/random.ts';

const filter = (rules: readonly string[], policy = 'DROP', chains: readonly string[] = []): string =>
  [
    '*filter',
    `:INPUT ${policy} [0:0]`,
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...chains.map((name) => `:${name} - [0:0]`),
    ...rules.map((rule) => `-A ${rule}`),
    'COMMIT\n',
  ].join('\n');

const syn: PacketFields = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 6,
  sourcePort: 40000,
  destinationPort: 22,
  tcpFlags: ['SYN'],
  inInterface: 'eth0',
  outInterface: 'eth1',
  state: 'NEW',
};

const judge = (text: string, fields: PacketFields, path: PacketPath = 'input') =>
  evaluate(compileRuleSet(parseSave(text)), fields, path);

describe('what the kernel was seen to do', () => {
  it.each(knownCases)('$what', ({ rules, packet, path, verdict, way, options }) => {
    const result = evaluate(compileRuleSet(parseSave(rules), options), packet, path);
    expect(result.verdict).toBe(verdict);
    expect(result.path.map(({ table, chain, number }) => `${table}:${chain}:${number}`).join(' ')).toBe(way);
  });
});

describe('what cannot be judged', () => {
  it('is followed both ways', () => {
    const result = judge(filter(['INPUT -m limit --limit 1/sec -j ACCEPT', 'INPUT -p tcp -j REJECT']), syn);
    expect(result.verdict).toBe('unknown');
    expect(result.possible.toSorted()).toEqual(['accept', 'reject']);
    expect(result.doubts).toMatchObject([
      { table: 'filter', chain: 'INPUT', number: 1, conditions: ['limit'] },
    ]);
    expect(result.ways.map((way) => way.path.map((step) => step.number))).toEqual(
      expect.arrayContaining([[1], [2]]),
    );
  });

  it('is judged all the same where both ways end alike', () => {
    const result = judge(filter(['INPUT -m limit --limit 1/sec -j LOG', 'INPUT -p tcp -j DROP']), syn);
    expect(result.verdict).toBe('drop');
    expect(result.doubts).toHaveLength(1);
  });

  it('is named by the field that was not given', () => {
    const result = judge(filter(['INPUT -i eth0 -s 10.0.0.0/8 -j ACCEPT']), { source: '10.0.0.1' });
    expect(result.verdict).toBe('unknown');
    expect(result.doubts[0]?.conditions).toEqual(['inInterface']);
  });

  it('does not matter behind a condition that fails', () => {
    const result = judge(filter(['INPUT -s 192.168.0.0/16 -m limit --limit 1/sec -j ACCEPT']), syn);
    expect(result).toMatchObject({ verdict: 'drop', doubts: [] });
  });

  it.each([
    ['a set', '-m set --match-set admins src'],
    ['a clock', '-m time --timestart 08:00 --timestop 17:00'],
    ['a match that is not modelled', '-m connlabel --label 1'],
    ['a match that the kernel would refuse', '-m tcp --dport 22'],
  ])('%s', (_what, condition) => {
    expect(judge(filter([`INPUT ${condition} -j ACCEPT`]), syn).verdict).toBe('unknown');
  });

  it('is judged when the caller knows', () => {
    const member = filter(['INPUT -m set --match-set admins src -j ACCEPT']);
    expect(judge(member, { ...syn, sets: { 'admins src': true } }).verdict).toBe('accept');
    expect(judge(member, { ...syn, sets: { 'admins src': false } }).verdict).toBe('drop');
    const monday = filter(['INPUT -m time --timestart 08:00 --timestop 17:00 --weekdays Mon -j ACCEPT']);
    expect(judge(monday, { ...syn, time: Date.UTC(2026, 10, 23, 9) / 1000 }).verdict).toBe('accept');
    expect(judge(monday, { ...syn, time: Date.UTC(2026, 10, 23, 18) / 1000 }).verdict).toBe('drop');
    expect(judge(monday, { ...syn, time: Date.UTC(2026, 10, 24, 9) / 1000 }).verdict).toBe('drop');
  });

  it('stays within bounds', () => {
    const limits = Array.from(
      { length: 1000 },
      (_, i) => `INPUT -m limit --limit ${(i % 50) + 1}/sec -j MARK --set-xmark 0x${i % 4}/0x3`,
    );
    expect(judge(filter(limits), { ...syn, mark: 0 }).verdict).toBe('drop');
    const marks = Array.from(
      { length: 32 },
      (_, i) =>
        `INPUT -m limit --limit 1/sec -j MARK --set-xmark 0x${(2 ** i).toString(16)}/0x${(2 ** i).toString(16)}`,
    );
    const result = judge(filter(marks), { ...syn, mark: 0 });
    expect(result).toMatchObject({ complete: false, verdict: 'unknown' });
    expect(result.possible).toContain('accept');
  });

  it('ends in sets that the kernel would refuse or never get through', () => {
    const loop = ['INPUT -j A', 'A -g B', 'B -j A'];
    expect(judge(filter(loop, 'DROP', ['A', 'B']), syn).verdict).toBe('unknown');
    const names = Array.from({ length: 30 }, (_, i) => `c${i}`);
    const many = names.flatMap((name, i) =>
      Array.from({ length: 9 }, () => `${name} -j ${names[i + 1] ?? 'last'}`),
    );
    const result = judge(filter(['INPUT -j c0', ...many], 'DROP', [...names, 'last']), syn);
    expect(result.complete).toBe(false);
    const chains = Array.from({ length: 20_000 }, (_, i) => `d${i}`);
    const deep = chains.slice(1).map((name, i) => `d${i} -g ${name}`);
    expect(judge(filter(['INPUT -j d0', ...deep], 'ACCEPT', chains), syn).verdict).toBe('accept');
  });
});

describe('tables on the way', () => {
  it('change the packet for those behind them', () => {
    const set = `*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.9.9.9:80
COMMIT
${filter(['FORWARD -d 10.9.9.9/32 -p tcp -m tcp --dport 80 -m conntrack --ctstate DNAT -j DROP'])}`;
    const first = judge(set, { ...syn, destinationPort: 8080, ttl: 64 }, 'forward');
    expect(first.verdict).toBe('drop');
    expect(first.ways[0]?.effects).toEqual([{ kind: 'destination', address: '10.9.9.9', port: 80 }]);
    const later = judge(set, { ...syn, destinationPort: 8080, state: 'ESTABLISHED' }, 'forward');
    expect(later.verdict).toBe('accept');
  });

  it('can be chosen', () => {
    const set = `*raw
:PREROUTING DROP [0:0]
COMMIT
${filter(['INPUT -j ACCEPT'])}`;
    expect(judge(set, syn).verdict).toBe('drop');
    const only = compileRuleSet(parseSave(set), { tables: ['filter'] });
    expect(evaluate(only, syn, 'input').verdict).toBe('accept');
  });

  it('untrack a connection', () => {
    const set = `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -j CT --notrack
COMMIT
${filter(['INPUT -m conntrack --ctstate UNTRACKED -j ACCEPT'])}`;
    const result = judge(set, syn);
    expect(result.verdict).toBe('accept');
    expect(result.ways[0]?.effects).toEqual([{ kind: 'untracked' }]);
  });
});

describe('IPv6', () => {
  const set = parseSave(
    filter(['INPUT -s fd00:1::/64 -p tcp -m tcp --dport 22 -j ACCEPT', 'INPUT ! -s fd00::/8 -j REJECT']),
    {
      family: 'ipv6',
    },
  );
  it.each([
    ['fd00:1::5', 'accept'],
    ['fd00:1:0:1::5', 'drop'],
    ['2001:db8::1', 'reject'],
  ])('%s', (source, verdict) => {
    const packet = { ...syn, source, destination: 'fd00:1::1' };
    expect(evaluate(compileRuleSet(set), packet, 'input').verdict).toBe(verdict);
  });

  it('refuses a packet of the other family', () => {
    expect(() => evaluate(compileRuleSet(set), syn, 'input')).toThrow(NetfilterError);
  });
});

describe('the fast walk', () => {
  it('ends as the exploration of the same packet does', () => {
    let compared = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed);
      const made = makeSet(random);
      const evaluator = compileRuleSet(parseSave(made.text), { addresses: { local: [], broadcast: [] } });
      for (const { sent, path } of makePackets(random, made, 100)) {
        const fast = evaluate(evaluator, sent, path);
        const { ways, doubts } = explore(evaluator.program, evaluator.plans[path].stages, new Packet(sent));
        if (doubts.size > 0) continue;
        compared++;
        expect(fast.path.map(({ chain, number }) => `${chain} ${number}`)).toEqual(
          ways[0]?.slots.map((slot) => {
            const { chain, start } = evaluator.program.chainAt(slot);
            return `${chain.name} ${slot - start + 1}`;
          }),
        );
      }
    }
    expect(compared).toBeGreaterThan(4_000);
  });

  it('finds the same rule through the index of a long chain', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = new Random(seed);
      const rules: string[] = [];
      while (rules.length < 300) {
        const made = makeSet(random);
        if (made.kind === 'nat') continue;
        rules.push(...(made.text.match(/^-A INPUT .*$/gm) ?? []).filter((rule) => !/-[jg] c\d/.test(rule)));
      }
      // now and then a rule that ends the way, so that packets come deep into the chain
      const thinned = rules.map((rule) => (random.chance(0.9) ? rule.replace(/ -j .*$/, ' -j NFLOG') : rule));
      const evaluator = compileRuleSet(parseSave(filter(thinned.map((rule) => rule.slice(3)))));
      const made = makeSet(new Random(seed));
      for (const { sent } of makePackets(random, { ...made, tracked: true }, 100)) {
        const packet = { ...sent, state: random.pick(['NEW', 'INVALID', 'ESTABLISHED'] as const) };
        const fast = evaluate(evaluator, packet, 'input');
        const { ways } = explore(evaluator.program, evaluator.plans.input.stages, new Packet(packet));
        if (ways.length > 1 || fast.doubts.length > 0) continue;
        expect(fast.path.map((step) => step.number)).toEqual(ways[0]?.slots.map((slot) => slot + 1));
      }
    }
  });
});
