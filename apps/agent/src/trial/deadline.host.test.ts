import { afterAll, expect, it } from 'vitest';
import type { TestBackend } from '../testing/host.ts';
import { confirmAtDeadline } from '../testing/safety/deadline.ts';
import type { Tally } from '../testing/safety/rounds.ts';

/** Per back end; 1,000 in `npm run chaos`. */
const races = 10;

const running: Record<TestBackend, Promise<Tally>> = {
  legacy: confirmAtDeadline('legacy', races),
  nft: confirmAtDeadline('nft', races),
};
for (const run of Object.values(running)) run.catch(() => {});

// also the one that a filter leaves out: each takes its host away
afterAll(async () => {
  await Promise.allSettled(Object.values(running));
}, 120_000);

it.each<TestBackend>(['legacy', 'nft'])(
  'T18: a confirmation within 50 ms of the deadline has exactly one outcome, on a host with %s',
  async (backend) => {
    expect(await running[backend]).toEqual({ runs: races, held: races, problems: [] });
  },
  120_000,
);
