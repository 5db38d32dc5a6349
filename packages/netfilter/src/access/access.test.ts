import { describe, expect, it } from 'vitest';
import { compileRuleSet } from '../evaluate/evaluate.ts';
import type { PacketFields } from '../evaluate/packet.ts';
import { parseSave } from '../read/parse-save.ts';
import { judgePacket } from './judge.ts';
import { reachChanges } from './reach.ts';
import { meetsChain } from './strangers.ts';

const filter = (rules: readonly string[], policy = 'ACCEPT') =>
  parseSave(
    [
      '*filter',
      `:INPUT ${policy} [0:0]`,
      ':FORWARD ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':mine - [0:0]',
      ':sshguard - [0:0]',
      ...rules.map((rule) => `-A ${rule}`),
      'COMMIT\n',
    ].join('\n'),
  );
const places = [
  { device: 'eth0', local: '10.0.0.2' },
  { device: 'eth1', local: '10.10.0.2' },
];
const ssh: PacketFields = {
  source: '192.0.2.1',
  destination: '10.0.0.2',
  inInterface: 'eth0',
  protocol: 6,
  sourcePort: 40_000,
  destinationPort: 22,
  tcpFlags: ['SYN'],
  state: 'NEW',
};

describe('a packet that must come through', () => {
  const judge = (rules: readonly string[], policy?: string) =>
    judgePacket(compileRuleSet(filter(rules, policy)), ssh, 'input');

  it.each([
    ['a rule lets it in', ['INPUT -p tcp -m tcp --dport 22 -j ACCEPT'], 'DROP', 'kept', 'INPUT 1 rule'],
    ['the policy does', ['INPUT -p udp -j DROP'], 'ACCEPT', 'kept', 'INPUT 2 policy'],
    [
      'a chain of ours stops it',
      ['INPUT -j mine', 'mine -s 192.0.2.0/24 -j REJECT'],
      'ACCEPT',
      'lost',
      'mine 1 rule',
    ],
    ['the policy stops it', ['INPUT -i lo -j ACCEPT'], 'DROP', 'lost', 'INPUT 2 policy'],
    ['a rate decides', ['INPUT -m limit --limit 1/sec -j ACCEPT'], 'DROP', 'unknown', 'INPUT 1 rule'],
    ['a program decides', ['INPUT -j NFQUEUE --queue-num 1'], 'ACCEPT', 'unknown', 'INPUT 1 rule'],
    ['either way it is stopped', ['INPUT -m limit --limit 1/sec -j REJECT'], 'DROP', 'lost', 'INPUT 1 rule'],
  ] as const)('%s', (_what, rules, policy, state, first) => {
    const { state: found, deciders } = judge(rules, policy);
    expect(found).toBe(state);
    const [decider] = deciders;
    expect(`${decider?.chain} ${decider?.number} ${decider?.kind}`).toBe(first);
  });
});

describe('what a change opens and closes', () => {
  const said = (before: readonly string[], after: readonly string[], policies = ['DROP', 'DROP']) =>
    reachChanges(filter(before, policies[0]), filter(after, policies[1]), { places }).map(
      ({ direction, protocol, ports, peer, before: was, after: is }) =>
        `${direction} ${protocol} ${ports ? `${ports.from}-${ports.to}` : '*'} ${peer ?? 'everybody'}: ${was} ${is}`,
    );

  it('does not ask about each of tens of thousands of ports that others name', () => {
    const named = Array.from({ length: 10_000 }, (_, i) => `INPUT -p tcp -m tcp --dport ${1 + i} -j DROP`);
    expect(said(named, [...named, 'INPUT -p tcp -j ACCEPT'])).toEqual(['in tcp * everybody: closed open']);
  });

  it('names the port and the source of a new rule', () => {
    expect(said([], ['INPUT -p tcp -m tcp --dport 80 -j ACCEPT'])).toEqual([
      'in tcp 80-80 everybody: closed open',
    ]);
    expect(said([], ['INPUT -s 192.0.2.0/24 -p tcp -m multiport --dports 80,443 -j ACCEPT'])).toEqual([
      'in tcp 80-80 192.0.2.0/24: closed open',
      'in tcp 443-443 192.0.2.0/24: closed open',
    ]);
  });

  it('says nothing of a rule that changes nothing', () => {
    const open = 'INPUT -p tcp -m tcp --dport 80 -j ACCEPT';
    expect(said([open], [open, 'INPUT -s 192.0.2.7/32 -p tcp -m tcp --dport 80 -j ACCEPT'])).toEqual([]);
    expect(said([open], [open])).toEqual([]);
  });

  it('cuts a range where another rule begins, and joins what fares alike', () => {
    const rest = 'INPUT -p tcp -m tcp --dport 1000:2000 -j ACCEPT';
    const stop = 'INPUT -p tcp -m tcp --dport 1500:1600 -j DROP';
    expect(said([stop], [stop, rest])).toEqual([
      'in tcp 1000-1499 everybody: closed open',
      'in tcp 1601-2000 everybody: closed open',
    ]);
  });

  it('tells a policy by the ports that nobody names', () => {
    const rules = ['INPUT -p tcp -m tcp --dport 22 -j ACCEPT'];
    expect(said(rules, rules, ['ACCEPT', 'DROP'])).toEqual([
      'in tcp * everybody: open closed',
      'in udp * everybody: open closed',
      'in icmp * everybody: open closed',
    ]);
  });

  it('a rule that stops everything closes what others had opened', () => {
    const open = ['INPUT -p tcp -m tcp --dport 22 -j ACCEPT', 'INPUT -s 192.0.2.0/24 -j ACCEPT'];
    expect(said(open, ['INPUT -j DROP', ...open])).toEqual([
      'in tcp 22-22 everybody: open closed',
      'in tcp * 192.0.2.0/24: open closed',
      'in udp * 192.0.2.0/24: open closed',
      'in icmp * 192.0.2.0/24: open closed',
    ]);
  });

  it('sees what a rule moved, what a chain of ours leads to, and what goes out', () => {
    const drop = 'INPUT -p tcp -m tcp --dport 22 -j DROP';
    const open = 'INPUT -s 192.0.2.7/32 -p tcp -m tcp --dport 22 -j ACCEPT';
    expect(said([drop, open], [open, drop])).toEqual(['in tcp 22-22 192.0.2.7/32: closed open']);
    expect(said(['INPUT -j mine'], ['INPUT -j mine', 'mine -p udp -m udp --dport 53 -j ACCEPT'])).toEqual([
      'in udp 53-53 everybody: closed open',
    ]);
    expect(said([], ['OUTPUT -d 192.0.2.0/24 -p tcp -m tcp --dport 25 -j REJECT'])).toEqual([
      'out tcp 25-25 192.0.2.0/24: open closed',
    ]);
  });

  it('looks at every interface, and says where it cannot tell', () => {
    expect(said([], ['INPUT -i eth1 -p tcp -m tcp --dport 80 -j ACCEPT'])).toEqual([
      'in tcp 80-80 everybody: closed open',
    ]);
    expect(said([], ['INPUT -p tcp -m tcp --dport 80 -m limit --limit 1/sec -j ACCEPT'])).toEqual([
      'in tcp 80-80 everybody: closed unknown',
    ]);
  });

  it('knows that both back ends have to let it in', () => {
    const beside = [{ set: filter(['INPUT -p tcp -m tcp --dport 80 -j DROP']), evaluate: {} }];
    const after = filter(['INPUT -p tcp -m tcp --dport 80:81 -j ACCEPT'], 'DROP');
    expect(reachChanges(filter([], 'DROP'), after, { places, beside }).map(({ ports }) => ports)).toEqual([
      { from: 81, to: 81 },
    ]);
  });
});

describe('strangers and SSHGUARD’s chain', () => {
  const knock = { ...ssh };
  Reflect.deleteProperty(knock, 'source');
  const meets = (rules: readonly string[], policy?: string) =>
    meetsChain(filter(rules, policy), 'sshguard', knock);
  const jump = 'INPUT -j sshguard';
  const open = 'INPUT -p tcp -m tcp --dport 22 -j ACCEPT';

  it('are met where the jump stands before the accepts, or nothing accepts', () => {
    expect(meets([jump, open])).toMatchObject({ state: 'kept', deciders: [{ chain: 'INPUT', number: 1 }] });
    expect(meets([jump])).toMatchObject({ state: 'kept' });
    expect(meets([open.replace('ACCEPT', 'DROP')])).toMatchObject({ state: 'kept' });
  });

  it('are let in before it, or without it', () => {
    expect(meets([open, jump])).toMatchObject({ state: 'lost', deciders: [{ number: 1, kind: 'rule' }] });
    expect(meets([])).toMatchObject({ state: 'lost', deciders: [{ kind: 'policy', text: 'ACCEPT' }] });
  });

  it('are not the administrator who is let in first on purpose', () => {
    expect(meets([`INPUT -s 192.0.2.1/32 -j ACCEPT`, jump, open])).toMatchObject({ state: 'kept' });
  });

  it('there is nothing to meet where the host has no such chain', () => {
    expect(meetsChain(parseSave('*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n'), 'sshguard', knock)).toBeNull();
  });
});
