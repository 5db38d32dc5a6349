import { describe, expect, it } from 'vitest';
import { parseRule } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';
import { setOf } from '../testing/set.ts';
import { validateChainName } from './chain-name.ts';
import { type SetOptions, validateSet } from './validate-set.ts';

const headers = ':INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n';

function findings(body: string, options: SetOptions = {}, table = 'filter') {
  const top = table === 'filter' ? headers : '';
  return validateSet(parseSave(`*${table}\n${top}${body}COMMIT\n`), options);
}

const short = (...given: Parameters<typeof findings>) =>
  findings(...given).map(({ chain, index, code, severity }) => [chain, index, code, severity]);

describe('validateSet', () => {
  it('finds nothing wrong with a plain set', () => {
    expect(findings(':web - [0:0]\n-A INPUT -j web\n-A web -p tcp --dport 80 -j ACCEPT\n')).toEqual([]);
  });

  it('names the way round a loop', () => {
    const body =
      ':a - [0:0]\n:b - [0:0]\n:c - [0:0]\n-A INPUT -j a\n-A a -j b\n-A b -s 1.1.1.1 -j c\n-A c -g a\n';
    expect(findings(body)).toEqual([
      {
        table: 'filter',
        chain: 'c',
        index: 0,
        field: 'target',
        code: 'chain.loop',
        severity: 'error',
        params: { chain: 'a', path: 'a > b > c > a' },
      },
    ]);
  });

  it('says nothing of an interface that one of the hooks has: Docker’s own chain', () => {
    const body = `:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
`;
    expect(findings(body, {}, 'nat')).toEqual([]);
  });

  it('only warns of a loop that nothing leads to', () => {
    expect(short(':a - [0:0]\n-A a -s 1.1.1.1 -j a\n')).toEqual([['a', 0, 'chain.loop', 'warning']]);
  });

  it('finds a jump to a chain that is not there', () => {
    expect(short('-A INPUT -j gone\n')).toEqual([['INPUT', 0, 'chain.missing', 'error']]);
  });

  it('says by which way a user chain is reached from the wrong hook', () => {
    const body =
      ':a - [0:0]\n:b - [0:0]\n-A INPUT -j a\n-A a -j b\n-A b -o eth0 -m owner --uid-owner 0 -j DROP\n';
    expect(findings(body).map(({ code, severity, params }) => [code, severity, params])).toEqual([
      ['interface.outInput', 'warning', { chain: 'INPUT', via: 'INPUT > a > b' }],
      ['match.place', 'error', { chain: 'INPUT', via: 'INPUT > a > b', match: 'owner' }],
    ]);
    const nat =
      ':POSTROUTING ACCEPT [0:0]\n:a - [0:0]\n-A POSTROUTING -j a\n-A a -j DNAT --to-destination 10.0.0.1\n';
    expect(findings(nat, {}, 'nat')).toMatchObject([
      { code: 'target.place', params: { via: 'POSTROUTING > a' } },
    ]);
  });

  it('tells what keeps a chain that is to be deleted', () => {
    const body = ':a - [0:0]\n-A INPUT -j a\n-A a -j DROP\n';
    expect(short(body, { deleted: [{ table: 'filter', chain: 'a' }] })).toEqual([
      ['INPUT', 0, 'chain.missing', 'error'],
      ['a', null, 'chain.inUse', 'error'],
      ['a', null, 'chain.notEmpty', 'error'],
    ]);
    expect(short('', { deleted: [{ table: 'filter', chain: 'INPUT' }] })).toEqual([
      ['INPUT', null, 'chain.builtIn', 'error'],
    ]);
  });

  it('finds rules that stand twice, whatever they counted', () => {
    const body =
      '[1:2] -A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -j LOG\n-A INPUT -p 6 --dport ssh -j ACCEPT\n';
    expect(findings(body)).toMatchObject([
      { index: 2, code: 'rule.duplicate', severity: 'warning', params: { number: 1 } },
    ]);
  });

  it('counts how deep chains nest, where nft runs', () => {
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
    const body = [
      ...names.map((name) => `:${name} - [0:0]\n`),
      '-A INPUT -j n0\n',
      ...names.slice(1).map((name, i) => `-A n${i} -j ${name}\n`),
    ].join('');
    expect(findings(body)).toMatchObject([
      { chain: 'INPUT', code: 'chain.depth', params: { depth: 20, max: 15 } },
    ]);
    expect(findings(body, { backend: 'legacy' })).toEqual([]);
  });

  it('finds a chain that is called like a target, and the rule that would call the target instead', () => {
    expect(short(':LOG - [0:0]\n-A INPUT -j LOG\n')).toEqual([
      ['INPUT', 0, 'chain.reserved', 'error'],
      ['LOG', null, 'chain.reserved', 'error'],
    ]);
  });

  it('finds what text cannot hold in a rule that was not read from text', () => {
    const comment = { name: 'comment' as const, modelled: true as const, comment: 'a\n-A INPUT -j ACCEPT' };
    const injected = { ...parseRule('-j DROP'), matches: [comment] };
    const codes = validateSet(setOf('filter', 'INPUT', [injected])).map(({ code }) => code);
    expect(codes).toContain('comment.control');
    const odd = { ...parseRule('-j DROP'), inInterface: { negated: false, value: 'averyverylongname' } };
    expect(validateSet(setOf('filter', 'INPUT', [odd])).map(({ code }) => code)).toContain(
      'interface.length',
    );
    const dash = { ...parseRule('-j DROP'), inInterface: { negated: false, value: '-F' } };
    expect(validateSet(setOf('filter', 'INPUT', [dash])).map(({ code }) => code)).toContain(
      'value.leadingDash',
    );
  });

  it('finds control characters and leading dashes in the values of matches and targets', () => {
    const body =
      '-A INPUT -m set --match-set -x src -j LOG --log-prefix "a\u001b[2J"\n-A INPUT -j LOG --log-prefix -x\n';
    expect(findings(body)).toMatchObject([
      { index: 0, field: 'match', code: 'value.leadingDash', severity: 'warning', params: { value: '-x' } },
      { index: 0, field: 'target', code: 'value.control', severity: 'error' },
    ]);
  });

  it('is fast enough for a form, and does not nest as deep as chains do', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `n${i}`);
    const body = [
      ...names.map((name) => `:${name} - [0:0]\n`),
      ...names.slice(1).map((name, i) => `-A n${i} -j ${name}\n`),
      '-A n4999 -j n0\n',
    ].join('');
    const found = findings(body).filter(({ code }) => code === 'chain.loop');
    expect(found).toHaveLength(1);
  });
});

describe('validateChainName', () => {
  it.each([
    ['web', []],
    ['한국어', []],
    ['x'.repeat(28), []],
    ['x'.repeat(29), [['chain.name', 'error']]],
    ['한'.repeat(10), [['chain.name', 'error']]],
    ['', [['chain.name', 'error']]],
    ['-x', [['chain.name', 'error']]],
    ['!x', [['chain.name', 'error']]],
    ['a b', [['chain.name', 'error']]],
    [
      'a\tb',
      [
        ['chain.name', 'error'],
        ['value.control', 'error'],
      ],
    ],
    ['a\u001bb', [['value.control', 'error']]],
    ['a"b', [['chain.name', 'error']]],
    ["it's", [['chain.name', 'warning']]],
    ['ACCEPT', [['chain.reserved', 'error']]],
    ['LOG', [['chain.reserved', 'error']]],
    ['HMARK', [['chain.reserved', 'error']]],
    ['PREROUTING', [['chain.reserved', 'warning']]],
    ['input', [['chain.case', 'warning']]],
    ['Drop', [['chain.case', 'warning']]],
    ['log', [['chain.case', 'warning']]],
    ['INPUT', []],
  ])('%j', (name, expected) => {
    expect(validateChainName(name, 'filter').map(({ code, severity }) => [code, severity])).toEqual(expected);
  });
});
