import { startTransition, useEffect, useMemo, useState } from 'react';

/** More rows than a usual screen has room for. */
const atOnce = 20;
/** Longer than from key to key of a hand that types: rows that the next key takes away are never drawn. */
const restMs = 200;
/** Fewer rows than this are drawn anew for nothing. */
const worthKeeping = 10;
const none: readonly never[] = [];

/** A row, and the key of the element that shows it. */
export interface Slot<Row> {
  key: number;
  row: Row;
}

/**
 * The rows to draw now. What a person waits for is the screen, and not what lies below it: new rows beyond the first
 * ones follow once the list has rested, in pieces that leave room for the next key. What stands already is never taken
 * away for that. `whole`: the page comes with all its rows, so that it may be scrolled to where it was left.
 */
export function useRowsInTime<Row extends { id: string }>(
  rows: readonly Row[],
  whole: boolean,
): readonly Slot<Row>[] {
  const [drawn, setDrawn] = useState(whole ? rows : none);
  useEffect(() => {
    if (drawn === rows) return;
    const rested = setTimeout(() => startTransition(() => setDrawn(rows)), restMs);
    return () => clearTimeout(rested);
  }, [rows, drawn]);
  const now = useMemo(() => {
    if (drawn === rows || rows.length <= atOnce) return rows;
    const standing = new Set(drawn.map(({ id }) => id));
    return rows.filter(({ id }, place) => place < atOnce || standing.has(id));
  }, [rows, drawn]);
  const [before, setBefore] = useState({ rows: none as readonly Row[], slots: none as readonly Slot<Row>[] });
  if (before.rows === now) return before.slots;
  const slots = slotsOf(now, before.slots);
  setBefore({ rows: now, slots });
  return slots;
}

/**
 * A row that stood keeps its element, and with it the focus. Of a list most of whose rows are others, elements are kept
 * by their places: another text in them costs a third of another element.
 */
export function slotsOf<Row extends { id: string }>(
  rows: readonly Row[],
  before: readonly Slot<Row>[],
): readonly Slot<Row>[] {
  const known = new Map(before.map((slot) => [slot.row.id, slot]));
  const standing = rows.filter(({ id }) => known.has(id)).length;
  const isAnother =
    Math.min(rows.length, before.length) >= worthKeeping && standing < Math.ceil(rows.length / 2);
  let unused = Math.max(-1, ...before.map(({ key }) => key)) + 1;
  return rows.map((row, place) => {
    const slot = isAnother ? before[place] : known.get(row.id);
    if (slot?.row === row) return slot;
    return { key: slot?.key ?? unused++, row };
  });
}
