import { useCallback, useMemo, useState } from 'react';

/** What one bulk order takes (`bulkPowerSchema`, `releasePublicIpsSchema`). */
export const mostChosen = 200;

export interface Selection<Row> {
  /** as they were last seen, also those of other pages and filters */
  chosen: readonly Row[];
  has(id: string): boolean;
  set(rows: readonly Row[], selected: boolean): void;
  clear(): void;
}

/** The rows that are chosen. They stay so over pages and filters; those in sight are as the list shows them now. */
export function useSelection<Row extends { id: string }>(inSight: readonly Row[]): Selection<Row> {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  const set = useCallback((rows: readonly Row[], selected: boolean) => {
    setChosen((before) => {
      const next = new Map(before);
      for (const row of rows) {
        if (!selected) next.delete(row.id);
        else if (next.size < mostChosen) next.set(row.id, row);
      }
      return next;
    });
  }, []);
  return useMemo(() => {
    const now = new Map(inSight.map((row) => [row.id, row]));
    return {
      chosen: [...chosen.values()].map((row) => now.get(row.id) ?? row),
      has: (id) => chosen.has(id),
      set,
      clear: () => setChosen(new Map()),
    };
  }, [chosen, inSight, set]);
}
