import { expect, it } from 'vitest';
import type { RuleSet } from '../model.ts';
import { printSave } from '../print/print.ts';
import { parseSave } from './parse-save.ts';
import { RuleMemory } from './rule-memory.ts';

const text = (...rules: string[]) =>
  ['*filter', ':INPUT ACCEPT [1:60]', ':web - [0:0]', ...rules, 'COMMIT', ''].join('\n');
const rulesOf = ({ tables }: RuleSet) => tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));
const read = (memory: RuleMemory, given: string) => parseSave(given, { unreadable: 'keep', memory });

const first = text(
  '[0:0] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
  '[5:300] -A INPUT -m comment --comment "a \\"b\\"" -j web',
  '[0:0] -A INPUT -s 10.0.0.1/32 -j DROP',
  '[0:0] -A INPUT -s 10.0.0.1/32 -j DROP',
  '[7:7] -A INPUT',
  '[0:0] -A web -m nosuch --thing x -j ACCEPT',
);

it('reads what it reads without a memory, the first time and later', () => {
  const memory = new RuleMemory('ipv4');
  const later = first.replace('[5:300]', '[6:360]').replace('-A INPUT -p tcp', '-A web -p tcp');
  for (const given of [first, first, later, first, text('-A INPUT -s 10.0.0.1/32 -j DROP')]) {
    expect(read(memory, given)).toEqual(parseSave(given, { unreadable: 'keep' }));
  }
});

it('gives the same object for what has not changed, and another for what counts on', () => {
  const memory = new RuleMemory('ipv4');
  const before = rulesOf(read(memory, first));
  const after = rulesOf(read(memory, first.replace('[5:300]', '[6:360]')));
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  expect(after[1]).toEqual({ ...before[1], packets: 6n, bytes: 360n });
  expect(before[1]?.packets).toBe(5n);
});

it('keeps two equal rules apart', () => {
  const memory = new RuleMemory('ipv4');
  for (let round = 0; round < 3; round++) {
    const rules = rulesOf(read(memory, first));
    expect(new Set(rules).size).toBe(rules.length);
  }
});

it('does not take a rule of a host for one that a person may write', () => {
  const memory = new RuleMemory('ipv4');
  const odd = text('-A INPUT -p tcp ! ! --dport 22 -j ACCEPT');
  expect(rulesOf(read(memory, odd))[0]?.verbatim).not.toBeNull();
  expect(() => parseSave(odd, { memory })).toThrow();
});

it('leaves counters within a rule, comments and the other family alone', () => {
  const memory = new RuleMemory('ipv4');
  const counted = text('-A INPUT -c 1 60 -j ACCEPT');
  for (let round = 0; round < 2; round++)
    expect(rulesOf(read(memory, counted))[0]).toMatchObject({ packets: 1n });
  const remark = text('# why', '-A INPUT -j DROP');
  for (let round = 0; round < 2; round++) {
    const set = read(memory, remark);
    expect(rulesOf(set)[0]?.remarks).toEqual(['# why']);
    expect(printSave(set)).toBe(remark);
  }
  const ipv6 = text('-A INPUT -s 2001:db8::/32 -j DROP');
  expect(rulesOf(read(memory, ipv6))[0]?.verbatim).not.toBeNull();
  expect(parseSave(ipv6, { family: 'ipv6', unreadable: 'keep', memory })).toEqual(
    parseSave(ipv6, { family: 'ipv6' }),
  );
});
