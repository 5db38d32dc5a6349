import { completeRuleSet, parseSave } from '@moru/netfilter';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { difference, lineDifference } from './difference.ts';

const lines = (texts: readonly string[]) => texts.map((text, index) => ({ number: index + 1, text }));

it('taking away and adding at the places that it names makes one list the other', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(list, list, (old, now) => {
      const { removed, added } = lineDifference(lines(old), lines(now));
      for (const { number, text } of removed) expect(old[number - 1]).toBe(text);
      const gone = new Set(removed.map(({ number }) => number));
      const made: string[] = old.filter((_, index) => !gone.has(index + 1));
      for (const { number, text } of added) made.splice(number - 1, 0, text);
      expect(made).toEqual(now);
      // nothing that both have at their ends is touched
      if (old[0] === now[0] && old.length > 0)
        expect([...removed, ...added].map((each) => each.number)).not.toContain(1);
    }),
  );
});

it('names chains that are made and deleted, and policies', () => {
  const read = (text: string) => completeRuleSet(parseSave(`*filter\n${text}\nCOMMIT\n`));
  const from = read(
    ':INPUT ACCEPT [0:0]\n:old - [0:0]\n:sshguard - [0:0]\n-A old -j DROP\n-A sshguard -j DROP',
  );
  const to = read(':INPUT DROP [0:0]\n:new - [0:0]');
  expect(difference(from, to, ['filter'])).toEqual([
    {
      table: 'filter',
      chain: 'INPUT',
      change: 'changed',
      policy: { from: 'ACCEPT', to: 'DROP' },
      removed: [],
      added: [],
    },
    {
      table: 'filter',
      chain: 'old',
      change: 'deleted',
      policy: null,
      removed: [{ number: 1, text: '-j DROP' }],
      added: [],
    },
    { table: 'filter', chain: 'new', change: 'created', policy: null, removed: [], added: [] },
  ]);
});

it('gives up on a longest common part where that would take too long', () => {
  const old = lines(Array.from({ length: 3_000 }, (_, index) => `old ${index}`));
  const now = lines(Array.from({ length: 3_000 }, (_, index) => `new ${index}`));
  const started = performance.now();
  expect(lineDifference(old, now)).toEqual({ removed: old, added: now });
  expect(performance.now() - started).toBeLessThan(1_000);
});
