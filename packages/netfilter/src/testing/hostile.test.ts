import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Taken, withstand } from './withstand.ts';

const seeds = 20_000;

// most texts are refused, and a trace of each refusal would be most of the time
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe('hostile text', () => {
  it('is read as what is printed again, or refused with a NetfilterError', { timeout: 60_000 }, () => {
    const taken: Taken = { rules: 0, sets: 0, forms: 0 };
    for (let seed = 1; seed <= seeds; seed++) withstand(seed, taken);
    // a reader that refuses everything would pass as well
    expect(taken.rules).toBeGreaterThan(seeds * 0.1);
    expect(taken.sets).toBeGreaterThan(seeds * 0.02);
    expect(taken.forms).toBeGreaterThan(seeds * 0.005);
  });
});
