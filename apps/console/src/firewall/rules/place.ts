import type { TableName } from '@moru/types';
import { useNavigate, useSearch } from '@tanstack/react-router';
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
  return {
    search,
    /** keys that are undefined leave the address */
    change: (next: { [Key in keyof FirewallSearch]?: FirewallSearch[Key] | undefined }) => {
      const merged = { ...search, ...next };
      const filled = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
      return navigate({ search: filled, replace: true });
    },
  };
}
