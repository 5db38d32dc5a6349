import { identify } from '@moru/netfilter';
import { expect, test } from 'vitest';
import { addEdits, draftOn } from '../drafts/draft.ts';
import { chainOf, textOf } from '../drafts/draft-rules.ts';
import { hostOf } from '../drafts/host.ts';
import { stateOf } from '../testing/state.ts';
import { denyByDefault, keepAccess } from './offered-edits.ts';

const established = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const ssh = '-p tcp -m tcp --dport 22 -j ACCEPT';
const draftOf = (...rules: string[]) => draftOn(hostOf(stateOf({ INPUT: rules, sshguard: [] }), []).base);
const inputOf = (draft: ReturnType<typeof draftOf>) => {
  const chain = chainOf(draft.rules, 'filter', 'INPUT');
  return [...(chain?.entries.map(({ rule }) => textOf(rule)) ?? []), chain?.policy];
};

test('a fresh host: SSHGUARD first, then what has to pass, then DROP', () => {
  const draft = draftOf('-j sshguard');
  expect(inputOf(addEdits(draft, denyByDefault(draft.rules, '203.0.113.7')))).toEqual([
    '-j sshguard',
    '-i lo -j ACCEPT',
    established,
    '-s 203.0.113.7/32 -p tcp -m tcp --dport 22 -j ACCEPT',
    'DROP',
  ]);
});

test('what is there already is not said twice; where nobody knows the address, SSH stays open', () => {
  const draft = draftOf('-j sshguard', '-i lo -j ACCEPT', ssh);
  expect(inputOf(addEdits(draft, denyByDefault(draft.rules, null)))).toEqual([
    '-j sshguard',
    '-i lo -j ACCEPT',
    ssh,
    established,
    'DROP',
  ]);
});

test('the console’s own way stands first', () => {
  const draft = draftOf('-j sshguard');
  const rule = '-s 10.10.0.2/32 -p tcp -m tcp --dport 7443 -j ACCEPT';
  const step = { family: 'ipv4', table: 'filter', chain: 'INPUT', number: 1, rule } as const;
  expect(inputOf(addEdits(draft, keepAccess(draft.rules, [step])))).toEqual([rule, '-j sshguard', 'ACCEPT']);
});

test('ids of the host are those that everybody makes', () => {
  const { identified } = hostOf(stateOf({ INPUT: [ssh] }), []);
  expect(identified.ids).toEqual(identify(identified.set).ids);
});
