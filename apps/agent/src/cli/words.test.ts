import type { Trial } from '@moru/types';
import { expect, it } from 'vitest';
import { restoreWords, trialWords } from './words.ts';

const trial: Trial = {
  id: 'a',
  state: 'applied',
  author: 'kim',
  note: '',
  save: true,
  waitSeconds: 90,
  startedAt: '2026-01-01T00:00:00Z',
  remainingMs: 74_300,
  revisions: {},
  routes: null,
  key: 'key-of-the-test',
  sshPorts: [22],
  reverted: null,
  confirmed: null,
  trouble: null,
};
const at = '2026-01-01T00:01:00Z';

it.each<[Partial<Trial>, RegExp]>([
  [{}, /kim waits to be confirmed\. In 75 s the old rules come back/],
  [{ state: 'reverting', trouble: 'ipv4.filter: lock' }, /so far without success: ipv4\.filter: lock/],
  [
    {
      state: 'reverted',
      reverted: { reason: 'expired', by: 'guard', at, author: null, steps: [], words: '' },
    },
    /was reverted by the guard at 2026-01-01T00:01:00Z: nobody confirmed it in time\./,
  ],
  [
    {
      state: 'reverted',
      reverted: {
        ...{
          reason: 'expired',
          by: 'guard',
          at,
          author: null,
          steps: [],
          words: '',
          connectionsFull: 65_536,
        },
      },
    },
    /in time; the host kept 65536 connections, as many as it can, so nothing new got in/,
  ],
  [
    { state: 'confirmed', confirmed: { at, generation: 3, saved: [], kept: [], trouble: 'No space.' } },
    /generation 3, NOT SAVED for the next boot \(No space\.\)/,
  ],
])('says how a trial stands: %j', (change, words) => {
  expect(trialWords({ ...trial, ...change })).toMatch(words);
});

it('cries out when a boot could not load what was saved', () => {
  const kept = { source: 'kept', generation: null, problems: [] } as const;
  const none = {
    source: 'none',
    generation: null,
    problems: ['/etc/iptables.rules: it is not there'],
  } as const;
  const record = {
    at,
    bootId: 'x',
    alarm: true,
    ipv4: { ...none, problems: [...none.problems] },
    ipv6: { ...kept, problems: [] },
  };
  expect(restoreWords(record)).toMatch(/^ALARM.*\nipv4: NOTHING COULD BE LOADED\n {2}\/etc\/iptables\.rules/);
});
