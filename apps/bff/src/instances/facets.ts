import {
  type FacetValue,
  type InstanceFacets,
  type InstanceListQuery,
  type InstanceProperty,
  instanceProperties,
  propertyValues,
} from '@moru/types';
import type { CloudInstance } from '../cloud/provider.ts';
import { type FirewallOf, matching } from './select.ts';

/** More values than this are not chosen from a list. */
const mostValues = 200;

/**
 * The values of each property, with the number of instances that each would leave: those that the text and the other
 * properties match. A value that is asked for stands there also where it leaves none.
 */
export function facetsOf(
  all: readonly CloudInstance[],
  query: InstanceListQuery,
  firewallOf: FirewallOf<CloudInstance>,
): InstanceFacets {
  const labels = new Map<string, string>();
  for (const { networkInterfaces } of all) {
    for (const { subnet } of networkInterfaces) {
      if (subnet) labels.set(subnet.id, `${subnet.name} (${subnet.cidr})`);
    }
  }
  // text is dear to look into, and the same for all of them
  const { q, ...wanted } = query;
  const found = matching(all, { q }, firewallOf);
  const values = (property: InstanceProperty): FacetValue[] => {
    const chosen = query[property] ?? [];
    const counts = new Map<string, number>(chosen.map((value) => [value, 0]));
    for (const row of matching(found, { ...wanted, [property]: undefined }, firewallOf)) {
      for (const value of propertyValues(row, property, firewallOf)) {
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
    const all = [...counts]
      .map(([value, count]) => ({
        value,
        count,
        label: property === 'subnet' ? (labels.get(value) ?? null) : null,
      }))
      .sort((one, other) => other.count - one.count || one.value.localeCompare(other.value));
    return all.filter(({ value }, index) => index < mostValues || chosen.some((one) => one === value));
  };
  return Object.fromEntries(
    instanceProperties.map((property) => [property, values(property)]),
  ) as InstanceFacets;
}
