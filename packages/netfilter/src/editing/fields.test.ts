import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { printRule } from '../print/print.ts';
import { parseRule } from '../read/parse-rule.ts';
import { fieldsOfRule, type RuleFields, ruleFromFields } from './fields.ts';

const pairs: [RuleFields, string][] = [
  [{ inInterface: 'lo', target: 'ACCEPT' }, '-i lo -j ACCEPT'],
  [{ protocol: 'tcp', destinationPort: '22', target: 'ACCEPT' }, '-p tcp -m tcp --dport 22 -j ACCEPT'],
  [
    { destination: '10.0.0.5/32', protocol: 'tcp', destinationPort: '80:443', target: 'DROP' },
    '-d 10.0.0.5/32 -p tcp -m tcp --dport 80:443 -j DROP',
  ],
  [
    { source: '! 10.0.0.0/8', protocol: '! udp', outInterface: '! eth+', target: 'mychain' },
    '! -s 10.0.0.0/8 ! -o eth+ ! -p udp -j mychain',
  ],
  [
    {
      protocol: 'udp',
      sourcePort: '53',
      destinationPort: '! 1024:65535',
      states: ['NEW', 'RELATED'],
      comment: `it's "a"`,
      target: 'ACCEPT',
    },
    `-p udp -m udp --sport 53 ! --dport 1024:65535 -m conntrack --ctstate NEW,RELATED -m comment --comment "it\\'s \\"a\\"" -j ACCEPT`,
  ],
  [
    { protocol: 'tcp', destinationPort: '22,80,443:445', target: 'REJECT', rejectWith: 'tcp-reset' },
    '-p tcp -m multiport --dports 22,80,443:445 -j REJECT --reject-with tcp-reset',
  ],
  [{ states: ['! INVALID'], target: 'ACCEPT' }, '-m conntrack ! --ctstate INVALID -j ACCEPT'],
  [{}, ''],
];

describe('fields of the form', () => {
  it.each(pairs)('%j makes %s, and back', (fields, text) => {
    const rule = ruleFromFields(fields);
    expect(printRule(rule)).toBe(text);
    expect(fieldsOfRule(parseRule(text))).toEqual(fields);
  });

  it('takes what people type', () => {
    expect(
      printRule(
        ruleFromFields({ source: ' 10/8 ', protocol: 'TCP', destinationPort: ' https ', target: 'ACCEPT ' }),
      ),
    ).toBe('-s 10.0.0.0/8 -p tcp -m tcp --dport 443 -j ACCEPT');
  });

  it.each([
    '-m state --state NEW -j ACCEPT',
    '-p tcp -m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT',
    '-p tcp -m tcp --dport 22 -m limit --limit 1/sec -j ACCEPT',
    '-f -j DROP',
    '-g mychain',
    '-j LOG --log-prefix x',
    '-m comment --comment first -p tcp -m tcp --dport 1',
    '-p sctp -m multiport --ports 5',
    '-m nosuch --x 1 -j ACCEPT',
  ])('has no fields for %s', (text) => {
    expect(fieldsOfRule(parseRule(text))).toBeNull();
  });

  it.each<[RuleFields, string, string]>([
    [{ source: '300.1.1.1' }, 'source', 'address.invalid'],
    [{ source: 'example.com' }, 'source', 'address.invalid'],
    [{ source: '10.0.0.1,10.0.0.2' }, 'source', 'address.several'],
    [{ source: '10.0.0.1 -j ACCEPT' }, 'source', 'address.invalid'],
    [{ source: '!' }, 'source', 'address.invalid'],
    [{ destination: '1.2.3.4/99' }, 'destination', 'address.mask'],
    [{ destination: '-F' }, 'destination', 'value.leadingDash'],
    [{ protocol: 'bogus' }, 'protocol', 'protocol.unknown'],
    [{ protocol: 'tcp', destinationPort: '70000' }, 'destinationPort', 'port.invalid'],
    [{ protocol: 'tcp', destinationPort: '22,70000' }, 'destinationPort', 'port.invalid'],
    [{ protocol: 'tcp', sourcePort: '9:1' }, 'sourcePort', 'port.reversed'],
    [{ destinationPort: '22' }, 'destinationPort', 'protocol.needed'],
    [{ protocol: '! tcp', destinationPort: '22' }, 'destinationPort', 'protocol.needed'],
    [{ protocol: 'icmp', sourcePort: '22' }, 'sourcePort', 'protocol.needed'],
    [{ inInterface: 'a-name-of-20-letters' }, 'inInterface', 'interface.length'],
    [{ inInterface: 'eth 0' }, 'inInterface', 'interface.characters'],
    [{ outInterface: '-F' }, 'outInterface', 'value.leadingDash'],
    [{ outInterface: 'eth0\n' }, 'outInterface', 'value.control'],
    [{ states: ['NEW', 'SOMETIMES'] }, 'states', 'choice.unknown'],
    [{ comment: 'a\n-A INPUT -j ACCEPT' }, 'comment', 'comment.control'],
    [{ comment: '\u001b[31m' }, 'comment', 'comment.control'],
    [{ comment: '한'.repeat(67) }, 'comment', 'comment.length'],
    [{ target: 'two words' }, 'target', 'chain.name'],
    [{ target: 'REJECT', rejectWith: 'laughter' }, 'rejectWith', 'choice.unknown'],
    [{ target: 'DROP', rejectWith: 'tcp-reset' }, 'rejectWith', 'option.conflict'],
  ])('%j is wrong at %s: %s', (fields, field, code) => {
    let caught: unknown;
    try {
      ruleFromFields(fields);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(NetfilterError);
    expect(caught).toMatchObject({ field, code });
  });

  it('takes a comment of 200 bytes', () => {
    expect(ruleFromFields({ comment: `${'한'.repeat(66)}xx` }).matches).toHaveLength(1);
  });
});
