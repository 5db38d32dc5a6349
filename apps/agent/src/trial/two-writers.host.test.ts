import { expect, it } from 'vitest';
import type { TestBackend } from '../testing/host.ts';
import { writeTogether } from '../testing/safety/two-writers.ts';

/** Per back end: each way with each kind of meeting; 1,000 in `npm run chaos`. */
const rounds = 6;

it.concurrent.each<TestBackend>(['legacy', 'nft'])(
  'T15, F13: two writers and another program on a host with %s: nothing is lost, and the loser is told what differs',
  async (backend) => {
    expect(await writeTogether(backend, rounds)).toEqual({ runs: rounds, held: rounds, problems: [] });
  },
  120_000,
);
