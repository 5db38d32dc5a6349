import { z } from 'zod';
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
  networkInterfaces: z.array(networkInterfaceSchema),
  firewall: firewallSummarySchema,
});
export type Instance = z.infer<typeof instanceSchema>;

export const instanceSortSchema = z.enum(['name', 'status', 'flavor', 'privateIp', 'publicIp', 'createdAt']);
export const sortDirectionSchema = z.enum(['asc', 'desc']);

/** Query of the instance list; the same object is the search part of the list's address. */
export const instanceListQuerySchema = z.object({
  /** text that name, id, any address, status or type contains; case does not matter */
  q: z.string().trim().max(200).optional(),
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
