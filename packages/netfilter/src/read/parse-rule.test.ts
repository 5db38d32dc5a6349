import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { findMatch, targetOf } from '../extensions/catalog.ts';
import { isModelled } from '../model.ts';
import { printRule } from '../print/print.ts';
import { parseRule, parseRules } from './parse-rule.ts';

function problem(text: string): NetfilterError {
  try {
    parseRule(text);
  } catch (error) {
    if (error instanceof NetfilterError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseRule', () => {
  it('gives typed parts', () => {
    const rule = parseRule(
      '-s 10/8 ! -i eth+ -p tcp --syn --dport http:443 -m state --state NEW -j REJECT --reject-with tcp-reset',
    );
    expect(rule).toMatchObject({
      source: { negated: false, value: '10.0.0.0/8' },
      inInterface: { negated: true, value: 'eth+' },
      protocol: { negated: false, value: 6 },
    });
    expect(findMatch(rule, 'tcp')).toMatchObject({
      destinationPort: { negated: false, value: { from: 80, to: 443 } },
      flags: { negated: false, value: { mask: 0x17, set: 0x02 } },
      sourcePort: null,
    });
    expect(findMatch(rule, 'state')?.states.value).toEqual(['NEW']);
    expect(targetOf(rule, 'REJECT')?.rejectWith).toBe('tcp-reset');
  });

  it('takes the old negation behind the option, unless told not to', () => {
    expect(printRule(parseRule('-s ! 10.0.0.1 -p tcp --dport ! 22 -j DROP'))).toBe(
      '! -s 10.0.0.1/32 -p tcp -m tcp ! --dport 22 -j DROP',
    );
    expect(() => parseRule('-s ! 10.0.0.1', { oldNegation: false })).toThrow(NetfilterError);
    expect(() => parseRule('! -s ! 10.0.0.1')).toThrow(NetfilterError);
    expect(() => parseRule('-m comment --comment ! x')).toThrow(NetfilterError);
    // what cannot be turned round must not turn round what follows
    expect(() => parseRule('-m ! foo --x')).toThrow(NetfilterError);
    expect(() => parseRule('-j ! ACCEPT -s 10.0.0.1')).toThrow(NetfilterError);
    expect(() => parseRule('-c ! 1 2 -s 10.0.0.1')).toThrow(NetfilterError);
  });

  it('refuses a second line', () => {
    expect(problem('-j ACCEPT\n-A INPUT -j DROP')).toMatchObject({ code: 'text.control', column: 10 });
  });

  it.each([
    ['-s 300.1.1.1', 'address.invalid', 'source', '300.1.1.1'],
    ['-d 1.2.3.4/33', 'address.mask', 'destination', '1.2.3.4/33'],
    ['-s 1.1.1.1,2.2.2.2', 'address.several', 'source', '1.1.1.1,2.2.2.2'],
    ['-s 2001:db8::1', 'address.family', 'source', '2001:db8::1'],
    ['-p nosuch', 'protocol.unknown', 'protocol', 'nosuch'],
    ['! -p all', 'protocol.all', 'protocol', 'all'],
    ['-i averyveryverylongname', 'interface.length', 'inInterface', 'averyveryverylongname'],
    ['-p tcp --sport 443:80', 'port.reversed', 'sourcePort', '443:80'],
    ['-p tcp --dport 70000', 'port.invalid', 'destinationPort', '70000'],
    ['-p udp --dport valueOf', 'port.invalid', 'destinationPort', 'valueOf'],
    ['-p udp --dport 2@', 'port.invalid', 'destinationPort', '2@'],
    ['-m mark --mark 0xff`', 'number.invalid', 'mark', '0xff`'],
    ['-m state --state NEW,OLD', 'choice.unknown', 'states', 'NEW,OLD'],
    ['-j REJECT --reject-with no', 'choice.unknown', 'rejectWith', 'no'],
    ['-j ACCEPT -j DROP', 'option.twice', 'target', '-j'],
  ])('names the field: %s', (text, code, field, word) => {
    expect(problem(text)).toMatchObject({ code, field, word });
  });

  it.each([
    ['--dport 22', 'option.unknown'],
    ['-j ACCEPT foo', 'word.unexpected'],
    ['-j', 'word.missing'],
    ['-p tcp --d 22', 'option.ambiguous'],
    ['-A INPUT -j ACCEPT', 'option.unknown'],
    ['--append INPUT', 'word.unexpected'],
    ['! -j ACCEPT', 'option.negated'],
    ['-j ACCEPT !', 'word.unexpected'],
    ['-m comment', 'option.required'],
    [`-m comment --comment ${'x'.repeat(256)}`, 'comment.length'],
    [
      `-m foo ${'--o 012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789 '.repeat(110)}`,
      'text.lineTooLong',
    ],
  ])('refuses %s', (text, code) => {
    expect(problem(text).code).toBe(code);
  });

  it('keeps what it does not know, in place and marked', () => {
    const rule = parseRule('-m foo --x "a b" -s 1.2.3.4 -j NEWTARGET  --odd "x y"');
    expect(printRule(rule)).toBe('-s 1.2.3.4/32 -m foo --x "a b" -j NEWTARGET  --odd "x y"');
    expect(isModelled(rule)).toBe(false);
    expect(rule.matches[0]).toEqual({ name: 'foo', modelled: false, text: '--x "a b"' });
  });

  it.each([
    ['-m newmatch --dport 5 -p tcp -j ACCEPT', '-p tcp -m newmatch --dport 5 -j ACCEPT'],
    ['-m tcp -m newmatch ! --dport 5 -p tcp', '-p tcp -m tcp -m newmatch ! --dport 5'],
    ['-p tcp -j NEWTARGET --x --dport 5', '-p tcp -j NEWTARGET --x --dport 5'],
  ])('gives an unknown match what stands behind it, wherever it is printed: %s', (text, printed) => {
    expect(printRule(parseRule(text))).toBe(printed);
    expect(printRule(parseRule(printed))).toBe(printed);
  });

  it.each([
    '-j NEWTARGET --dport 5 -p tcp',
    '-j NEWTARGET ! --dport 5 -m tcp',
    '-j NEWTARGET "--dport" 5 -p tcp',
  ])('refuses an option that would be that of a match once the target is printed last: %s', (text) => {
    expect(() => parseRule(text)).toThrow(NetfilterError);
  });

  it('takes options behind a chain that nobody knows for those of a target', () => {
    const rule = parseRule('-j MYTARGET --level 3');
    expect(rule.target).toEqual({ kind: 'extension', name: 'MYTARGET', modelled: false, text: '--level 3' });
    expect(parseRule('-j mychain').target).toEqual({
      kind: 'chain',
      name: 'mychain',
      goto: false,
      modelled: true,
    });
  });

  it.each([
    '-m foo --x y --sou 1.1.1.1,2.2.2.2',
    '-m foo --x y --destinat=1.1.1.1,2.2.2.2',
    '-m foo "-s" 1.1.1.1,2.2.2.2',
    '-m foo --x y --ds "1.1.1.1,2.2.2.2"',
    '-m foo --x y -h',
    '-m foo --x y --hel',
  ])('refuses what the tool would take out of the text of an unknown match: %s', (text) => {
    expect(problem(text)).toMatchObject({ code: 'word.unexpected' });
  });

  it('takes a quoted value that looks like an option for a value', () => {
    expect(printRule(parseRule('-m foo --x "-j" -j ACCEPT'))).toBe('-m foo --x "-j" -j ACCEPT');
  });
});

describe('parseRules', () => {
  it('makes one rule for each pair of addresses, sources first', () => {
    expect(parseRules('-d 3.3.3.3,4.4.4.4 -s 1.1.1.1,2.2.2.2 -j DROP').map(printRule)).toEqual([
      '-s 1.1.1.1/32 -d 3.3.3.3/32 -j DROP',
      '-s 1.1.1.1/32 -d 4.4.4.4/32 -j DROP',
      '-s 2.2.2.2/32 -d 3.3.3.3/32 -j DROP',
      '-s 2.2.2.2/32 -d 4.4.4.4/32 -j DROP',
    ]);
  });

  it('refuses a negated list', () => {
    expect(() => parseRules('! -s 1.1.1.1,2.2.2.2')).toThrow(NetfilterError);
  });
});

describe('IPv6', () => {
  it.each([
    ['-s 2001:DB8:0:0::1 -j DROP', '-s 2001:db8::1/128 -j DROP'],
    ['-s fd00::5/8', '-s fd00::/8'],
    ['-s ::/0 -j DROP', '-j DROP'],
    ['-p icmpv6 --icmpv6-type echo-request', '-p ipv6-icmp -m icmp6 --icmpv6-type 128'],
    ['-j REJECT', '-j REJECT --reject-with icmp6-port-unreachable'],
    ['-m hl ! --hl-eq 5', '-m hl ! --hl-eq 5'],
    ['-j HL --hl-dec 1', '-j HL --hl-dec 1'],
    [
      '-m connlimit --connlimit-above 5',
      '-m connlimit --connlimit-above 5 --connlimit-mask 128 --connlimit-saddr',
    ],
    ['-p tcp -j TPROXY --on-port 5', '-p tcp -j TPROXY --on-port 5 --on-ip :: --tproxy-mark 0x0/0x0'],
    ['-s ::ffff:10.0.0.1', '-s ::ffff:10.0.0.1/128'],
  ])('%s', (text, printed) => {
    expect(printRule(parseRule(text, { family: 'ipv6' }))).toBe(printed);
  });

  it.each(['-s 10.0.0.1', '-s 1:2:3', '-s 1::2::3', '-s 12345::', '-s fe80::1%eth0', '-f'])(
    'refuses %s',
    (text) => {
      expect(() => parseRule(text, { family: 'ipv6' })).toThrow(NetfilterError);
    },
  );
});
