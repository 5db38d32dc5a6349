import type { Instance } from '@moru/types';
import { useState } from 'react';

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
  const now = new Map(inSight.map((instance) => [instance.id, instance]));
  return {
    chosen: [...chosen.values()].map((instance) => now.get(instance.id) ?? instance),
    has: (id) => chosen.has(id),
    set(instances, selected) {
      const next = new Map(chosen);
      for (const instance of instances) {
        if (!selected) next.delete(instance.id);
        else if (next.size < mostChosen) next.set(instance.id, instance);
      }
      setChosen(next);
    },
    clear: () => setChosen(new Map()),
  };
}
