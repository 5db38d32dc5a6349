import { expect, it } from 'vitest';
import type { TestBackend } from '../testing/host.ts';
import { unpackedPackage } from '../testing/packages.ts';
import { applyUnderAttack } from '../testing/safety/bans.ts';

/** Changes per back end; 200 in `npm run chaos`. */
const rounds = 5;

// where Debian's package cannot be had, this is skipped by name
it.skipIf(unpackedPackage('sshguard') === null).concurrent.each<TestBackend>(['legacy', 'nft'])(
  'T19: a real SSHGUARD bans during changes on a host with %s: no ban is lost, and none is saved',
  async (backend) => {
    expect(await applyUnderAttack(backend, rounds)).toEqual({ runs: rounds, held: rounds, problems: [] });
  },
  120_000,
);
