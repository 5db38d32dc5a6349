import {
  apiPaths,
  type Family,
  type FirewallOutput,
  type FirewallOutputKind,
  type FirewallSave,
  type FirewallState,
} from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { askAgainMs } from '../http/away.ts';
import { get, post } from '../http/client.ts';

// counters move all the time; oftener would only make the numbers flicker
const countersMs = 5_000;

/** The rules of IPv4 are edited; those of IPv6, a family of their own, are shown. */
export const family = 'ipv4';

export function firewallQuery(instanceId: string, of: Family = family) {
  return queryOptions({
    queryKey: ['firewall', instanceId, of],
    queryFn: ({ signal }) => get<FirewallState>(apiPaths.firewall(instanceId), { family: of }, signal),
    refetchInterval: (query) => (query.state.error ? askAgainMs(query.state.error) : countersMs),
    // comparing 10,000 rules with those before them would cost more than it saves: drafts/host.ts tells what is new
    structuralSharing: false,
  });
}

export function outputQuery(instanceId: string, kind: FirewallOutputKind) {
  return queryOptions({
    queryKey: ['firewall-output', instanceId, kind],
    queryFn: ({ signal }) =>
      get<FirewallOutput>(apiPaths.firewallOutput(instanceId, kind), { family }, signal),
    // the host's own words of this moment, never of an earlier one
    staleTime: 0,
    gcTime: 0,
  });
}

export function saveRules(instanceId: string, save: FirewallSave): Promise<FirewallState> {
  return post(apiPaths.firewallSave(instanceId), save);
}
