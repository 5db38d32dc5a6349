import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CutName,
  type CutOffKind,
  cutOffKinds,
  cuts,
  surviveCutOffs,
} from '../testing/safety/cut-off.ts';
import type { Tally } from '../testing/safety/rounds.ts';

/** Rounds on one host each; the long form is `npm run chaos`. */
const rounds = 5;
const ways = Object.keys(cuts) as CutName[];
const kinds = Object.keys(cutOffKinds) as CutOffKind[];
const surviving = new Map<string, Promise<Tally>>();

// most of the time is waiting: all hosts at once
beforeAll(() => {
  for (const way of ways) {
    for (const kind of kinds) {
      const run = surviveCutOffs(way, kind, rounds);
      run.catch(() => {});
      surviving.set(`${way} ${kind}`, run);
    }
  }
});

// also those that a filter leaves out: each takes its host away
afterAll(async () => {
  await Promise.allSettled(surviving.values());
}, 180_000);

describe.each(ways)('T18: a change that cuts a host off by %s', (way) => {
  it.each(kinds)(
    'reverts %s',
    async (kind) => {
      expect(await surviving.get(`${way} ${kind}`)).toEqual({ runs: rounds, held: rounds, problems: [] });
    },
    180_000,
  );
});
