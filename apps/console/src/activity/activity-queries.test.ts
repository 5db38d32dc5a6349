import { expect, test } from 'vitest';
import { activitySearch, auditQueryOf } from './activity-queries.ts';

test('what an address says is understood or left out', () => {
  const said = {
    q: 'web',
    kind: 'publicIp',
    phase: 'failed',
    target: 'i-1',
    from: '2026-03-01',
    to: '2026-03-02',
  };
  expect(activitySearch({ ...said, page: '2', open: '17' })).toEqual({ ...said, page: 2, open: 17 });
  const wrong = { kind: 'toString', phase: 'done', target: '', from: '2026-13-45', to: 'today' };
  expect(activitySearch({ ...wrong, page: '1', open: '-3' })).toEqual({});
});

test('days mean the whole of both in the calendar of whoever looks', () => {
  const { from = '', to = '' } = auditQueryOf({ from: '2026-02-28', to: '2026-03-01' });
  expect(new Date(from).toLocaleString('sv')).toBe('2026-02-28 00:00:00');
  expect(new Date(to).toLocaleString('sv')).toBe('2026-03-02 00:00:00');
  expect(auditQueryOf({ q: '  ', kind: 'trial', open: 3, page: 2 })).toEqual({ action: 'trial.' });
});
