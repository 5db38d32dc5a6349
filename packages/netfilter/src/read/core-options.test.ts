import { describe, expect, it } from 'vitest';
import { matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import { coreOptions } from './core-options.ts';

describe('options of the rule itself', () => {
  it('are called like none of a match or target, so that either may be looked for first', () => {
    const extensions = [...matchCatalog.values(), ...targetCatalog.values()];
    const same = extensions.flatMap(({ name, options }) =>
      [...options.keys()].filter((option) => coreOptions.has(option)).map((option) => `${name} ${option}`),
    );
    expect(same).toEqual([]);
  });
});
