import { printRule } from '@moru/netfilter';
import { describe, expect, test } from 'vitest';
import { guideCases } from './guide-cases.ts';
import { check, fieldOfServerError, initialValues, type RuleFormValues } from './rule-form-values.ts';

const place = { table: 'filter', chains: ['INPUT', 'FORWARD', 'OUTPUT'] };

function filled(values: Partial<RuleFormValues>): RuleFormValues {
  return { ...initialValues('INPUT', null), ...values };
}

describe('the guide’s cases', () => {
  const expected = [
    '-i lo -j ACCEPT',
    '-p tcp -m tcp --dport 22 -j ACCEPT',
    '-p tcp -m tcp --dport 80 -j ACCEPT',
    '-p tcp -m tcp --dport 443 -j ACCEPT',
    '-d 203.0.113.9/32 -p tcp -m tcp --dport 22 -j ACCEPT',
  ];

  test.each(guideCases.map((guideCase) => [guideCase.id, guideCase] as const))('case %i', (id, guideCase) => {
    const values = initialValues('OUTPUT', guideCase);
    if (guideCase.needsDestination) values.destination = '203.0.113.9';
    const { rule } = check(values, place);
    expect(values.chain).toBe('INPUT');
    expect(rule && printRule(rule)).toBe(expected[id - 1]);
  });
});

describe('what is wrong stands at its field', () => {
  test.each([
    ['source', { source: '300.1.1.1' }],
    ['destinationPort', { protocol: 'tcp', destinationPort: '70000' }],
    ['destinationPort', { destinationPort: '22' }],
    ['inInterface', { inInterface: 'abcdefghijklmnopqrst' }],
    ['inInterface', { chain: 'OUTPUT', inInterface: 'eth0' }],
    ['comment', { comment: 'one\ntwo' }],
    ['source', { source: '-j' }],
  ] as const)('%s: %o', (field, values) => {
    const { errors, rule } = check(filled(values), place);
    expect(Object.keys(errors)).toEqual([field]);
    expect(rule).toBeNull();
  });

  test('several wrong fields are all named', () => {
    const { errors } = check(filled({ source: 'x', destination: 'y' }), place);
    expect(Object.keys(errors).sort()).toEqual(['destination', 'source']);
  });
});

test('a placeholder address is a warning, not an error', () => {
  const { rule, warnings } = check(filled({ destination: '0.0.0.0' }), place);
  expect(rule).not.toBeNull();
  expect(warnings.map(({ field, code }) => [field, code])).toEqual([['destination', 'address.placeholder']]);
});

test('a server’s field error finds its field by the last part of the path', () => {
  expect(fieldOfServerError({ field: 'body.rule.destinationPort', code: 'port.invalid' })).toBe(
    'destinationPort',
  );
  expect(fieldOfServerError({ field: 'revision', code: 'format' })).toBeNull();
});
