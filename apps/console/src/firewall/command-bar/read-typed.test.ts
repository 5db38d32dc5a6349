import { defaultDialect } from '@moru/netfilter';
import { describe, expect, test } from 'vitest';
import { draftOn } from '../drafts/draft.ts';
import { chainOf, textOf } from '../drafts/draft-rules.ts';
import { countedRules, hostOf } from '../drafts/host.ts';
import { stateOf } from '../testing/state.ts';
import { guideOptions } from './guide-options.ts';
import { readTyped } from './read-typed.ts';

const ssh = '-p tcp -m tcp --dport 22 -j ACCEPT';
const host = (...rules: string[]) =>
  hostOf(stateOf({ INPUT: ['-j sshguard', ...rules], sshguard: ['-s 192.0.2.1/32 -j DROP'] }), []);

function read(text: string, ...rules: string[]) {
  const held = host(...rules);
  return readTyped(text, draftOn(held.base), () => countedRules(held.state), defaultDialect);
}

const only = (text: string, ...rules: string[]) => read(text, ...rules).commands[0];
const inputAfter = (text: string, ...rules: string[]) =>
  chainOf(read(text, ...rules).draft.rules, 'filter', 'INPUT')?.entries.map(({ rule }) => textOf(rule));

describe('the guide’s third chapter, typed', () => {
  test.each([
    ['sudo iptables -V', { kind: 'output', output: 'version' }],
    ['sudo iptables -nL --line-numbers --verbose', { kind: 'output', output: 'list' }],
    ['sudo iptables -S -v', { kind: 'output', output: 'rules' }],
    ['sudo iptables-save', { kind: 'output', output: 'save' }],
    ['sudo cat /etc/iptables.rules', { kind: 'output', output: 'file' }],
    ['sudo cat etc/iptables.rules', { kind: 'output', output: 'file' }],
    ['sudo iptables-save > /etc/iptables.rules', { kind: 'save', path: '/etc/iptables.rules' }],
    ['sudo cat /etc/shadow', { kind: 'elsewhere', where: 'file' }],
    ['sudo route del default gw 10.10.0.1 dev eth1', { kind: 'elsewhere', where: 'routes' }],
    ['iptables -Z INPUT 1', { kind: 'zero', table: 'filter', chain: 'INPUT', number: 1 }],
    ['iptables -E a b', { kind: 'elsewhere', where: 'rename' }],
  ])('%s', (text, meaning) => {
    expect(only(text)?.meaning).toMatchObject(meaning);
  });

  test('create cases 1 to 5 as one pasted block, their comments as notes', () => {
    const block = `#case1. localhost
sudo iptables -A INPUT -i lo -j ACCEPT

#case2. tcp/22
sudo iptables -A INPUT -p tcp –dport 22 -j ACCEPT
sudo iptables -A INPUT -p tcp --dport 80 -j ACCEPT
sudo iptables -A INPUT -p tcp --dport 443 -j ACCEPT
sudo iptables -A INPUT -d 000.000.00.00 -p tcp --dport 22 -j ACCEPT`;
    const { commands, repairs, draft } = read(block);
    expect(commands.map(({ meaning }) => meaning.kind)).toEqual(Array(5).fill('edits'));
    expect(commands[0]?.notes).toEqual(['case1. localhost']);
    expect(draft.steps[1]?.notes).toEqual(['case2. tcp/22']);
    expect(repairs).toMatchObject([{ kind: 'dash', from: '–dport', to: '--dport' }]);
    expect(commands[0]?.advice).toMatchObject([{ code: 'rule.changesNothing' }]);
    expect(commands[4]?.advice.map(({ code }) => code)).toContain('address.placeholder');
    expect(draft.steps).toHaveLength(5);
  });

  test('delete cases 1 to 3', () => {
    const rejected = '-p tcp -m tcp --dport 22 -j REJECT --reject-with icmp-port-unreachable';
    const web = '-p tcp -m tcp --dport 443 -j ACCEPT';
    expect(inputAfter('sudo iptables -D INPUT 4', ssh, web, rejected)).toEqual(['-j sshguard', ssh, web]);
    expect(inputAfter('sudo iptables -D INPUT -p tcp -m tcp --dport 22 -j REJECT', ssh, rejected)).toEqual([
      '-j sshguard',
      ssh,
    ]);
    expect(inputAfter('sudo iptables -D INPUT -p tcp --dport 443 -j ACCEPT', web)).toEqual(['-j sshguard']);
  });

  test('every option of its table is one that is read', () => {
    const examples: Partial<Record<string, string>> = {
      '-A': 'iptables -A INPUT -j ACCEPT',
      '-D': 'iptables -D INPUT 1',
      '-C': 'iptables -C INPUT -j sshguard',
      '-R': 'iptables -R INPUT 1 -j DROP',
      '-I': 'iptables -I INPUT -j DROP',
      '-L': 'iptables -L',
      '-S': 'iptables -S',
      '-F': 'iptables -F INPUT',
      '-Z': 'iptables -Z',
      '-N': 'iptables -N web',
      '-X': 'iptables -X',
      '-P': 'iptables -P INPUT DROP',
      '-t': 'iptables -t nat -A POSTROUTING -j MASQUERADE',
      '-p': 'iptables -A INPUT -p udp',
    };
    for (const { option, long } of guideOptions) {
      const text =
        examples[option] ??
        `iptables -A FORWARD -p tcp ${option} ${exampleOf(option)} -m comment --comment x`;
      expect([text, only(text)?.meaning.kind]).not.toContain('error');
      const spelled = text.replace(` ${option} `, ` ${long} `).replace(/ -([A-Z])$/, ` ${long}`);
      expect([spelled, only(spelled)?.meaning.kind]).not.toContain('error');
    }
  });
});

function exampleOf(option: string): string {
  if (option === '-s' || option === '-d') return '10.0.0.0/8';
  if (option === '--sport' || option === '--dport') return '22';
  if (option === '-j') return 'DROP';
  return 'eth0';
}

describe('questions', () => {
  test('-C says whether an equal rule is there and where', () => {
    expect(only('iptables -C INPUT -p tcp --dport 22 -j ACCEPT', ssh)?.meaning).toMatchObject({
      kind: 'found',
      number: 2,
    });
    expect(only('iptables -C INPUT -p tcp --dport 23 -j ACCEPT', ssh)?.meaning).toMatchObject({
      kind: 'found',
      number: null,
    });
    expect(only('iptables -C INPUT -j sshguard')?.advice).toMatchObject([{ code: 'check.asksOnly' }]);
  });

  test('-L and -S of one chain, and of one rule', () => {
    expect(only('iptables -nvL sshguard --line-numbers')?.meaning).toMatchObject({
      kind: 'answer',
      text: expect.stringContaining('192.0.2.1'),
    });
    expect(only('iptables -S INPUT 2', ssh)?.meaning).toEqual({ kind: 'answer', text: `-A INPUT ${ssh}` });
    expect(only('iptables -S INPUT', ssh)?.meaning).toMatchObject({
      text: expect.stringContaining('-P INPUT ACCEPT\n'),
    });
    expect(only('iptables -L nowhere')?.meaning).toMatchObject({
      kind: 'error',
      error: { code: 'chain.missing' },
    });
  });
});

describe('what is wrong', () => {
  test.each([
    ['iptables -A OUTPUT -i eth0 -j ACCEPT', 'interface.inOutput'],
    ['iptables -A INPUT -p tcp --dport 70000 -j ACCEPT', 'port.invalid'],
    ['iptables -D INPUT 9', 'position.range'],
    ['iptables -A sshguard -j DROP', 'plan.foreignChain'],
    ['rm -rf /', 'command.unknown'],
    ['iptables -A INPUT -j ACCEPT; reboot', 'command.unknown'],
    ['iptables -A INPUT -s $(id) -j ACCEPT', 'shell.expansion'],
    ['ip6tables -A INPUT -j DROP', 'extension.family'],
  ])('%s: %s', (text, code) => {
    const errors = read(text).commands.flatMap(({ meaning }) =>
      meaning.kind === 'error' ? [meaning.error.code] : [],
    );
    expect(errors).toContain(code);
  });

  test('a command that is cut short says what it waits for', () => {
    expect(only('sudo iptables -A')?.incomplete).toMatchObject({ wants: 'chain', option: '-A' });
    expect(only('sudo iptables -A INPUT -p tcp --dport')?.incomplete).toMatchObject({ option: '--dport' });
  });

  test('numbers are those of the draft as the commands before left it', () => {
    expect(
      inputAfter('iptables -D INPUT 1\niptables -I INPUT 1 -p udp -j DROP\niptables -D INPUT 2', ssh),
    ).toEqual(['-p udp -j DROP']);
  });

  test('bare -F on a host with SSHGUARD says what it would also do', () => {
    expect(only('iptables -F')?.advice.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['foreign.emptied', 'foreign.jumpRemoved']),
    );
  });
});
