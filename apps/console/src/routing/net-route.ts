/** One line of `route -n`, in the words of net-tools. */
export interface NetRouteRow {
  destination: string;
  gateway: string;
  genmask: string;
  flags: string;
  metric: string;
  ref: string;
  use: string;
  iface: string;
}

/** The lines of `route -n` (net-tools), without its two of heading; a line that is no route is left out. */
export function parseNetRoute(text: string): NetRouteRow[] {
  return text
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [destination, gateway, genmask, flags, metric, ref, use, iface, ...more] = line
        .trim()
        .split(/\s+/);
      if (!destination || !gateway || !genmask || !flags || !metric || !ref || !use || !iface) return [];
      return more.length > 0 ? [] : { destination, gateway, genmask, flags, metric, ref, use, iface };
    });
}

/** The row that a default gateway stands in. */
export const isDefaultBy = (row: NetRouteRow, gateway: string | null, device: string | null): boolean =>
  row.destination === '0.0.0.0' &&
  row.genmask === '0.0.0.0' &&
  row.gateway === (gateway ?? '0.0.0.0') &&
  row.iface === device;
