import { expect, test } from 'vitest';
import { readRule } from '../drafts/draft-rules.ts';
import type { Line } from '../drafts/lines.ts';
import { filterLines } from './rule-filter.ts';

const texts = [
  '-j sshguard',
  '-s 203.0.113.0/24 -p tcp -m tcp --dport 22 -j ACCEPT',
  '! -s 10.0.0.0/8 -p tcp -m tcp --dport 8000:9000 -j DROP',
  '-d 198.51.100.7/32 -p udp -m multiport --dports 53,123 -j ACCEPT',
  '-p tcp -m tcp --dport 2222 -m comment --comment "Web 배포" -j ACCEPT',
];
const lines = texts.map((text, index): Line => {
  const entry = { id: String(index), rule: readRule(text, 'ipv4'), off: false };
  return { entry, mark: null, before: null, from: index + 1, to: index + 1 };
});

test.each([
  ['', null, 0],
  ['sshguard', [0], 0],
  ['web 배포', [4], 0],
  ['203.0.113.7', [1, 2], 2],
  ['10.1.2.3', [], 2],
  ['198.51.100.7', [2, 3], 2],
  ['22', [1, 4], 0],
  ['8443', [2], 0],
  ['123', [3], 0],
  ['not there', [], 0],
])('%j shows %j', (query, shown, forAll) => {
  expect(filterLines(lines, query)).toEqual({ shown, forAll });
});

test('rules for every address are shown on request', () => {
  expect(filterLines(lines, '203.0.113.7', true)).toEqual({ shown: [0, 1, 2, 4], forAll: 2 });
});

test('a rule that the draft edits is found by what it says and by what it said', () => {
  const [first] = lines;
  if (!first) return;
  const edited = {
    ...first,
    before: { id: '0', rule: readRule('-s 192.0.2.1/32 -j DROP', 'ipv4'), off: false },
  };
  expect(filterLines([edited], '192.0.2.1').shown).toEqual([0]);
  expect(filterLines([edited], 'sshguard').shown).toEqual([0]);
});
