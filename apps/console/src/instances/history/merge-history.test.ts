import type { AuditRecord, CloudAction } from '@moru/types';
import { expect, test } from 'vitest';
import { mergeHistory } from './merge-history.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();

const record = (seq: number, requestId = `own-${seq}`): AuditRecord => ({
  seq,
  at: at(seq),
  operationId: `operation-${seq}`,
  requestId,
  phase: 'succeeded',
  actor: { id: 'u', name: 'admin', role: 'admin', address: '127.0.0.1' },
  action: 'instance.stop',
  target: { type: 'instance', id: 'i', name: 'web-01' },
  detail: {},
});

const action = (minute: number | null, requestId: string | null = null): CloudAction => ({
  action: 'stop',
  requestId,
  userId: 'u',
  startedAt: minute === null ? null : at(minute),
  message: null,
  updatedAt: null,
});

const shape = (entries: ReturnType<typeof mergeHistory>) =>
  entries.map((entry) => [entry.record?.seq ?? null, entry.action?.startedAt ?? null]);

test('the same request is one entry, what either knows alone is another, newest first', () => {
  const merged = mergeHistory({ records: [record(30), record(10)], next: null, first: true }, [
    action(40),
    action(29, 'own-30'),
    action(20),
    action(null),
  ]);
  expect(shape(merged)).toEqual([
    [null, at(40)],
    [30, at(29)],
    [null, at(20)],
    [10, null],
    [null, null],
  ]);
});

test('over pages the cloud’s entries stand once each, wherever they fall', () => {
  const all = [50, 40, 30, 20, 10].map((seq) => record(seq));
  const actions = [60, 50, 45, 35, 30, 25, 5].map((minute) => action(minute));
  const pages = [0, 2, 4].map((from) =>
    mergeHistory(
      { records: all.slice(from, from + 2), next: all[from + 2] ?? null, first: from === 0 },
      actions,
    ),
  );
  const foreign = pages.flatMap((page) => page.flatMap((entry) => (entry.record ? [] : entry.at)));
  expect(foreign).toEqual(actions.map(({ startedAt }) => startedAt));
});

test('an action whose record begins the next page waits for it there', () => {
  const [newer, older] = [record(30), record(20)];
  const actions = [action(21, 'own-20')];
  const page = (records: AuditRecord[], next: AuditRecord | null, first: boolean) =>
    shape(mergeHistory({ records, next, first }, actions));
  expect(page([newer], older, true)).toEqual([[30, null]]);
  expect(page([older], null, false)).toEqual([[20, at(21)]]);
});

test('with no record of ours, everything is the cloud’s', () => {
  expect(shape(mergeHistory({ records: [], next: null, first: true }, [action(2), action(1)]))).toEqual([
    [null, at(2)],
    [null, at(1)],
  ]);
});
