import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { type InstanceListSearch, instancesQuery } from '../instance-queries.ts';

/** An answer that comes within this is drawn in one go with what belongs to it; a later one is seen to be awaited. */
const momentMs = 100;

/**
 * The text that the list is to be filtered by, where it is not in the address yet; null where the address says it. The
 * list is asked for at once, and the page drawn with its answer: to draw it twice for each key costs more than the
 * answer takes.
 */
export function useTyped(searchFor: (q: string) => InstanceListSearch) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const asked = useRef<string | null>(null);
  const askAhead = (q: string | null) => {
    const last = asked.current;
    asked.current = q;
    if (last !== null && last !== typed && last !== q) {
      // nobody waits for it any more
      void queries.cancelQueries({ queryKey: instancesQuery(searchFor(last)).queryKey, exact: true });
    }
    if (q === null) return setTyped(null);
    const answered = queries.prefetchQuery(instancesQuery(searchFor(q)));
    const moment = new Promise((resolve) => setTimeout(resolve, momentMs));
    void Promise.race([answered, moment]).then(() => {
      if (asked.current === q) setTyped(q);
    });
  };
  return [typed, askAhead] as const;
}
