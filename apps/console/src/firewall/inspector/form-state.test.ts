import { emptyInput, printRule, type RuleFields } from '@moru/netfilter';
import { expect, test } from 'vitest';
import { checkForm, type FormValues } from './form-state.ts';

const place = { table: 'filter', family: 'ipv4', chains: ['INPUT', 'FORWARD', 'OUTPUT'], length: 3 } as const;

const values = (fields: RuleFields, more: Partial<FormValues> = {}): FormValues => ({
  command: 'append',
  chain: 'INPUT',
  position: '',
  input: emptyInput({ target: 'ACCEPT', ...fields }),
  ...more,
});

const wrong = (form: FormValues) => [...checkForm(form, place).errors.keys()].sort();

test('a whole rule, blanks around its values left out', () => {
  const { rule, errors } = checkForm(
    values({ source: ' 10.0.0.0/8 ', protocol: 'tcp', destinationPort: ' 22 ' }),
    place,
  );
  expect(errors.size).toBe(0);
  expect(rule && printRule(rule)).toBe('-s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT');
});

test('every wrong field is told at once', () => {
  const fields = {
    source: '10.0.0.300',
    protocol: 'tcp',
    destinationPort: '70000',
    inInterface: 'abcdefghijklmnopqrst',
  };
  expect(wrong(values(fields))).toEqual(['destinationPort', 'inInterface', 'source']);
});

test('what the place refuses is told at its field', () => {
  expect(wrong(values({ outInterface: 'eth0' }))).toEqual(['outInterface']);
  expect(wrong(values({ target: 'nowhere' }))).toEqual(['target']);
});

test.each([
  ['', ['position']],
  ['0', ['position']],
  ['5', ['position']],
  ['4', []],
  ['1', []],
])('inserting at %j', (position, errors) => {
  expect(wrong(values({}, { command: 'insert', position }))).toEqual(errors);
});

test('an option of a further match has its error by itself', () => {
  const limit = {
    key: 'limit 1',
    name: 'limit',
    options: [{ option: '--limit', not: false, value: 'often' }],
  };
  const form = values({});
  expect(wrong({ ...form, input: { ...form.input, matches: [limit] } })).toEqual(['matches.limit 1 --limit']);
});
