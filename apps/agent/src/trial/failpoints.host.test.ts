import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failpoints } from '../process/failpoints.ts';
import { deaths, startMortalHost, surviveDeath } from '../testing/safety/failpoints.ts';

const backends = ['legacy', 'nft'] as const;
const surviving = new Map<string, Promise<void>>();
const closed: Promise<void>[] = [];
const cases = deaths.map((death) => ({ ...death, name: `${death.at} of ${death.during}` }));

// both back ends at once, one failpoint after the other on each
beforeAll(() => {
  for (const backend of backends) {
    const host = startMortalHost(backend);
    let before: Promise<unknown> = host;
    for (const death of cases) {
      const run = before.then(async () => surviveDeath(await host, death));
      surviving.set(`${backend} ${death.name}`, run);
      before = run.catch(() => {});
    }
    closed.push(before.then(async () => (await host).stop()));
  }
});
afterAll(() => Promise.all(closed), 180_000);

it('every failpoint has its death', () => {
  expect(new Set(deaths.map(({ at }) => at))).toEqual(new Set(Object.keys(failpoints)));
});

describe.each(backends)('F2: SIGKILL at a failpoint on a host with %s', (backend) => {
  it.each(cases)(
    '$name: rules and routes are old or new and whole, and the record tells which',
    async ({ name }) => surviving.get(`${backend} ${name}`),
    180_000,
  );
});
