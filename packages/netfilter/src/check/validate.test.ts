import { describe, expect, it } from 'vitest';
import { builtInChains } from '../model.ts';
import { parseRule } from '../read/parse-rule.ts';
import { validateFields, validateRule } from './validate.ts';

const filter = { table: 'filter', chain: 'INPUT', chains: [...(builtInChains.filter ?? []), 'mine'] };

const found = (text: string, place: Partial<typeof filter> = {}) =>
  validateRule(parseRule(text), { ...filter, ...place }).map(
    ({ field, code, severity }) => `${severity} ${field} ${code}`,
  );

describe('validateRule', () => {
  it.each([
    ['-i lo -j ACCEPT', {}, []],
    ['-s 10.0.0.0/8 -p tcp --dport 22 -m conntrack --ctstate NEW -j mine', {}, []],
    ['-o eth0 -j ACCEPT', {}, ['error outInterface interface.outInput']],
    ['-i eth0 -j ACCEPT', { chain: 'OUTPUT' }, ['error inInterface interface.inOutput']],
    ['-i eth0 -o eth1 -j ACCEPT', { chain: 'mine' }, []],
    ['-i -F -j ACCEPT', {}, ['error inInterface value.leadingDash']],
    ['-i a/b -j ACCEPT', {}, ['error inInterface interface.characters']],
    ['! -i + -j ACCEPT', {}, ['warning inInterface rule.neverMatches']],
    ['! -s 0/0 -j ACCEPT', {}, ['warning source rule.neverMatches']],
    ['-d 000.000.00.00 -j ACCEPT', {}, ['warning destination address.placeholder']],
    ['-m tcp --dport 22 -j ACCEPT', {}, ['error protocol protocol.needed']],
    ['-j REJECT --reject-with tcp-reset', {}, ['error rejectWith target.tcpReset']],
    ['-p tcp -j REJECT --reject-with tcp-reset', {}, []],
    ['-j missing', {}, ['error target chain.missing']],
    ['-j INPUT', {}, ['error target target.place']],
    ['-j mine', { chain: 'mine' }, ['error target target.place']],
    ['-j MASQUERADE', {}, ['error target target.place']],
    ['-j MASQUERADE', { table: 'nat', chain: 'PREROUTING' }, ['error target target.place']],
    ['-j MASQUERADE', { table: 'nat', chain: 'POSTROUTING' }, []],
    ['-j DROP', { table: 'nat', chain: 'PREROUTING' }, ['error target target.place']],
    ['-j REJECT', { table: 'mangle' }, ['error target target.place']],
    ['-m mac --mac-source 02:00:00:00:00:01', { chain: 'OUTPUT' }, ['error match match.place']],
    ['-j ACCEPT', { table: 'nosuch' }, ['error table save.tableUnknown']],
    ['-j ACCEPT', { chain: 'gone' }, ['error chain chain.missing']],
    ['-j ACCEPT', { chain: 'PREROUTING' }, ['error chain chain.missing']],
    ['-m nosuch --x 1 -j ACCEPT', {}, ['warning match rule.notModelled']],
    ['-m comment --comment "a\tb"', {}, ['error comment comment.control']],
    [`-m comment --comment ${'x'.repeat(201)}`, {}, ['error comment comment.length']],
  ])('%s %j', (text, place, expected) => {
    expect(found(text, place)).toEqual(expected);
  });

  it('knows a chain of another hook without the list of chains', () => {
    const codes = validateRule(parseRule('-j ACCEPT'), { table: 'filter', chain: 'PREROUTING' }).map(
      (f) => f.code,
    );
    expect(codes).toEqual(['chain.missing']);
  });
});

describe('validateFields', () => {
  it('tells every field that is wrong at once', () => {
    const findings = validateFields(
      {
        source: '1.2.3',
        destination: 'x',
        protocol: 'tcp',
        destinationPort: '70000',
        inInterface: 'a b',
        comment: 'a\nb',
        target: 'ACCEPT',
      },
      filter,
    );
    expect(findings.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'destination address.invalid',
      'destinationPort port.invalid',
      'inInterface interface.characters',
      'comment comment.control',
    ]);
  });

  it('goes on to the place when every field reads well', () => {
    expect(validateFields({ outInterface: 'eth0', target: 'DROP' }, filter).map((f) => f.code)).toEqual([
      'interface.outInput',
    ]);
    expect(validateFields({ protocol: 'tcp', destinationPort: '22', target: 'ACCEPT' }, filter)).toEqual([]);
  });

  it('tells the value', () => {
    expect(validateFields({ protocol: 'tcp', destinationPort: '70000' }, filter)[0]?.params).toMatchObject({
      value: '70000',
    });
  });
});
