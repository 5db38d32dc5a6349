import type { AuditRecord, CloudAction } from '@moru/types';

/** One thing that was done to an instance: as this console wrote it down, as the cloud did, or as both did. */
export interface HistoryEntry {
  key: string;
  /** null where the cloud does not say */
  at: string | null;
  record: AuditRecord | null;
  action: CloudAction | null;
}

interface Window {
  /** of this page, newest first */
  records: readonly AuditRecord[];
  /** the first record of the next page; null on the last one */
  next: AuditRecord | null;
  first: boolean;
}

const timeOf = ({ startedAt, updatedAt }: CloudAction): string | null => startedAt ?? updatedAt;

const newestFirst = (a: HistoryEntry, b: HistoryEntry): number => (b.at ?? '').localeCompare(a.at ?? '');

/**
 * Lays the cloud's log beside one page of ours, newest first. The same request is one entry. What the cloud alone knows
 * stands on the page whose time it belongs to: before the next page's first record, so that nothing stands there twice
 * and nothing falls between two pages. Without a time it stands at the end of the last page.
 */
export function mergeHistory(
  { records, next, first }: Window,
  actions: readonly CloudAction[],
): HistoryEntry[] {
  const ofRequest = new Map<string, CloudAction>();
  for (const action of actions) if (action.requestId) ofRequest.set(action.requestId, action);
  const own = records.map((record): HistoryEntry => {
    const action = ofRequest.get(record.requestId) ?? null;
    return { key: `record ${record.seq}`, at: record.at, record, action };
  });
  const told = new Set(own.flatMap(({ action }) => action ?? []));
  const newest = first ? null : (records[0]?.at ?? null);
  const foreign = actions.flatMap((action, index): HistoryEntry[] => {
    const at = timeOf(action);
    const elsewhere =
      told.has(action) ||
      (next !== null && (at === null || at < next.at || action.requestId === next.requestId)) ||
      (newest !== null && at !== null && at >= newest);
    return elsewhere ? [] : [{ key: `action ${index} ${at}`, at, record: null, action }];
  });
  return [...own, ...foreign].sort(newestFirst);
}
