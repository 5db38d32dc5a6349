import { describe, expect, it } from 'vitest';
import { runDifferential } from './testing/run.ts';

const patience = 300_000;

describe('the model against the kernel', () => {
  it('names verdict and rule path of every packet, with legacy rules', { timeout: patience }, async () => {
    const tally = await runDifferential({ backend: 'legacy', seed: 1, ruleSets: 200, packets: 500 });
    expect(tally.refused).toEqual([]);
    expect(tally.differences.slice(0, 3)).toEqual([]);
    expect(tally.packets).toBe(100_000);
    // what is not judged must stay the exception
    expect(tally.judged).toBeGreaterThan(95_000);
  });

  it('names verdict and rule path of every packet, with nft rules', { timeout: patience }, async () => {
    const tally = await runDifferential({ backend: 'nft', seed: 1, ruleSets: 30, packets: 200 });
    expect(tally.refused).toEqual([]);
    expect(tally.differences.slice(0, 3)).toEqual([]);
    expect(tally.judged).toBeGreaterThan(5_500);
  });
});
