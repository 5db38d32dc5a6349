import { describe } from 'vitest';
import type { TestBackend } from './bare-host.ts';

/**
 * The same tests for hosts with either back end, the two side by side: most of the time is waiting. The tests of one
 * go one after the other. `%s` in the name stands for the back end.
 */
export function describeBackends(name: string, tests: (backend: TestBackend) => void): void {
  describe.concurrent.each<TestBackend>(['legacy', 'nft'])(name, (backend) => {
    describe('in order', { concurrent: false }, () => tests(backend));
  });
}
