// apart from the schemas: a list that filters while it waits does not bring them to the browser

interface Firewall {
  agent: 'connected' | 'offline' | 'unread' | 'none';
  readAt: string | null;
  open: boolean | null;
  unsaved: boolean | null;
  outside: boolean | null;
}

interface Filtered {
  status: string;
  flavor: string | null;
  image: string | null;
  availabilityZone: string | null;
  networkInterfaces: readonly { publicIp: object | null; subnet: { id: string } | null }[];
}

/** What the instance list can be filtered by, in the order in which it is offered. */
export const instanceProperties = [
  'status',
  'firewall',
  'publicIp',
  'flavor',
  'image',
  'subnet',
  'availabilityZone',
] as const;
export type InstanceProperty = (typeof instanceProperties)[number];

/** Of several values of one property any will do; of several properties each must hold. Subnets by their ids. */
export type InstanceFilter = { readonly [Property in InstanceProperty]?: readonly string[] | undefined };

/** What the list says of a host's firewall and can be filtered by; of a host that is off it says nothing. */
export const firewallTraits = [
  'open',
  'unsure',
  'closed',
  'unsaved',
  'outside',
  'offline',
  'unread',
  'none',
] as const;
export type FirewallTrait = (typeof firewallTraits)[number];

export function traitsOf(status: string, firewall: Firewall): FirewallTrait[] {
  const { agent, readAt, open, unsaved, outside } = firewall;
  if (status === 'stopped') return [];
  if (agent === 'none') return ['none'];
  if (readAt === null) return [agent === 'offline' ? 'offline' : 'unread'];
  const traits: FirewallTrait[] = [open === null ? 'unsure' : open ? 'open' : 'closed'];
  if (agent === 'offline') return [...traits, 'offline'];
  if (unsaved) traits.push('unsaved');
  if (outside) traits.push('outside');
  return traits;
}

const read: Record<
  Exclude<InstanceProperty, 'firewall'>,
  (row: Filtered) => (string | null | undefined)[]
> = {
  status: (row) => [row.status],
  publicIp: (row) => [row.networkInterfaces.some((nic) => nic.publicIp) ? 'with' : 'without'],
  flavor: (row) => [row.flavor],
  image: (row) => [row.image],
  subnet: (row) => row.networkInterfaces.map((nic) => nic.subnet?.id),
  availabilityZone: (row) => [row.availabilityZone],
};

/** The values that a row has of a property, each once. `firewallOf` is asked of the firewall alone. */
export function propertyValues<Row extends Filtered>(
  row: Row,
  property: InstanceProperty,
  firewallOf: (row: Row) => Firewall,
): string[] {
  if (property === 'firewall') return traitsOf(row.status, firewallOf(row));
  return [...new Set(read[property](row).filter((value) => value !== null && value !== undefined))];
}

/** The properties that a filter names. */
export function filteredProperties(filter: InstanceFilter): InstanceProperty[] {
  return instanceProperties.filter((property) => (filter[property]?.length ?? 0) > 0);
}

/** Whether a row is among those that are asked for; null where the filter leaves every one. */
export function filterFor<Row extends Filtered>(
  filter: InstanceFilter,
  firewallOf: (row: Row) => Firewall,
): ((row: Row) => boolean) | null {
  const wanted = filteredProperties(filter).map((property) => [property, new Set(filter[property])] as const);
  if (wanted.length === 0) return null;
  return (row) =>
    wanted.every(([property, values]) =>
      propertyValues(row, property, firewallOf).some((value) => values.has(value)),
    );
}
