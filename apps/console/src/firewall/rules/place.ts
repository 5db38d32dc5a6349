import type { TableName } from '@moru/types';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { FirewallSearch } from '../firewall-search.ts';

/** Which chain is shown. */
export interface Place {
  family: 'ipv4' | 'ipv6';
  table: TableName;
  chain: string;
}

/** The part of the address that names a chain; the usual one has no words. */
export function placeSearch({ family, table, chain }: Place): FirewallSearch {
  return {
    ...(family === 'ipv4' ? {} : { family }),
    ...(table === 'filter' ? {} : { table }),
    ...(table === 'filter' && chain === 'INPUT' ? {} : { chain }),
  };
}

/** The state of the rules page in its address, and how to change it. */
export function useRulesSearch() {
  const search = useSearch({ from: '/shell/instances/$instanceId/firewall/' });
  const navigate = useNavigate({ from: '/instances/$instanceId/firewall/' });
  /** keys that are undefined leave the address */
  const change = useCallback(
    (next: { [Key in keyof FirewallSearch]?: FirewallSearch[Key] | undefined }) =>
      navigate({
        search: (before) => {
          const merged = Object.entries({ ...before, ...next });
          return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
        },
        replace: true,
      }),
    [navigate],
  );
  return { search, change };
}
