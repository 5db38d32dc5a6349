import { foreignOwner, parseSave } from '@moru/netfilter';
import { expect, test } from 'vitest';
import { type Chosen, ownChains, wantedOf } from './what.ts';

const set = parseSave(
  [
    ...['*filter', ':INPUT DROP [0:0]', ':OUTPUT ACCEPT [0:0]', ':sshguard - [0:0]', '-A INPUT -j sshguard'],
    ...['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', '-A sshguard -s 192.0.2.1/32 -j DROP', 'COMMIT', ''],
  ].join('\n'),
);
const isForeign = (_table: string, chain: string) => foreignOwner(chain) !== null;
const chosen = (more: Partial<Chosen>): Chosen => ({
  scope: 'rules',
  chains: new Set(),
  rules: new Set(),
  ...more,
});
const asked = (more: Partial<Chosen>) => {
  const wanted = wantedOf('web', set, isForeign, chosen(more));
  return wanted?.kind === 'copy' ? wanted : null;
};

test('rules by number, chains as a whole, or everything that is ours', () => {
  expect(ownChains(set, isForeign).map(({ key }) => key)).toEqual(['filter INPUT', 'filter OUTPUT']);
  expect(asked({})).toBeNull();
  expect(asked({ rules: new Set(['filter INPUT 2']), chains: new Set(['filter OUTPUT']) })?.chains).toEqual([
    { table: 'filter', chain: 'INPUT', rules: [2] },
  ]);
  expect(asked({ scope: 'chains', chains: new Set(['filter OUTPUT']) })?.chains).toEqual([
    { table: 'filter', chain: 'OUTPUT', rules: null },
  ]);
  expect(asked({ scope: 'all' })).toMatchObject({ instanceId: 'web', family: 'ipv4', chains: null });
});

test('what another program holds stays here', () => {
  const text = asked({ scope: 'all' })?.rules;
  expect(text).toContain(':sshguard -');
  expect(text).toContain('-A INPUT -j sshguard');
  expect(text).not.toContain('192.0.2.1');
});
