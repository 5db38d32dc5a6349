import { z } from 'zod';
import { firewallTraits } from './instance-filter.ts';
import { pageSchema } from './page.ts';

/** Public IP states on the wire (reference/kakaocloud.md C.3); anything else is shown as it came. */
export const publicIpStatusSchema = z.string();

export const networkInterfaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** eth0, eth1 … in the order of the instance's addresses; the first is the primary one */
  device: z.string(),
  primary: z.boolean(),
  macAddress: z.string().nullable(),
  privateIp: z.string().nullable(),
  subnet: z.object({ id: z.string(), name: z.string(), cidr: z.string() }).nullable(),
  publicIp: z.object({ id: z.string(), address: z.string(), status: publicIpStatusSchema }).nullable(),
});
export type NetworkInterface = z.infer<typeof networkInterfaceSchema>;

/** What the agent on the host last said of its firewall, and how old that is. */
export const firewallSummarySchema = z.object({
  /** `unread`: nobody has asked yet since the BFF started; `none`: the host has no agent to ask */
  agent: z.enum(['connected', 'offline', 'unread', 'none']),
  readAt: z.iso.datetime().nullable(),
  /** policy of filter INPUT */
  inputPolicy: z.enum(['ACCEPT', 'DROP']).nullable(),
  /** no rule stands between the world and any port but `closedPorts`: policy ACCEPT and nothing that drops all */
  open: z.boolean().nullable(),
  /** ports that plain ACCEPT rules of INPUT open to every source, as `tcp/22` */
  openPorts: z.array(z.string()),
  /** where all else is open: ports that plain DROP and REJECT rules shut, but for sources that are let in before */
  closedPorts: z.array(z.string()),
  /** the running rules differ from /etc/iptables.rules; null when no file was ever saved */
  unsaved: z.boolean().nullable(),
  /** other rules run than Moru has left there; null where it never changed any, or the agent does not tell */
  outside: z.boolean().nullable(),
});
export type FirewallSummary = z.infer<typeof firewallSummarySchema>;

export const instanceSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  /** detailed state in KakaoCloud's spelling, lower case: active, stopped, rebooting_hard … */
  status: z.string(),
  /** what is under way, or null */
  task: z.string().nullable(),
  flavor: z.string().nullable(),
  image: z.string().nullable(),
  availabilityZone: z.string().nullable(),
  keyName: z.string().nullable(),
  hostname: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
  /** since when it is in this state, while something is under way; else null */
  taskSince: z.iso.datetime().nullable(),
  networkInterfaces: z.array(networkInterfaceSchema),
  firewall: firewallSummarySchema,
});
export type Instance = z.infer<typeof instanceSchema>;

export const instanceSortSchema = z.enum([
  'name',
  'status',
  'flavor',
  'image',
  'availabilityZone',
  'subnet',
  'privateIp',
  'publicIp',
  'keyName',
  'hostname',
  'createdAt',
  'id',
]);
export const sortDirectionSchema = z.enum(['asc', 'desc']);

/** A property of the list, given once or several times: `status=active&status=error`. */
function anyOf<Value extends z.ZodType<string>>(value: Value) {
  return z.union([z.array(value).max(200), value.transform((one) => [one])]).optional();
}

const valueSchema = z.string().min(1).max(200);

/** Which instances are meant: `InstanceFilter` says how its properties are taken together. */
export const instanceFilterSchema = z.object({
  /** text that name, id, any address, status or type contains; case does not matter */
  q: z.string().trim().max(200).optional(),
  /** as the instance has it; what is under way beside it is not looked into */
  status: anyOf(valueSchema),
  /** what the host was last heard to be; of one that has not answered yet nothing is known */
  firewall: anyOf(z.enum(firewallTraits)),
  publicIp: anyOf(z.enum(['with', 'without'])),
  flavor: anyOf(valueSchema),
  /** by name */
  image: anyOf(valueSchema),
  /** ids */
  subnet: anyOf(valueSchema),
  availabilityZone: anyOf(valueSchema),
});

/** Query of the instance list; the same object is the search part of the list's address. */
export const instanceListQuerySchema = instanceFilterSchema.extend({
  sort: instanceSortSchema.optional(),
  direction: sortDirectionSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  offset: z.coerce.number().int().min(0).optional(),
});
export type InstanceListQuery = z.infer<typeof instanceListQuerySchema>;

export const instanceListSchema = z.object({
  instances: z.array(instanceSchema),
  page: pageSchema,
  /** when the cloud was read */
  readAt: z.iso.datetime(),
});
export type InstanceList = z.infer<typeof instanceListSchema>;

/** A value of a property, and how many of the instances have it that everything else in the filter leaves. */
const facetValueSchema = z.object({
  value: z.string(),
  /** what people know it by, where that is not the value itself */
  label: z.string().nullable(),
  count: z.int(),
});

/** What the list can be filtered by now: the commonest values of each property first, at most 200. */
export const instanceFacetsSchema = z.object({
  status: z.array(facetValueSchema),
  firewall: z.array(facetValueSchema),
  publicIp: z.array(facetValueSchema),
  flavor: z.array(facetValueSchema),
  image: z.array(facetValueSchema),
  subnet: z.array(facetValueSchema),
  availabilityZone: z.array(facetValueSchema),
});
export type InstanceFacets = z.infer<typeof instanceFacetsSchema>;
export type FacetValue = z.infer<typeof facetValueSchema>;
