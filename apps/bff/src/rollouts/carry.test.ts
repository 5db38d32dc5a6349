import { foreignOwner, parseSave, printSave, type RuleSet } from '@moru/netfilter';
import type { CarriedChain } from '@moru/types';
import { expect, test } from 'vitest';
import { carryBack, carryOver, strangeNames } from './carry.ts';

const owns = (_table: string, chain: string) => foreignOwner(chain) === null;
const filter = (lines: string[], heads: string[] = []): RuleSet =>
  parseSave(
    ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...heads, ...lines]
      .concat('COMMIT', '')
      .join('\n'),
  );
const guarded = (...lines: string[]) =>
  filter(['-A INPUT -j sshguard', ...lines, '-A sshguard -s 203.0.113.9/32 -j DROP'], [':sshguard - [0:0]']);
const linesOf = (set: RuleSet | null, chain = 'INPUT') =>
  set === null
    ? null
    : printSave(set)
        .split('\n')
        .filter((line) => line.startsWith(`-A ${chain} `));
const input = (rules: number[] | null): CarriedChain[] => [{ table: 'filter', chain: 'INPUT', rules }];

test('a chain is carried as a whole; chains that are not meant, and what another program needs, stay', () => {
  const source = filter(['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', '-A OUTPUT -p udp -j DROP']);
  const host = guarded('-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT', '-A FORWARD -j DROP');
  const { wanted, notes } = carryOver(source, host, input(null), owns);
  expect(linesOf(wanted)).toEqual(['-A INPUT -j sshguard', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT']);
  expect(linesOf(wanted, 'FORWARD')).toEqual(['-A FORWARD -j DROP']);
  expect(linesOf(wanted, 'OUTPUT')).toEqual([]);
  expect(linesOf(wanted, 'sshguard')).toEqual(['-A sshguard -s 203.0.113.9/32 -j DROP']);
  expect(notes).toEqual([{ code: 'jumpKept', place: 'filter.INPUT', name: 'sshguard' }]);
});

test('a jump to a program that the host does not have stays behind; a chain of ours comes along', () => {
  const source = filter(
    ['-A INPUT -j f2b-sshd', '-A INPUT -j office', '-A office -j lan', '-A lan -s 10.0.0.0/8 -j ACCEPT'],
    [':f2b-sshd - [0:0]', ':office - [0:0]', ':lan - [0:0]'],
  );
  const { wanted, notes } = carryOver(source, guarded(), input(null), owns);
  expect(linesOf(wanted)).toEqual(['-A INPUT -j sshguard', '-A INPUT -j office']);
  expect(linesOf(wanted, 'lan')).toEqual(['-A lan -s 10.0.0.0/8 -j ACCEPT']);
  expect(notes.map(({ code, name }) => `${code} ${name}`)).toEqual([
    ...['jumpDropped f2b-sshd', 'jumpKept sshguard', 'chainBrought office', 'chainBrought lan'],
  ]);
});

test('the whole of another host: its policies too, and chains that only this one had go', () => {
  const source = parseSave(
    '*filter\n:INPUT DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n',
  );
  const host = filter(['-A INPUT -j old', '-A old -j DROP'], [':old - [0:0]', ':DOCKER - [0:0]']);
  const { wanted } = carryOver(source, host, null, owns);
  const text = printSave(wanted);
  expect(text).toContain(':INPUT DROP');
  expect(text).toContain(':DOCKER -');
  expect(text).not.toContain('old');
});

test('some rules come between those that both hosts have, and nothing else changes', () => {
  const source = guarded(
    ...['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT'],
    '-A INPUT -j DROP',
  );
  const host = guarded(
    ...['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT'],
    '-A INPUT -j DROP',
  );
  const { wanted, notes } = carryOver(source, host, input([3]), owns);
  expect(linesOf(wanted)).toEqual([
    '-A INPUT -j sshguard',
    '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    '-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT',
    '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT',
    '-A INPUT -j DROP',
  ]);
  expect(notes).toEqual([]);
  const twice = carryOver(source, wanted, input([3]), owns);
  expect(linesOf(twice.wanted)).toEqual(linesOf(wanted));
  expect(twice.notes).toEqual([{ code: 'alreadyThere', place: 'filter.INPUT', name: '1' }]);
});

test('where the hosts have nothing in common, a rule comes first, but behind other programs', () => {
  const source = filter(['-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT']);
  const { wanted } = carryOver(source, guarded('-A INPUT -s 10.0.0.0/8 -j DROP'), input([1]), owns);
  expect(linesOf(wanted)?.slice(0, 2)).toEqual([
    ...['-A INPUT -j sshguard', '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT'],
  ]);
});

test('what came is taken back, and what was changed since stays', () => {
  const before = guarded('-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT');
  const after = guarded('-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT');
  const now = guarded('-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -p udp -j DROP');
  expect(linesOf(carryBack(before, after, now, owns))).toEqual([
    '-A INPUT -j sshguard',
    '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT',
    '-A INPUT -p udp -j DROP',
  ]);
  const edited = guarded('-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT');
  expect(carryBack(before, after, edited, owns)).toBeNull();
});

test('interfaces and addresses that are another host’s are named', () => {
  const wanted = filter([
    ...['-A INPUT -i lo -j ACCEPT', '-A INPUT -i eth+ -j ACCEPT', '-A INPUT -i ens3 -j ACCEPT'],
    ...['-A INPUT -i wg+ -j ACCEPT', '-A INPUT -d 10.10.0.5/32 -j ACCEPT', '-A INPUT -i ens3 -j ACCEPT'],
  ]);
  const facts = { devices: ['lo', 'eth0'], foreignAddresses: ['10.10.0.5'] };
  expect(strangeNames(filter([]), wanted, facts).map(({ code, name }) => `${code} ${name}`)).toEqual([
    ...['interfaceMissing ens3', 'interfaceMissing wg+', 'addressOfSource 10.10.0.5', 'shadowed 3'],
  ]);
  expect(strangeNames(wanted, wanted, facts)).toEqual([]);
  const late = guarded('-A INPUT -j DROP', '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT');
  expect(strangeNames(guarded('-A INPUT -j DROP'), late, facts)).toEqual([
    { code: 'shadowed', place: 'filter.INPUT', name: '2' },
  ]);
});
