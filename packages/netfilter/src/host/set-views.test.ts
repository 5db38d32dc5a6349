import { describe, expect, it } from 'vitest';
import { type Exposure, exposure } from '../check/exposure.ts';
import { abbreviateCounter } from '../print/listing.ts';
import { parseSave } from '../read/parse-save.ts';
import { setOf } from '../testing/set.ts';
import { canonicalText } from './canonical.ts';
import { foreignOwner } from './foreign.ts';

describe('foreignOwner', () => {
  it.each([
    ['sshguard', 'sshguard'],
    ['f2b-sshd', 'fail2ban'],
    ['DOCKER', 'docker'],
    ['DOCKER-USER', 'docker'],
    ['KUBE-SERVICES', 'kubernetes'],
    ['cali-INPUT', 'calico'],
    ['ufw-before-input', 'ufw'],
    ['LIBVIRT_INP', 'libvirt'],
    ['INPUT', null],
    ['sshguards', null],
    ['web', null],
  ])('%s: %s', (chain, owner) => {
    expect(foreignOwner(chain)).toBe(owner);
  });
});

describe('canonicalText', () => {
  const text = (body: string) => canonicalText(parseSave(`*filter\n${body}COMMIT\n`));
  const headers = ':INPUT ACCEPT [1:2]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n';

  it('does not see counters, foreign blocks, comment lines or empty tables', () => {
    const plain = text(`${headers}:sshguard - [0:0]\n[1:2] -A INPUT -j sshguard\n`);
    const busy = `# x\n*nat\n:PREROUTING ACCEPT [5:6]\nCOMMIT\n*filter\n${headers.replace('1:2', '9:9')}:sshguard - [7:7]\n# y\n-A INPUT -j sshguard\n[3:4] -A sshguard -s 6.6.6.6/32 -j DROP\nCOMMIT\n`;
    expect(canonicalText(parseSave(busy))).toBe(plain);
    expect(plain).toContain('-A INPUT -j sshguard');
  });

  it('sees a blank of another script at the end of a rule', () => {
    const named = (name: string) => text(`${headers}-A INPUT -m nosuch --name ${name}\n`);
    expect(named('web\u3000')).not.toBe(named('web'));
  });

  it.each([
    ['a rule', `${headers}-A INPUT -i lo -j ACCEPT\n`],
    ['the policy', headers.replace(':INPUT ACCEPT', ':INPUT DROP')],
    ['an own chain', `${headers}:mine - [0:0]\n`],
    ['the order', `${headers}-A INPUT -j ACCEPT\n-A INPUT -j DROP\n`],
  ])('sees %s', (_what, body) => {
    const all = [headers, `${headers}-A INPUT -j DROP\n-A INPUT -j ACCEPT\n`].map(text);
    expect(all).not.toContain(text(body));
  });
});

describe('exposure', () => {
  const of = (policy: 'ACCEPT' | 'DROP', ...rules: string[]) =>
    exposure(setOf('filter', 'INPUT', rules, policy));
  const guide = ['-j sshguard'];
  const base = [
    '-i lo -j ACCEPT',
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-m state --state INVALID -j DROP',
  ];

  it.each<[string, 'ACCEPT' | 'DROP', string[], boolean | null, string[]]>([
    ['the guide start', 'ACCEPT', guide, true, []],
    [
      'the guide cases',
      'ACCEPT',
      [...guide, '-i lo -j ACCEPT', '-p tcp --dport 22 -j ACCEPT'],
      true,
      ['tcp/22'],
    ],
    [
      'deny by default',
      'DROP',
      [...guide, ...base, '-p tcp --dport 22 -j ACCEPT', '-p udp --dport 53:54 -j ACCEPT'],
      false,
      ['tcp/22', 'udp/53:54'],
    ],
    [
      'a list of ports',
      'DROP',
      ['-p tcp -m multiport --dports 22,80:90 -j ACCEPT'],
      false,
      ['tcp/22', 'tcp/80:90'],
    ],
    [
      'new connections',
      'DROP',
      ['-p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT'],
      false,
      ['tcp/22'],
    ],
    ['a source', 'DROP', ['-s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT'], false, []],
    ['a blocked source', 'ACCEPT', ['-s 6.6.6.6 -j DROP'], true, []],
    [
      'a final drop',
      'ACCEPT',
      ['-p tcp --dport 22 -j ACCEPT', '-j DROP', '-p tcp --dport 80 -j ACCEPT'],
      false,
      ['tcp/22'],
    ],
    ['a final reject', 'ACCEPT', ['-j LOG', '-j REJECT'], false, []],
    ['accept everything', 'DROP', ['-j ACCEPT'], true, []],
    ['all of tcp', 'DROP', ['-p tcp -j ACCEPT'], false, ['tcp/0:65535']],
    ['an own chain', 'DROP', ['-j mine', '-p tcp --dport 22 -j ACCEPT'], null, []],
    ['a rate', 'DROP', ['-p tcp --dport 22 -m limit --limit 1/s -j ACCEPT'], null, []],
    ['an unknown match', 'DROP', ['-p tcp --dport 22 -m foo --x 1 -j ACCEPT'], null, []],
    ['an address of the host', 'DROP', ['-d 10.0.0.5 -p tcp --dport 22 -j ACCEPT'], null, []],
    [
      'an interface',
      'DROP',
      ['-i eth0 -p tcp --dport 22 -j ACCEPT', '-p tcp --dport 80 -j ACCEPT'],
      null,
      ['tcp/80'],
    ],
    ['every source but one', 'DROP', ['! -s 10.0.0.1 -p tcp --dport 22 -j ACCEPT'], null, []],
    [
      'another program that lets in',
      'DROP',
      ['-j ufw-before-input', '-p tcp --dport 80 -j ACCEPT'],
      null,
      [],
    ],
    ['another program that bans', 'DROP', ['-p tcp -m multiport --dports 22 -j f2b-sshd'], false, []],
    ['two halves of the internet', 'DROP', ['-s 0.0.0.0/1 -j ACCEPT', '-s 128.0.0.0/1 -j ACCEPT'], null, []],
    ['what nat has turned here', 'DROP', ['-m conntrack --ctstate DNAT -j ACCEPT'], null, []],
    ['what is not tracked', 'DROP', ['-m conntrack --ctstate UNTRACKED -j ACCEPT'], null, []],
    ['all but invalid', 'DROP', ['-m conntrack ! --ctstate INVALID -j ACCEPT'], true, []],
    ['ping', 'DROP', ['-p icmp -j ACCEPT'], false, []],
    ['everybody but one', 'ACCEPT', ['! -s 10.0.0.1 -j DROP'], null, []],
  ])('%s', (_name, policy, rules, open, openPorts) => {
    expect(of(policy, ...rules)).toEqual({ inputPolicy: policy, open, openPorts, closedPorts: [] });
  });

  it.each<[string, 'ACCEPT' | 'DROP', string[], Partial<Exposure>]>([
    [
      'a port',
      'ACCEPT',
      ['-p tcp --dport 22 -j DROP'],
      { open: true, openPorts: [], closedPorts: ['tcp/22'] },
    ],
    [
      'a port, but for some',
      'ACCEPT',
      ['-s 203.0.113.0/24 -p tcp --dport 22 -j ACCEPT', '-p tcp --dport 22 -j REJECT'],
      { open: true, openPorts: [], closedPorts: ['tcp/22'] },
    ],
    [
      'what was opened before stays so',
      'ACCEPT',
      ['-p tcp --dport 80 -j ACCEPT', '-p tcp --dport 1:1023 -j DROP', '-p tcp --dport 443 -j ACCEPT'],
      { open: true, openPorts: ['tcp/80'], closedPorts: ['tcp/1:79', 'tcp/81:1023'] },
    ],
    [
      'what was shut before',
      'DROP',
      ['-p tcp --dport 22 -j DROP', '-p tcp -m multiport --dports 22,80 -j ACCEPT'],
      { open: false, openPorts: ['tcp/80'], closedPorts: [] },
    ],
    [
      'the other protocol',
      'ACCEPT',
      ['-p udp --dport 53 -j ACCEPT', '-p tcp --dport 53 -j DROP'],
      { open: true, openPorts: ['udp/53'], closedPorts: ['tcp/53'] },
    ],
    [
      'before all else is let in',
      'DROP',
      ['-p tcp --dport 22 -j DROP', '-j ACCEPT'],
      { open: true, closedPorts: ['tcp/22'] },
    ],
    ['ping', 'ACCEPT', ['-p icmp -j DROP'], { open: true, closedPorts: [] }],
    [
      'some may have been let in',
      'ACCEPT',
      ['-i eth0 -p tcp --dport 22 -j ACCEPT', '-p tcp --dport 22 -j DROP'],
      { open: null, closedPorts: [] },
    ],
    [
      'at one address of the host',
      'ACCEPT',
      ['-d 10.0.0.5 -p tcp --dport 22 -j DROP'],
      { open: null, closedPorts: [] },
    ],
    [
      'beyond a rate',
      'ACCEPT',
      ['-p tcp --dport 22 -m limit --limit 1/s -j DROP'],
      { open: null, closedPorts: [] },
    ],
  ])('shuts: %s', (_name, policy, rules, expected) => {
    expect(of(policy, ...rules)).toMatchObject(expected);
  });

  const save = (...lines: string[]) => parseSave(`${lines.join('\n')}\n`);
  const filter = (...rules: string[]) => [
    '*filter',
    ':INPUT DROP [0:0]',
    ':sshguard - [0:0]',
    ...rules,
    'COMMIT',
  ];
  const web = '-A INPUT -p tcp --dport 80 -j ACCEPT';

  it.each([
    ['a ban', ['-A INPUT -j sshguard', '-A sshguard -s 6.6.6.6 -j DROP'], false],
    ['a chain that should ban, and lets in', ['-A INPUT -j sshguard', '-A sshguard -p tcp -j ACCEPT'], null],
  ])('reads the chain of another program: %s', (_name, rules, open) => {
    expect(exposure(save(...filter(...rules, web))).open).toBe(open);
  });

  it.each(['raw', 'mangle', 'nat'])(
    'does not judge a host whose %s table has rules before INPUT',
    (table) => {
      const before = [`*${table}`, ':PREROUTING ACCEPT [0:0]', '-A PREROUTING -p tcp -j ACCEPT', 'COMMIT'];
      expect(exposure(save(...before, ...filter(web)))).toEqual({
        inputPolicy: 'DROP',
        open: null,
        openPorts: [],
        closedPorts: [],
      });
    },
  );

  it('does not compare thousands of ports with each other', () => {
    const rules = (target: string, from: number) =>
      Array.from({ length: 5_000 }, (_, index) => `-p tcp --dport ${from + index} -j ${target}`);
    expect(of('ACCEPT', ...rules('DROP', 1), ...rules('ACCEPT', 10_001)).open).toBeNull();
    expect(of('DROP', ...rules('ACCEPT', 1)).openPorts).toHaveLength(5_000);
    expect(of('ACCEPT', ...rules('ACCEPT', 1), '-p tcp --dport 9999 -j DROP').open).toBeNull();
  });

  it('does not judge where the other back end filters too', () => {
    expect(exposure(save(...filter(web)), { otherRules: true }).open).toBeNull();
  });

  it('says nothing of a set without filter', () => {
    expect(exposure(parseSave(''))).toEqual({
      inputPolicy: null,
      open: null,
      openPorts: [],
      closedPorts: [],
    });
  });
});

describe('abbreviateCounter', () => {
  // reference/iptables.md section 1, Counters
  it.each([
    [0n, '0'],
    [99_999n, '99999'],
    [100_000n, '100K'],
    [9_999_499n, '9999K'],
    [9_999_500n, '10M'],
    [12_345_678_901n, '12G'],
    [123_456_789_012_345n, '123T'],
    [2n ** 64n - 1n, '0K'],
  ])('%s is %s', (value, text) => {
    expect(abbreviateCounter(value)).toBe(text);
  });
});
