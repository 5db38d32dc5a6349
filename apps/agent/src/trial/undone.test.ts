import { expect, it } from 'vitest';
import { changesOfOthers } from './undone.ts';

const table = (...lines: string[]) => ['*filter', ...lines, 'COMMIT', ''].join('\n');
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const web = '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT';

const back = table(':INPUT ACCEPT [5:300]', ':made - [0:0]', '-F INPUT', `[1:60] ${ssh}`);
const after = table(':INPUT ACCEPT [0:0]', ':made - [0:0]', ssh, web, '-A INPUT -j made');
const found = (...lines: string[]) =>
  changesOfOthers({
    ...{ family: 'ipv4', table: 'filter', back, after },
    found: `${table(...lines)}*nat\n:INPUT ACCEPT [0:0]\n-A INPUT -j RETURN\nCOMMIT\n`,
  }).map(({ kind, rule }) => `${kind} ${rule}`);

it('tells nothing where the change stands as it was made, or in part', () => {
  expect(found(':INPUT ACCEPT [7:9]', ':made - [0:0]', ssh, web, '-A INPUT -j made')).toEqual([]);
  expect(found(':INPUT ACCEPT [7:9]', ssh)).toEqual([]);
  expect(found(':INPUT ACCEPT [7:9]', ssh, web)).toEqual([]);
});

it('tells what others have added, deleted and set, in any chain that is written anew', () => {
  expect(found(':INPUT DROP [0:0]', web, web, '-A made -s 192.0.2.1/32 -j DROP')).toEqual([
    'policy -P INPUT DROP',
    `added ${web}`,
    'added -A made -s 192.0.2.1/32 -j DROP',
    `deleted ${ssh}`,
  ]);
});

it('says nothing of chains that stay as they are', () => {
  expect(
    found(':INPUT ACCEPT [0:0]', ':other - [0:0]', ssh, '-A other -j DROP', '-A OUTPUT -j DROP'),
  ).toEqual([]);
});

it('takes a rule that another version prints in other words for the same', () => {
  expect(found(':INPUT ACCEPT [0:0]', ssh, '-A INPUT -p tcp -m tcp --dport 80:80 -j ACCEPT')).toEqual([]);
});

it('shows a rule that cannot be read, and no control characters', () => {
  const [change, ...more] = found(':INPUT ACCEPT [0:0]', ssh, '-A INPUT -m "\u001b[31m" -j');
  expect(change).toMatch(/^added -A INPUT -m .+ -j$/);
  expect(change).not.toContain('\u001b');
  expect(more).toEqual([]);
});
