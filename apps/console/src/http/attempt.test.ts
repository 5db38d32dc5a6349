import { expect, test } from 'vitest';
import { Attempt } from './attempt.ts';
import { RequestError } from './request-error.ts';

const unheard = new RequestError('outcome.unknown');
const answered = new RequestError('publicIp.poolEmpty', { requestId: 'r' });
const underWay = new RequestError('idempotency.unanswered', { requestId: 'r' });

test('a key stays while nothing has answered, or the first one is still under way', () => {
  const attempt = new Attempt();
  const key = attempt.keyFor('/api/things', { a: 1 });
  for (const error of [unheard, underWay]) {
    attempt.ended(error);
    expect(attempt.keyFor('/api/things', { a: 1 })).toBe(key);
  }
});

test.each([
  ['an answer of success', null],
  ['an answer of failure', answered],
])('%s ends it', (_name, error) => {
  const attempt = new Attempt();
  const key = attempt.keyFor('/api/things', { a: 1 });
  attempt.ended(error);
  expect(attempt.keyFor('/api/things', { a: 1 })).not.toBe(key);
});

test('other content is another change', () => {
  const attempt = new Attempt();
  const key = attempt.keyFor('/api/things', { a: 1 });
  attempt.ended(unheard);
  expect(attempt.keyFor('/api/things', { a: 2 })).not.toBe(key);
  expect(attempt.keyFor('/api/others', { a: 2 })).not.toBe(attempt.keyFor('/api/things', { a: 2 }));
});
