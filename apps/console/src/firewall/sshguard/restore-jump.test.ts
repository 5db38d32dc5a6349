import { expect, test } from 'vitest';
import { addEdits, draftOn } from '../drafts/draft.ts';
import { chainOf, textOf } from '../drafts/draft-rules.ts';
import { hostOf } from '../drafts/host.ts';
import { stateOf } from '../testing/state.ts';
import { restoreJump } from './restore-jump.ts';

const ssh = '-p tcp -m tcp --dport 22 -j ACCEPT';
const restored = (chains: Record<string, string[]>) => {
  const { base } = hostOf(stateOf(chains), []);
  const { rules } = addEdits(draftOn(base), restoreJump(base));
  return chainOf(rules, 'filter', 'INPUT')?.entries.map(({ rule }) => textOf(rule));
};

test('the jump comes first, so that no accept stands ahead of it', () => {
  expect(restored({ INPUT: [ssh], sshguard: [] })).toEqual(['-j sshguard', ssh]);
});

test('a chain that is gone is made as well', () => {
  const { base } = hostOf(stateOf({ INPUT: [] }), []);
  expect(restoreJump(base).map(({ type }) => type)).toEqual(['newChain', 'insert']);
  expect(restored({ INPUT: [] })).toEqual(['-j sshguard']);
});

test('a jump that is there is left alone', () => {
  const { base } = hostOf(stateOf({ INPUT: [ssh, '-j sshguard'], sshguard: [] }), []);
  expect(restoreJump(base)).toEqual([]);
});
