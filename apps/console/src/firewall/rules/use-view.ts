import { useSyncExternalStore } from 'react';
import { useRulesSearch } from './place.ts';

const narrow = matchMedia('(width < 641px)');

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}

/** How rules are shown: as sentences, in the tool's columns, or stacked where there is no room for either. */
export function useView(): 'words' | 'iptables' | 'stacked' {
  const isNarrow = useSyncExternalStore(subscribe, () => narrow.matches);
  const { search } = useRulesSearch();
  if (isNarrow) return 'stacked';
  return search.columns === 'iptables' ? 'iptables' : 'words';
}
