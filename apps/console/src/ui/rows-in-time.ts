import { startTransition, useEffect, useMemo, useState } from 'react';

/** More rows than a usual screen has room for. */
const atOnce = 20;
const none: readonly never[] = [];

/**
 * The rows to draw now. What a person waits for is the screen, and not what lies below it: new rows beyond the first
 * ones follow once those are painted, in pieces that leave room for the next key. What stands already is never taken
 * away for that. `whole`: the page comes with all its rows, so that it may be scrolled to where it was left.
 */
export function useRowsInTime<Row extends { id: string }>(
  rows: readonly Row[],
  whole: boolean,
): readonly Row[] {
  const [drawn, setDrawn] = useState(whole ? rows : none);
  useEffect(() => {
    if (drawn === rows) return;
    let painted: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      painted = setTimeout(() => startTransition(() => setDrawn(rows)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(painted);
    };
  }, [rows, drawn]);
  return useMemo(() => {
    if (drawn === rows || rows.length <= atOnce) return rows;
    const standing = new Set(drawn.map(({ id }) => id));
    return rows.filter(({ id }, place) => place < atOnce || standing.has(id));
  }, [rows, drawn]);
}
