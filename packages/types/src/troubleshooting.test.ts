import { expect, it } from 'vitest';
import { gaps, troubleshooting } from './testing/troubleshooting.ts';

it('every kind of problem has advice, and no advice is for a problem that is no more', () => {
  expect(gaps()).toEqual({ missing: [], unused: [] });
});

it('docs/troubleshooting.md is what the list of problems says', async () => {
  await expect(troubleshooting()).toMatchFileSnapshot('../../../docs/troubleshooting.md');
});
