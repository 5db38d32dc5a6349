import { describe, expect, it } from 'vitest';
import { commandOf } from '../print/command.ts';
import { parseCommand } from '../read/parse-command.ts';
import { parseRule } from '../read/parse-rule.ts';
import { describeRule } from './describe.ts';

/** The parts that say something. */
function parts(text: string): Record<string, unknown> {
  const empty = (value: unknown) => value === null || value === '' || value === false;
  return Object.fromEntries(
    Object.entries(describeRule(parseRule(text))).filter(([, value]) => !empty(value)),
  );
}

const is = (text: string) => ({ not: false, text });

describe('describeRule', () => {
  it.each<[string, Record<string, unknown>]>([
    ['-i lo -j ACCEPT', { kind: 'allow', target: 'ACCEPT', inInterface: is('lo'), loopback: true }],
    [
      '-p tcp --dport 22 -j ACCEPT',
      { kind: 'allow', target: 'ACCEPT', protocol: is('tcp'), destinationPort: is('22') },
    ],
    [
      '-p tcp --dport 22 -j REJECT',
      { kind: 'reject', target: 'REJECT', protocol: is('tcp'), destinationPort: is('22') },
    ],
    [
      '! -s 10/8 -p tcp -m multiport --dports 22,80:90 -m state --state NEW -m comment --comment "web" -j REJECT --reject-with tcp-reset',
      {
        kind: 'reject',
        target: 'REJECT',
        targetOptions: '--reject-with tcp-reset',
        protocol: is('tcp'),
        source: { not: true, text: '10.0.0.0/8' },
        destinationPort: is('22,80:90'),
        states: { not: false, states: ['NEW'] },
        comment: 'web',
      },
    ],
    ['-j sshguard', { kind: 'jump', target: 'sshguard' }],
    [
      '-p icmp --icmp-type 8/0 -j DROP',
      { kind: 'drop', target: 'DROP', protocol: is('icmp'), icmpType: is('8/0') },
    ],
    ['-s 1.2.3.4', { kind: 'count', source: is('1.2.3.4/32') }],
    [
      '-p tcp --syn --dport 80 -m limit --limit 1/s -j LOG --log-prefix "x y"',
      {
        kind: 'log',
        target: 'LOG',
        targetOptions: '--log-prefix "x y"',
        protocol: is('tcp'),
        destinationPort: is('80'),
        rest: '-m tcp --dport 80 --tcp-flags FIN,SYN,RST,ACK SYN -m limit --limit 1/sec',
      },
    ],
    ['-f -m foo --x 1 -j ACCEPT', { kind: 'allow', target: 'ACCEPT', rest: '-f -m foo --x 1' }],
    [
      '-m conntrack --ctstate NEW --ctproto tcp -j ACCEPT',
      {
        kind: 'allow',
        target: 'ACCEPT',
        states: { not: false, states: ['NEW'] },
        rest: '-m conntrack --ctstate NEW --ctproto 6',
      },
    ],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });
});

describe('commandOf', () => {
  const rule = parseRule('-p tcp --dport 22 -j ACCEPT');
  it.each([
    [
      { type: 'append', table: 'filter', chain: 'INPUT', rule } as const,
      'sudo iptables -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    [
      { type: 'delete', table: 'filter', chain: 'INPUT', rule, number: 4 } as const,
      'sudo iptables -D INPUT 4',
    ],
    [
      { type: 'delete', table: 'filter', chain: 'INPUT', rule } as const,
      'sudo iptables -D INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    [
      { type: 'append', table: 'nat', chain: 'POSTROUTING', rule: parseRule('-j MASQUERADE') } as const,
      'sudo iptables -t nat -A POSTROUTING -j MASQUERADE',
    ],
    [
      { type: 'append', table: 'filter', chain: 'INPUT', rule: parseRule('') } as const,
      'sudo iptables -A INPUT',
    ],
    [
      { type: 'insert', table: 'filter', chain: 'INPUT', rule, number: 2 } as const,
      'sudo iptables -I INPUT 2 -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    [
      { type: 'replace', table: 'filter', chain: 'INPUT', rule, number: 2 } as const,
      'sudo iptables -R INPUT 2 -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    [
      { type: 'check', table: 'filter', chain: 'INPUT', rule } as const,
      'sudo iptables -C INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    [
      { type: 'policy', table: 'filter', chain: 'INPUT', policy: 'DROP' } as const,
      'sudo iptables -P INPUT DROP',
    ],
    [{ type: 'newChain', table: 'nat', chain: 'web' } as const, 'sudo iptables -t nat -N web'],
    [{ type: 'deleteChain', table: 'filter', chain: 'web' } as const, 'sudo iptables -X web'],
    [{ type: 'flush', table: 'filter', chain: 'INPUT' } as const, 'sudo iptables -F INPUT'],
    [{ type: 'zero', table: 'filter', chain: 'INPUT' } as const, 'sudo iptables -Z INPUT'],
    [{ type: 'zero', table: 'filter', chain: 'INPUT', number: 3 } as const, 'sudo iptables -Z INPUT 3'],
  ])('%# is what an administrator types', (edit, line) => {
    expect(commandOf(edit)).toBe(line);
    expect(parseCommand(line)).toMatchObject({ table: edit.table, chain: edit.chain });
  });

  it.each([
    ['web server', '"web server"'],
    ["it's", `"it's"`],
    ['$HOME `id`', "'$HOME `id`'"],
    [`a'b$c`, `'a'\\''b$c'`],
    ['!x', "'!x'"],
    ['-A INPUT', '"-A INPUT"'],
  ])('quotes a comment %s for a shell', (comment, word) => {
    const rule = {
      ...parseRule('-j ACCEPT'),
      matches: [{ name: 'comment' as const, modelled: true as const, comment }],
    };
    expect(commandOf({ type: 'append', table: 'filter', chain: 'INPUT', rule })).toBe(
      `sudo iptables -A INPUT -m comment --comment ${word} -j ACCEPT`,
    );
  });
});
