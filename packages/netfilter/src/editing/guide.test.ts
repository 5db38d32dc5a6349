import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { printRule } from '../print/print.ts';
import { parseCommand } from '../read/parse-command.ts';
import { parseSave } from '../read/parse-save.ts';
import { parseRulesListing, printRulesListing } from '../read/rules-listing.ts';
import { explainCommand } from './explain.ts';
import { explainRoute } from './explain-route.ts';
import { repairCommand } from './repair.ts';
import { repairSaved } from './repair-saved.ts';
import { readSteps } from './steps.ts';

/** A host as the guide shows it: nothing but SSHGUARD. */
const host = parseSave(`*filter
:INPUT ACCEPT [1438:151829]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [845:93350]
:sshguard - [0:0]
-A INPUT -j sshguard
-A sshguard -s 6.6.6.6/32 -j DROP
COMMIT
`);

const advice = (text: string) => explainCommand(parseCommand(text), host).map(({ code }) => code);

function problem(text: string): NetfilterError {
  try {
    parseCommand(text);
  } catch (error) {
    if (error instanceof NetfilterError) return error;
  }
  throw new Error('nothing was thrown');
}

// one test for each row of reference/guide-traps.md, in its order
describe('traps of the guide', () => {
  it.each([
    [
      'sudo iptables –append INPUT -p tcp –dport 22 -j ACCEPT',
      'sudo iptables --append INPUT -p tcp --dport 22 -j ACCEPT',
    ],
    ['iptables -A INPUT -p tcp –sport 22', 'iptables -A INPUT -p tcp --sport 22'],
    ['iptables -A INPUT -p tcp -dport 22 -j ACCEPT', 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT'],
    ['iptables –list-rules', 'iptables --list-rules'],
    ['iptables –new web', 'iptables --new web'],
    ['iptables –delete-chain web', 'iptables --delete-chain web'],
  ])('long options typed with an en dash, and -dport: %s', (text, mended) => {
    const { text: repaired, repairs } = repairCommand(text);
    expect(repaired).toBe(mended);
    expect(repairs.length).toBeGreaterThan(0);
    for (const { kind, from, offset } of repairs) {
      expect(kind).toBe('dash');
      expect(text.slice(offset, offset + from.length)).toBe(from);
    }
    expect(() => parseCommand(mended)).not.toThrow();
  });

  it('options named without a dash', () => {
    const { text, repairs } = repairCommand('iptables t filter A INPUT p tcp i eth0 j ACCEPT');
    expect(text).toBe('iptables -t filter -A INPUT -p tcp -i eth0 -j ACCEPT');
    expect(repairs.map(({ from, to }) => [from, to])).toEqual([
      ['t', '-t'],
      ['A', '-A'],
      ['p', '-p'],
      ['i', '-i'],
      ['j', '-j'],
    ]);
  });

  it('t (tables)', () => {
    expect(problem('iptables --tables nat -L').code).toBe('word.unexpected');
    expect(repairCommand('iptables --tables nat -L')).toEqual({
      text: 'iptables --table nat -L',
      repairs: [{ kind: 'option', from: '--tables', to: '--table', offset: 9 }],
      incomplete: null,
    });
  });

  it('-i said to serve INPUT and OUTPUT', () => {
    expect(problem('iptables -A OUTPUT -i eth0 -j ACCEPT')).toMatchObject({
      code: 'interface.inOutput',
      column: 20,
      params: { chain: 'OUTPUT' },
    });
    expect(problem('iptables -A INPUT -o eth0 -j ACCEPT').code).toBe('interface.outInput');
  });

  it('-C called 패킷 테스트', () => {
    expect(advice('sudo iptables -C INPUT -p tcp --dport 22 -j ACCEPT')).toEqual(['check.asksOnly']);
  });

  it('create case 5 with -d 000.000.00.00', () => {
    const command = parseCommand('sudo iptables -A INPUT -d 000.000.00.00 -p tcp --dport 22 -j ACCEPT');
    expect(explainCommand(command, host)[0]).toEqual({
      code: 'address.placeholder',
      severity: 'warning',
      params: { field: 'destination', value: '0.0.0.0/32' },
    });
  });

  it('cases 1 to 5 add ACCEPT under policy ACCEPT', () => {
    const cases = ['-i lo', '-p tcp --dport 22', '-p tcp --dport 80', '-p tcp --dport 443'];
    for (const conditions of cases) {
      expect(advice(`sudo iptables -A INPUT ${conditions} -j ACCEPT`)).toEqual(['rule.changesNothing']);
    }
    // ahead of the jump to SSHGUARD it lets in whom that blocks
    expect(advice('sudo iptables -I INPUT -p tcp --dport 22 -j ACCEPT')).toEqual([]);
    expect(advice('sudo iptables -A INPUT -p tcp --dport 22 -j DROP')).toEqual([]);
  });

  it('sudo iptables-save under Rule 설정 저장', () => {
    expect(advice('sudo iptables-save')).toEqual(['save.printsOnly']);
    expect(parseCommand('iptables-save > /etc/iptables.rules')).toMatchObject({
      kind: 'save',
      path: '/etc/iptables.rules',
    });
  });

  it("the saved file's first line filter", () => {
    const guide = `filter
:INPUT ACCEPT [1438:151829]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [845:93350]
:sshguard - [0:0]
-A INPUT -j sshguard
COMMIT
`;
    expect(() => parseSave(guide)).toThrow(NetfilterError);
    const { text, repairs } = repairSaved(guide);
    expect(repairs).toEqual([{ kind: 'table', from: 'filter', to: '*filter', offset: 0 }]);
    expect(parseSave(text).tables[0]?.chains).toHaveLength(4);
    expect(repairSaved(text)).toEqual({ text, repairs: [] });
    // as Notepad saves it, and as a page indents it
    expect(repairSaved('\ufefffilter\r\nCOMMIT\n')).toEqual({
      text: '*filter\nCOMMIT\n',
      repairs: [
        { kind: 'lineEnd', from: '\r', to: '', offset: 7 },
        { kind: 'invisible', from: '\ufeff', to: '', offset: 0 },
        { kind: 'table', from: 'filter', to: '*filter', offset: 1 },
      ],
    });
    expect(repairSaved('  *filter \n-A INPUT\n').text).toBe('*filter\n-A INPUT\n');
  });

  it('path written etc/iptables.rules', () => {
    expect(repairCommand('sudo iptables-save > etc/iptables.rules')).toMatchObject({
      text: 'sudo iptables-save > /etc/iptables.rules',
      repairs: [{ kind: 'path', from: 'etc/iptables.rules', to: '/etc/iptables.rules', offset: 21 }],
    });
    expect(repairCommand('sudo cat etc/iptables.rules').text).toBe('sudo cat /etc/iptables.rules');
    expect(advice('iptables-save > rules')).toContain('path.relative');
  });

  it('the file is said to keep the rules', () => {
    expect(advice('iptables-save > /etc/iptables.rules')).toEqual(['save.notLoaded']);
  });

  it('blocks with #case1. … lines, sudo, several commands, one cut short', () => {
    const { steps, notes, repairs } =
      readSteps(`#case1. localhost 인터페이스에 들어오는 모든 패킷을 허용하는 Rule을 생성합니다.
sudo iptables -A INPUT -i lo -j ACCEPT

#case2. 외부에서 모든 목적지의 tcp/22 port로의 접근을 허용하는 Rule을 생성합니다.
sudo iptables -A INPUT -p tcp --dport 22 -j ACCEPT; sudo iptables -D INPUT 4

sudo iptables -A${' '}
# end`);
    expect(repairs).toEqual([]);
    expect(notes).toEqual(['end']);
    expect(steps.map(({ command, notes: before }) => [command?.kind, before.length])).toEqual([
      ['append', 1],
      ['append', 1],
      ['deleteAt', 0],
      [undefined, 0],
    ]);
    expect(steps[0]?.notes[0]).toMatch(/^case1\. localhost/);
    expect(steps[3]).toMatchObject({
      text: 'sudo iptables -A',
      error: { code: 'word.missing', line: 7 },
      incomplete: { wants: 'chain', option: '-A' },
    });
  });

  it('sudo route del default gw IP Address Adapter, with and without dev', () => {
    const change = {
      kind: 'deleteRoute',
      family: 'ipv4',
      destination: '0.0.0.0/0',
      gateway: '10.10.0.1',
      device: 'eth1',
      metric: null,
      source: null,
    };
    for (const text of [
      'sudo route del default gw 10.10.0.1 eth1',
      'sudo route del default gw 10.10.0.1 dev eth1',
    ]) {
      expect(readSteps(text).steps[0]?.command).toEqual(change);
    }
    const [placeholder] = readSteps('sudo route del default gw IP Address Adapter').steps;
    expect(placeholder?.error).toMatchObject({ code: 'address.invalid', word: 'IP', column: 27 });
  });

  it('two default routes, both metric 100', () => {
    const routes = [
      { destination: '0.0.0.0/0', gateway: '198.168.0.1', device: 'eth0', metric: 100 },
      { destination: '0.0.0.0/0', gateway: '10.10.0.1', device: 'eth1', metric: 100 },
    ];
    const told = (text: string, of = routes) => {
      const command = readSteps(text).steps[0]?.command;
      if (!command || !('kind' in command) || !/Route/.test(command.kind)) throw new Error(text);
      return explainRoute(command as Parameters<typeof explainRoute>[0], of);
    };
    expect(told('sudo route -n')).toEqual([
      {
        code: 'route.severalDefaults',
        severity: 'warning',
        params: { gateway: '198.168.0.1', device: 'eth0' },
      },
    ]);
    expect(told('sudo route del default gw 10.10.0.1 dev eth1')).toEqual([]);
    expect(told('sudo route del default')[0]?.code).toBe('route.first');
    expect(told('ip route del default', routes.slice(1))[0]?.code).toBe('route.lastDefault');
    expect(told('ip route add default via 9.9.9.9 metric 5')[0]?.params).toEqual({
      gateway: '9.9.9.9',
      device: '',
    });
  });

  it('iptables -S -v output reusable as it is', () => {
    const guide = `-P INPUT ACCEPT -c 511 50127
-P FORWARD ACCEPT -c 0 0
-P OUTPUT ACCEPT -c 323 36247
-N sshguard
-A INPUT -c 833 83548 -j sshguard
`;
    const set = parseRulesListing(guide);
    expect(set.tables[0]?.chains[0]).toMatchObject({
      packets: 511n,
      rules: [{ packets: 833n, bytes: 83548n }],
    });
    expect(printRulesListing(set, { counters: true })).toBe(guide);
  });

  it('a command of the other family is not judged by these rules, and -R removes a jump as -D does', () => {
    expect(advice('ip6tables -F')).toEqual([]);
    expect(advice('iptables -R INPUT 1 -p tcp --dport 22 -j ACCEPT')).toEqual(['foreign.jumpRemoved']);
    expect(advice('iptables -R INPUT 1 -p tcp --dport 22 -j sshguard')).toEqual([]);
  });

  it('bare iptables -F, -X, -Z', () => {
    expect(explainCommand(parseCommand('iptables -F'), host)).toEqual([
      {
        code: 'foreign.emptied',
        severity: 'warning',
        params: { chain: 'sshguard', owner: 'sshguard', rules: 1 },
      },
      {
        code: 'foreign.jumpRemoved',
        severity: 'warning',
        params: { chain: 'sshguard', owner: 'sshguard', from: 'INPUT' },
      },
    ]);
    expect(advice('iptables -X')).toEqual(['foreign.chainRemoved']);
    expect(advice('iptables -Z')).toEqual(['foreign.countersZeroed']);
    expect(advice('iptables -F OUTPUT')).toEqual([]);
  });
});

// every command line of reference/bms-network-guide.ko.txt
describe('commands of the guide', () => {
  it.each([
    ['sudo iptables -V', { kind: 'version' }],
    [
      'sudo iptables -nL --line-numbers --verbose',
      { kind: 'list', numeric: true, lineNumbers: true, verbose: true },
    ],
    ['sudo iptables -S -v', { kind: 'listRules', verbose: true }],
    ['sudo iptables -L', { kind: 'list', numeric: false }],
    ['sudo iptables -D INPUT 4', { kind: 'deleteAt', chain: 'INPUT', position: 4 }],
    ['sudo iptables-save', { kind: 'save', path: null }],
    ['sudo cat /etc/iptables.rules', { kind: 'showFile', path: '/etc/iptables.rules' }],
    ['sudo route -n', { kind: 'showRoutes', numeric: true }],
    [
      'sudo route del default gw 10.10.0.1 dev eth1',
      { kind: 'deleteRoute', gateway: '10.10.0.1', device: 'eth1' },
    ],
  ])('%s', (text, command) => {
    const { steps, repairs } = readSteps(text);
    expect(repairs).toEqual([]);
    expect(steps).toHaveLength(1);
    expect(steps[0]?.command).toMatchObject(command);
  });

  it.each([
    ['-A INPUT -i lo -j ACCEPT', 'append', '-i lo -j ACCEPT'],
    ['-A INPUT -p tcp --dport 22 -j ACCEPT', 'append', '-p tcp -m tcp --dport 22 -j ACCEPT'],
    [
      '-A INPUT -d 000.000.00.00 -p tcp --dport 22 -j ACCEPT',
      'append',
      '-d 0.0.0.0/32 -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    [
      '-D INPUT -p tcp -m tcp --dport 22 -j REJECT',
      'delete',
      '-p tcp -m tcp --dport 22 -j REJECT --reject-with icmp-port-unreachable',
    ],
    ['-D INPUT -p tcp --dport 443 -j ACCEPT', 'delete', '-p tcp -m tcp --dport 443 -j ACCEPT'],
  ])('sudo iptables %s', (words, kind, rule) => {
    const command = parseCommand(`sudo iptables ${words}`);
    expect(command).toMatchObject({ kind, chain: 'INPUT', table: 'filter' });
    expect('rules' in command && command.rules.map((each) => printRule(each))).toEqual([rule]);
  });

  it.each(['-A', '-D'])('sudo iptables %s is waiting for a chain', (option) => {
    expect(repairCommand(`sudo iptables ${option} `).incomplete).toMatchObject({ wants: 'chain', option });
  });
});
