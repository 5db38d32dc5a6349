import type { Instance } from '@moru/types';
import { useCallback, useMemo, useState } from 'react';

/** What one bulk order takes (`bulkPowerSchema`). */
export const mostChosen = 200;

export interface Selection {
  /** as they were last seen, also those of other pages and filters */
  chosen: readonly Instance[];
  has(id: string): boolean;
  set(instances: readonly Instance[], selected: boolean): void;
  clear(): void;
}

/** The rows that are chosen. They stay so over pages and filters; those in sight are as the list shows them now. */
export function useSelection(inSight: readonly Instance[]): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Instance>>(new Map());
  const set = useCallback((instances: readonly Instance[], selected: boolean) => {
    setChosen((before) => {
      const next = new Map(before);
      for (const instance of instances) {
        if (!selected) next.delete(instance.id);
        else if (next.size < mostChosen) next.set(instance.id, instance);
      }
      return next;
    });
  }, []);
  return useMemo(() => {
    const now = new Map(inSight.map((instance) => [instance.id, instance]));
    return {
      chosen: [...chosen.values()].map((instance) => now.get(instance.id) ?? instance),
      has: (id) => chosen.has(id),
      set,
      clear: () => setChosen(new Map()),
    };
  }, [chosen, inSight, set]);
}
