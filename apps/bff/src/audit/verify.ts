import type { Database } from '../store/store.ts';
import { type ChainPlace, firstBreak, gapAction, genesis } from './chain.ts';

export interface Verdict {
  /** how many records were looked at */
  records: number;
  /** the first record that is wrong or missing; null when the log is whole */
  broken: number | null;
  /** records that tell of a loss: the log goes on after them, but what stood before is gone */
  gaps: number[];
  /** the newest record */
  head: ChainPlace;
}

/** Records read at once, about 0.6 kB each. */
const pageSize = 1_000;

/** How many of the newest records a start looks at: enough to notice a hand in the store, and quick at any size. */
const tailRecords = 1_000;

/**
 * Reads the whole log and follows its chain, from where retention has cut it to the head. `anchors`: places that were
 * kept elsewhere; a record that differs from one, or a log that ends before one, was tampered with (T13).
 */
export async function verifyAudit(db: Database, anchors: readonly ChainPlace[] = []): Promise<Verdict> {
  const { head, floor } = await readPlaces(db);
  const expected = new Map(anchors.map(({ seq, hash }) => [seq, hash]));
  const gaps: number[] = [];
  let records = 0;
  let last = floor;
  for (;;) {
    const rows = await readRows(db, last.seq, pageSize);
    if (rows.length === 0) break;
    const broken =
      firstBreak(rows, last) ?? rows.find(({ seq, hash }) => contradicts(expected, seq, hash))?.seq;
    records += rows.length;
    gaps.push(...rows.flatMap(({ action, seq }) => (action === gapAction ? [seq] : [])));
    if (broken !== undefined && broken !== null) return { records, broken, gaps, head };
    last = rows.at(-1) ?? last;
  }
  const newestAnchor = Math.max(0, ...expected.keys());
  return { records, broken: brokenEnd(last, head, newestAnchor), gaps, head };
}

/** Follows the newest records only; the number of the first bad one, or null. */
export async function verifyTail(db: Database): Promise<number | null> {
  const { head, floor } = await readPlaces(db);
  const start = Math.max(floor.seq, head.seq - tailRecords);
  const rows = await readRows(db, start, tailRecords);
  const broken = firstBreak(rows, start === floor.seq ? floor : null);
  return broken ?? brokenEnd(rows.at(-1) ?? floor, head, 0);
}

function contradicts(expected: ReadonlyMap<number, string>, seq: number, hash: string): boolean {
  const known = expected.get(seq);
  return known !== undefined && known !== hash;
}

function brokenEnd(last: ChainPlace, head: ChainPlace, newestAnchor: number): number | null {
  if (last.seq < Math.max(head.seq, newestAnchor)) return last.seq + 1;
  return last.seq === head.seq && last.hash === head.hash ? null : last.seq;
}

async function readPlaces(db: Database): Promise<{ head: ChainPlace; floor: ChainPlace }> {
  const [head, floor] = await Promise.all(
    (['audit_head', 'audit_floor'] as const).map((table) =>
      db.selectFrom(table).select(['seq', 'hash']).executeTakeFirst(),
    ),
  );
  return { head: head ?? genesis, floor: floor ?? genesis };
}

function readRows(db: Database, after: number, limit: number) {
  return db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(limit).execute();
}
