import { expect, it } from 'vitest';
import { askAgainMs } from './away.ts';
import { RequestError } from './request-error.ts';

it('asks a slow host again before whoever reads gives up, and one that is away not as often', () => {
  expect(askAgainMs(new RequestError('agent.timeout'))).toBeLessThan(5_000);
  expect(askAgainMs(new RequestError('agent.unreachable'))).toBeGreaterThan(10_000);
  expect(askAgainMs(new RequestError('network'))).toBeGreaterThan(10_000);
});
