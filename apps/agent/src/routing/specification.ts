import type { NetworkRoute } from '@moru/types';

/** Metrics of a path whose value is a plain number, and whose name is the one that `ip route` takes. */
export const pathMetrics: readonly string[] = [
  'mtu',
  'advmss',
  'window',
  'cwnd',
  'initcwnd',
  'initrwnd',
  'ssthresh',
  'reordering',
  'hoplimit',
  'quickack',
];

/**
 * What follows `ip route add|append|prepend|del` for exactly this route of the main table. Every property is in it,
 * for `del` takes the first route that fits what is said.
 */
export function specify(route: Omit<NetworkRoute, 'specification'>): string {
  const words: string[] = [];
  if (route.type !== 'unicast') words.push(route.type);
  words.push(route.destination);
  const put = (name: string, value: string | number | null) => {
    if (value !== null) words.push(name, String(value));
  };
  put('via', route.gateway);
  put('dev', route.device);
  put('proto', route.protocol);
  // IPv6 has no scopes
  if (route.family === 'ipv4') put('scope', route.scope);
  put('src', route.source);
  if (route.metric !== 0) put('metric', route.metric);
  if (route.table !== 'main') put('table', route.table);
  if (route.flags.includes('onlink')) words.push('onlink');
  for (const [name, value] of Object.entries(route.options)) put(name, value);
  put('pref', route.preference);
  for (const { gateway, device, weight } of route.nexthops) {
    words.push('nexthop');
    put('via', gateway);
    put('dev', device);
    put('weight', weight);
  }
  if (route.unread !== '') words.push(route.unread);
  return words.join(' ');
}
