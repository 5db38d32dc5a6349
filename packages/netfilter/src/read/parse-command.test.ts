import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { printRule } from '../print/print.ts';
import { changesNothing } from './command.ts';
import { parseCommand } from './parse-command.ts';

function problem(text: string, options = {}): NetfilterError {
  try {
    parseCommand(text, options);
  } catch (error) {
    if (error instanceof NetfilterError) return error;
    throw error;
  }
  throw new Error(`nothing was thrown for ${text}`);
}

function rules(text: string): string[] {
  const command = parseCommand(text);
  return 'rules' in command ? command.rules.map((rule) => printRule(rule)) : [];
}

describe('parseCommand', () => {
  it.each([
    ['iptables -L', 'ipv4'],
    ['sudo iptables -L', 'ipv4'],
    ['sudo -n -u root /usr/sbin/iptables-nft -L', 'ipv4'],
    ['/sbin/iptables-legacy -L', 'ipv4'],
    ['ip6tables -L', 'ipv6'],
    ['sudo /usr/sbin/ip6tables-nft -L', 'ipv6'],
    ['-L', 'ipv4'],
  ])('knows the program of %s', (text, family) => {
    expect(parseCommand(text)).toMatchObject({ kind: 'list', family, table: 'filter', chain: null });
  });

  it.each([
    ['iptables-save', { kind: 'save', path: null, counters: false, table: null }],
    ['iptables-save -c -t nat', { kind: 'save', counters: true, table: 'nat' }],
    ['iptables-save > /etc/iptables.rules', { kind: 'save', path: '/etc/iptables.rules', append: false }],
    ['iptables-save >> x', { kind: 'save', path: 'x', append: true }],
    ['iptables-save --file=/x', { kind: 'save', path: '/x' }],
    ['iptables-save 2>/dev/null > "/a b"', { kind: 'save', path: '/a b' }],
    ['sudo iptables-save | sudo tee /etc/iptables.rules', { kind: 'save', path: '/etc/iptables.rules' }],
    ['ip6tables-save', { kind: 'save', family: 'ipv6' }],
    [
      'iptables-restore < /etc/iptables.rules',
      { kind: 'restore', path: '/etc/iptables.rules', noFlush: false },
    ],
    [
      'iptables-restore -n -c --test /x',
      { kind: 'restore', path: '/x', noFlush: true, counters: true, test: true },
    ],
    ['iptables-restore -w 5 -T nat /x', { kind: 'restore', path: '/x', table: 'nat' }],
    ['cat /x | sudo iptables-restore -n', { kind: 'restore', path: '/x', noFlush: true }],
    ['sudo cat /etc/iptables.rules', { kind: 'showFile', path: '/etc/iptables.rules' }],
    ['iptables -V', { kind: 'version' }],
    ['iptables -p icmp --help', { kind: 'help' }],
  ])('%s', (text, command) => {
    expect(parseCommand(text)).toMatchObject(command);
  });

  it.each([
    [`-A INPUT -m comment --comment 'a "b" c'`, '-m comment --comment "a \\"b\\" c"'],
    ['-A INPUT -m comment --comment a\\ b', '-m comment --comment "a b"'],
    ['-A INPUT -m comment --comment "-j DROP; x | y"', '-m comment --comment "-j DROP; x | y"'],
    ['-A INPUT -m comment --comment -A -j DROP', '-m comment --comment -A -j DROP'],
    ['-A INPUT -m comment --comment "cost $"', '-m comment --comment "cost $"'],
    ['-A INPUT \\\n  -j DROP', '-j DROP'],
    ['-p tcp -A INPUT -j DROP --dport 22', '-p tcp -m tcp --dport 22 -j DROP'],
    ['-A INPUT -ptcp --dport=ssh', '-p tcp -m tcp --dport 22'],
    ['-A INPUT -s ! 10.0.0.1 -p tcp --dport ! 22', '! -s 10.0.0.1/32 -p tcp -m tcp ! --dport 22'],
    ['-AINPUT -vjDROP -tmangle', '-j DROP'],
  ])('%j', (text, rule) => {
    expect(rules(text)).toEqual([rule]);
  });

  it('makes a rule for each pair of addresses, sources first', () => {
    expect(rules('iptables -A INPUT -d 3.3.3.3,4.4.4.4 --sou 1.1.1.1,2.2.2.2 -j DROP')).toEqual([
      '-s 1.1.1.1/32 -d 3.3.3.3/32 -j DROP',
      '-s 1.1.1.1/32 -d 4.4.4.4/32 -j DROP',
      '-s 2.2.2.2/32 -d 3.3.3.3/32 -j DROP',
      '-s 2.2.2.2/32 -d 4.4.4.4/32 -j DROP',
    ]);
    // a comma in another value is not a list
    expect(rules('iptables -A INPUT -m comment --comment "-s 1,2"')).toEqual([
      '-m comment --comment "-s 1,2"',
    ]);
  });

  it('reads positions, counters and policies', () => {
    expect(parseCommand('iptables -I INPUT 3 -j DROP')).toMatchObject({ kind: 'insert', position: 3 });
    expect(parseCommand('iptables -I INPUT -j DROP')).toMatchObject({ kind: 'insert', position: 1 });
    expect(parseCommand('iptables -R INPUT 010 -j DROP')).toMatchObject({ kind: 'replace', position: 8 });
    expect(parseCommand('iptables -P INPUT DROP -c 5,6')).toMatchObject({
      counters: { packets: 5n, bytes: 6n },
    });
    expect(parseCommand('iptables -A INPUT -c 5 6')).toMatchObject({ rules: [{ packets: 5n, bytes: 6n }] });
    expect(parseCommand('iptables -E a b')).toMatchObject({ kind: 'renameChain', chain: 'a', name: 'b' });
    expect(parseCommand('iptables -t nat -Z PREROUTING 2')).toMatchObject({
      kind: 'zero',
      table: 'nat',
      position: 2,
    });
    expect(parseCommand('iptables -nvxL INPUT 2 -Z --line')).toMatchObject({
      kind: 'list',
      chain: 'INPUT',
      position: 2,
      exact: true,
      lineNumbers: true,
      zero: true,
    });
  });

  it.each([
    ['', 'command.missing', 1, undefined],
    ['iptables', 'command.missing', 9, undefined],
    ['iptables -t nat', 'command.missing', 16, undefined],
    ['rm -rf /', 'command.unknown', 1, 'rm'],
    ['sudo reboot', 'command.unknown', 6, 'reboot'],
    ['iptables -A INPUT; iptables -L', 'command.several', 20, 'iptables'],
    ['iptables -A INPUT -A OUTPUT', 'command.several', 19, '-A'],
    ['iptables -A INPUT -s $ADDRESS', 'shell.expansion', 22, '$ADDRESS'],
    [`iptables -A INPUT -s "\${A}"`, 'shell.expansion', 23, `\${A`],
    ['iptables -A INPUT -s `id`', 'shell.expansion', 22, '`id`'],
    ['iptables -A INPUT -s {1,2}.1.1.1', 'shell.expansion', 22, '{1,2}.1.1.1'],
    ['iptables -L &', 'shell.construct', 13, '&'],
    ['(iptables -L)', 'shell.construct', 1, '('],
    ['iptables-restore << EOF', 'shell.construct', 18, '<<'],
    ['iptables -L > /x', 'shell.construct', 15, '/x'],
    ['iptables -A "INPUT', 'text.quote', 13, '"'],
    ["iptables -A 'INPUT", 'text.quote', 13, "'"],
    ['iptables -A INPUT -m comment --comment "a\nb"', 'text.control', 40, '"a\nb"'],
    ['iptables -A INPUT -p tcp --dport', 'word.missing', 33, undefined],
    ['iptables -A INPUT -p tcp --dport abc', 'port.invalid', 34, 'abc'],
    ['iptables -A INPUT -s "300.1.1.1"', 'address.invalid', 22, '"300.1.1.1"'],
    ['iptables -A INPUT --dport 22', 'option.unknown', 19, '--dport'],
    ['iptables -A INPUT -n', 'option.withCommand', 19, '-n'],
    ['iptables -F -p tcp', 'option.withCommand', 13, '-p'],
    ['iptables -L -n -n', 'option.twice', 16, '-n'],
    ['iptables -D INPUT 0', 'position.invalid', 19, '0'],
    ['iptables -I INPUT x', 'position.invalid', 19, 'x'],
    ['iptables -t nosuch -L', 'save.tableUnknown', 13, 'nosuch'],
    ['iptables -P INPUT drop', 'save.policy', 19, 'drop'],
    ['iptables -N LOG', 'chain.reserved', 13, 'LOG'],
    ['iptables -N "a b"', 'chain.name', 13, '"a b"'],
    ['iptables -M /bin/sh -L', 'option.unknown', 10, '-M'],
    ['iptables -6 -L', 'option.withCommand', 10, '-6'],
    ['cat /x | sh', 'command.unknown', 10, 'sh'],
    ['iptables-save | cat', 'command.unknown', 17, 'cat'],
  ])('refuses %j', (text, code, column, word) => {
    expect(problem(text)).toMatchObject({ code, line: 1, column, ...(word === undefined ? {} : { word }) });
  });

  it('tells line and column of a continued line', () => {
    expect(problem('iptables -A INPUT \\\n  -s 1.2.3.4.5')).toMatchObject({
      code: 'address.invalid',
      line: 2,
      column: 6,
    });
  });

  it('refuses what a version misreads when it is named', () => {
    for (const words of ['-ptcp', '-s10.0.0.1', '-jDROP', '-ieth0', '--protocol=tcp', '--in-interface=lo']) {
      expect(() => parseCommand(`iptables -A INPUT ${words}`)).not.toThrow();
      expect(() => parseCommand(`iptables -A INPUT ${words}`, { dialect: '1.8.11' })).not.toThrow();
      expect(problem(`iptables -A INPUT ${words}`, { dialect: '1.8.9-nft' })).toMatchObject({
        code: 'option.glued',
        column: 19,
      });
    }
    expect(problem('iptables -A INPUT -s ! 1.1.1.1', { dialect: '1.8.9-nft' }).code).toBe('address.invalid');
  });

  it.each([
    ['iptables -C INPUT -j DROP', true],
    ['iptables -L', true],
    ['iptables -L -Z', false],
    ['iptables-save', true],
    ['iptables-save > /x', false],
    ['iptables-restore --test < /x', true],
    ['iptables -A INPUT -j DROP', false],
  ])('%s changes nothing: %s', (text, nothing) => {
    expect(changesNothing(parseCommand(text))).toBe(nothing);
  });
});
