import {
  apiPaths,
  type FirewallChange,
  type FirewallOutput,
  type FirewallOutputKind,
  type FirewallSave,
  type FirewallState,
} from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../http/client.ts';

// counters move all the time; oftener would only make the numbers flicker
const countersMs = 5_000;
// a host that does not answer costs the BFF a timeout each time
const awayMs = 15_000;

/** The console reads and changes IPv4 rules only; the host’s IPv6 rules are a family of their own. */
export const family = 'ipv4';

export function firewallQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['firewall', instanceId],
    queryFn: ({ signal }) => get<FirewallState>(apiPaths.firewall(instanceId), { family }, signal),
    refetchInterval: (query) => (query.state.error ? awayMs : countersMs),
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

export function changeRules(instanceId: string, change: FirewallChange): Promise<FirewallState> {
  return post(apiPaths.firewallChanges(instanceId), change);
}

export function saveRules(instanceId: string, save: FirewallSave): Promise<FirewallState> {
  return post(apiPaths.firewallSave(instanceId), save);
}
