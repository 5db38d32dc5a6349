import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRuleSet, evaluate } from '../evaluate/evaluate.ts';
import { parseRule } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';
import { holdsAddress } from '../values/holds-address.ts';
import { shadowsOf } from './shadow.ts';

const shadows = (...texts: string[]) => shadowsOf(texts.map((text) => parseRule(text)));

describe('a rule is shadowed', () => {
  it.each([
    ['-j ACCEPT', '-p tcp -m tcp --dport 22 -j ACCEPT'],
    ['-s 10.0.0.0/8 -j DROP', '-s 10.1.0.0/16 -p tcp -j ACCEPT'],
    ['-p tcp -m tcp --dport 8000:9000 -j DROP', '-p tcp -m tcp --dport 8080 -j ACCEPT'],
    ['-p tcp -m multiport --dports 22,80,443 -j DROP', '-p tcp -m tcp --dport 443 -j ACCEPT'],
    ['-p tcp -m tcp --dport 80 -j DROP', '-p tcp -m multiport --dports 80,80 -j ACCEPT'],
    ['-i eth+ -j REJECT', '-i eth1 -j ACCEPT'],
    ['! -s 10.1.0.0/16 -j DROP', '! -s 10.0.0.0/8 -j ACCEPT'],
    ['-m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT', '-m conntrack --ctstate NEW -j DROP'],
    ['-m comment --comment x -j ACCEPT', '-j DROP'],
    ['-g elsewhere', '-p udp -j DROP'],
    ['! -p tcp -j DROP', '-p udp -j ACCEPT'],
  ])('%s, then %s', (first, second) => {
    expect(shadows('-j LOG', first, '-p icmp -j RETURN', second)).toContainEqual({ number: 4, by: 2 });
  });

  it.each([
    ['-j LOG', '-j ACCEPT'],
    ['-j elsewhere', '-j ACCEPT'],
    ['-s 10.1.0.0/16 -j DROP', '-s 10.0.0.0/8 -j ACCEPT'],
    ['-p tcp -m tcp --dport 22 -m limit --limit 6/min -j ACCEPT', '-p tcp -m tcp --dport 22 -j DROP'],
    ['-p tcp -m tcp --dport 22 -j ACCEPT', '-p tcp -j DROP'],
    ['-p tcp -m tcp ! --dport 22 -j ACCEPT', '-p tcp -m tcp --dport 80 -j DROP'],
    ['-p tcp -m tcp --tcp-flags SYN SYN -j DROP', '-p tcp -m tcp --dport 80 -j DROP'],
    ['-i eth0 -j DROP', '-i eth1 -j DROP'],
    ['-i eth0 -j DROP', '-i eth+ -j DROP'],
    ['-m conntrack --ctstate NEW -j ACCEPT', '-m conntrack --ctstate NEW,RELATED -j DROP'],
    ['-s 10.0.0.0/8 -j DROP', '! -s 192.168.0.0/16 -j ACCEPT'],
    ['-f -j DROP', '-p tcp -j ACCEPT'],
    ['-s 10.0.0.0/255.0.255.0 -j DROP', '-s 10.0.0.0/8 -j DROP'],
  ])('not so: %s, then %s', (first, second) => {
    expect(shadows(first, second)).toEqual([]);
  });
});

const condition = fc.constantFrom(
  '',
  '-s 10.0.0.0/8',
  '-s 10.1.0.0/16',
  '! -s 10.0.0.0/8',
  '-d 192.0.2.1/32',
  '-i eth0',
  '-i eth+',
  '! -i eth1',
);
const match = fc.constantFrom(
  '',
  '-p tcp',
  '! -p tcp',
  '-p tcp -m tcp --dport 22',
  '-p tcp -m tcp --dport 20:30',
  '-p tcp -m tcp ! --dport 22',
  '-p tcp -m multiport --dports 22,80',
  '-p udp -m udp --dport 22',
);
const rule = fc
  .tuple(condition, match, fc.constantFrom('ACCEPT', 'DROP'))
  .map(([first, second, target]) => `${first} ${second} -j ${target}`.trim());

const packets = ['10.1.2.3', '10.200.0.1', '203.0.113.9'].flatMap((source) =>
  ['eth0', 'eth1', 'lo'].flatMap((inInterface) =>
    [6, 17, 1].flatMap((protocol) =>
      [22, 25, 80, 443].map((destinationPort) => ({
        ...{ source, inInterface, protocol, destination: '192.0.2.1', sourcePort: 5000 },
        ...(protocol === 1 ? { icmpType: 8, icmpCode: 0 } : { destinationPort }),
      })),
    ),
  ),
);

it('no packet comes to a rule that is named', () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 2, maxLength: 8 }), (texts) => {
      const set = parseSave(
        `*filter\n:INPUT ACCEPT [0:0]\n${texts.map((text) => `-A INPUT ${text}\n`).join('')}COMMIT\n`,
      );
      const named = new Set(shadowsOf(set.tables[0]?.chains[0]?.rules ?? []).map(({ number }) => number));
      const rules = compileRuleSet(set);
      for (const packet of packets) {
        const last = evaluate(rules, packet, 'input').path.at(-1);
        if (last?.kind === 'rule') expect(named).not.toContain(last.number);
      }
    }),
    { numRuns: 200 },
  );
});

it('ten thousand rules are looked at in a moment', () => {
  const texts = Array.from(
    { length: 10_000 },
    (_, i) => `-s 10.${i >> 8}.${i & 255}.0/24 -p tcp -m tcp --dport ${(i % 60_000) + 1} -j ACCEPT`,
  );
  const rules = [...texts, '-s 10.0.7.9/32 -p tcp -m tcp --dport 8 -j DROP'].map((text) => parseRule(text));
  expect(shadowsOf(rules)).toEqual([{ number: 10_001, by: 8 }]);
});

it.each([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.1.0.3/255.255.0.255', '10.1.77.3', true],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['2001:db8::/32', '2001:db8::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:db8::/32', '10.0.0.1', false],
  ['10.0.0.0/8', '2001:db8::1', false],
  ['10.0.0.0/8', '10.0.0', null],
  ['10.0.0.0/8', '10.0.0.999', null],
  ['10.0.0.0/8', 'ssh', null],
])('%s holds %s: %s', (network, address, held) => {
  expect(holdsAddress(network, address)).toBe(held);
});
