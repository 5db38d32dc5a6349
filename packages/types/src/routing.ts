import { z } from 'zod';
import { addressTextSchema } from './access.ts';
import { familySchema, revisionSchema } from './firewall.ts';
import { fieldErrorSchema } from './problem.ts';

/** Paths of routes on the agent. */
export const routingPaths = { routing: '/v1/routing', check: '/v1/routing/check' } as const;

export const nexthopSchema = z.strictObject({
  gateway: z.string().nullable(),
  device: z.string().nullable(),
  weight: z.int(),
});
export type Nexthop = z.infer<typeof nexthopSchema>;

/** One route of one routing table, in the order in which the kernel holds it. */
export const networkRouteSchema = z.strictObject({
  family: familySchema,
  /** `main`, `local`, `default`, or a name or number of another one */
  table: z.string(),
  /** `unicast`, or `local`, `broadcast`, `multicast`, `blackhole`, `unreachable`, `prohibit`, `throw` … */
  type: z.string(),
  /** `default` or a prefix with its length, single addresses included */
  destination: z.string(),
  gateway: z.string().nullable(),
  device: z.string().nullable(),
  /** the address from which packets are sent that have none yet (`src`) */
  source: z.string().nullable(),
  /** 0 where the kernel has none */
  metric: z.int(),
  /** who made it: `kernel`, `boot` (typed), `static`, `dhcp`, `ra` … */
  protocol: z.string(),
  scope: z.string(),
  /** `onlink`, and what passes: `linkdown`, `dead` */
  flags: z.array(z.string()),
  /** `mtu`, `advmss` and the like */
  options: z.record(z.string(), z.int()),
  /** the preference of a router that advertises itself (RFC 4191); null for IPv4 */
  preference: z.string().nullable(),
  /** several ways of one route; empty for an ordinary one, whose way is `gateway` and `device` */
  nexthops: z.array(nexthopSchema),
  /** seconds until it goes by itself; null where it stays */
  expires: z.int().nullable(),
  /** words of `ip route` that are not understood here; such a route is shown and never changed */
  unread: z.string(),
  /** what follows `ip route add` for exactly this route: how an edit names it */
  specification: z.string(),
});
export type NetworkRoute = z.infer<typeof networkRouteSchema>;

export const interfaceAddressSchema = z.strictObject({
  family: familySchema,
  address: z.string(),
  prefix: z.int(),
  /** `global`, `link`, `host` */
  scope: z.string(),
});
export type InterfaceAddress = z.infer<typeof interfaceAddressSchema>;

export const hostInterfaceSchema = z.strictObject({
  name: z.string(),
  mac: z.string().nullable(),
  /** set up by the administrator */
  up: z.boolean(),
  /** the cable is in; a route over an interface without a carrier sends nothing */
  carrier: z.boolean(),
  mtu: z.int(),
  addresses: z.array(interfaceAddressSchema),
  /** the value of net.ipv4.conf that counts, the larger of `all` and its own: 1 is strict; null where unreadable */
  reversePathFilter: z.int().nullable(),
});
export type HostInterface = z.infer<typeof hostInterfaceSchema>;

/** A policy rule (`ip rule`). */
export const policyRuleSchema = z.strictObject({
  family: familySchema,
  priority: z.int(),
  /** as `ip rule` prints it, without the priority */
  text: z.string(),
});
export type PolicyRule = z.infer<typeof policyRuleSchema>;

/** Where packets to one destination go, as far as routes tell. */
export const routeLookupSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('route'), route: networkRouteSchema }),
  /** no route, or one that refuses */
  z.strictObject({ outcome: z.literal('none'), route: networkRouteSchema.nullable() }),
  /** policy rules beyond the standard ones decide, or a route that is not understood */
  z.strictObject({ outcome: z.literal('unknown'), reason: z.enum(['policyRules', 'unreadRoute']) }),
]);
export type RouteLookup = z.infer<typeof routeLookupSchema>;

export const defaultGatewaySchema = z.strictObject({
  route: networkRouteSchema,
  /**
   * `wins`: it carries what no other route does; `shares`: IPv6 spreads over equal metrics; `loses`: another one has
   * a lower metric, or the same and stands before it
   */
  standing: z.enum(['wins', 'shares', 'loses']),
  /** the subnet of its interface that holds the gateway; null where none does */
  subnet: z.string().nullable(),
});
export type DefaultGateway = z.infer<typeof defaultGatewaySchema>;

/**
 * What is wrong, as data:
 * - `severalDefaults` the guide's case: one has to go
 * - `noDefault` nothing beyond its own subnets is reached
 * - `gatewayOffLink` the gateway of a default route is in no subnet of its interface
 * - `interfaceDown` a default route leaves by an interface that is down or has no carrier
 * - `repliesElsewhere` what comes in from beyond by this interface is answered by another one
 * - `reversePathDrops` and is dropped by the host itself before that: rp_filter is strict
 * - `policyRules` other tables may decide, so that none of this is certain
 */
export const routingProblemSchema = z.strictObject({
  code: z.enum([
    'severalDefaults',
    'noDefault',
    'gatewayOffLink',
    'interfaceDown',
    'repliesElsewhere',
    'reversePathDrops',
    'policyRules',
  ]),
  family: familySchema,
  device: z.string().nullable(),
  gateway: z.string().nullable(),
  /** the interface that answers, of `repliesElsewhere` */
  by: z.string().nullable(),
});
export type RoutingProblem = z.infer<typeof routingProblemSchema>;

/** Somebody who must still be reached after a change. */
export const peerSchema = z.strictObject({
  /** `console` talks to the agent, `ssh` to the SSH server, `dns` is asked for names, `given` was named by the caller */
  kind: z.enum(['console', 'ssh', 'dns', 'given']),
  address: z.string(),
  /** the address of this host that it talks to; null where it is not known */
  local: z.string().nullable(),
});
export type Peer = z.infer<typeof peerSchema>;

/**
 * The way back to a peer over a change: `changed` leaves by another interface or gateway, `lost` by none any more,
 * `gained` by one at last, `none` by none before and after.
 */
export const peerWaySchema = z.strictObject({
  peer: peerSchema,
  way: z.enum(['kept', 'changed', 'lost', 'gained', 'none', 'unknown']),
  before: routeLookupSchema,
  after: routeLookupSchema,
  /** the answer leaves, after the change, by another interface than the one with the address that was asked */
  asymmetric: z.boolean(),
});
export type PeerWay = z.infer<typeof peerWaySchema>;

const deviceNameSchema = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,14}$/);
const destinationTextSchema = z.string().regex(/^(?:default|[0-9A-Fa-f:.]{2,45}(?:\/\d{1,3})?)$/);

/** One edit of the main table. */
export const routeEditSchema = z.discriminatedUnion('type', [
  /** every other default gateway of the family goes: the guide's repair */
  z.strictObject({
    type: z.literal('keepDefault'),
    family: familySchema,
    gateway: addressTextSchema,
    device: deviceNameSchema,
  }),
  /** `specification` as read */
  z.strictObject({ type: z.literal('delete'), family: familySchema, specification: z.string().max(1024) }),
  z.strictObject({
    type: z.literal('add'),
    family: familySchema,
    destination: destinationTextSchema,
    gateway: addressTextSchema.nullable(),
    device: deviceNameSchema,
    metric: z.int().min(0).max(0xffffffff).nullable(),
    source: addressTextSchema.nullable(),
    /** among routes of the same destination and metric; `first` wins. IPv6 spreads over them in any order */
    place: z.enum(['first', 'last']),
  }),
  /** a route as it was read before, put back with everything that it had */
  z.strictObject({
    type: z.literal('putBack'),
    route: networkRouteSchema,
    place: z.enum(['first', 'last']),
  }),
]);
export type RouteEdit = z.infer<typeof routeEditSchema>;

/** What brings the host's routes at boot. */
export const routeKeeperSchema = z.strictObject({
  tool: z.enum(['netplan', 'ifupdown', 'none']),
  /** of netplan; null where no file names one and for the others */
  renderer: z.enum(['networkd', 'NetworkManager']).nullable(),
  /** its files that were found, in the order in which it reads them */
  files: z.array(z.string()),
});
export type RouteKeeper = z.infer<typeof routeKeeperSchema>;

/** What an administrator would see on the host. */
const shownCommandSchema = z.strictObject({
  command: z.string(),
  text: z.string(),
});

/** Everything the 라우팅 tab shows of one host. */
export const routingStateSchema = z.strictObject({
  readAt: z.iso.datetime(),
  /** SHA-256 of the canonical routes of both families, without what passes by itself */
  revision: revisionSchema,
  routes: z.array(networkRouteSchema),
  interfaces: z.array(hostInterfaceSchema),
  rules: z.array(policyRuleSchema),
  defaults: z.strictObject({ ipv4: z.array(defaultGatewaySchema), ipv6: z.array(defaultGatewaySchema) }),
  problems: z.array(routingProblemSchema),
  /** the peers of this moment and by which way they are answered */
  peers: z.array(z.strictObject({ peer: peerSchema, way: routeLookupSchema, asymmetric: z.boolean() })),
  outputs: z.strictObject({ route: shownCommandSchema, ip: shownCommandSchema, ip6: shownCommandSchema }),
  keeper: routeKeeperSchema,
});
export type RoutingState = z.infer<typeof routingStateSchema>;

/** What `check` looks at: nothing is changed. */
export const routingCheckSchema = z.strictObject({
  edits: z.array(routeEditSchema).min(1).max(32),
  /** further addresses that must be reached afterwards */
  peers: z.array(addressTextSchema).max(16).default([]),
});
export type RoutingCheck = z.infer<typeof routingCheckSchema>;

export const routeWarningSchema = z.strictObject({
  /**
   * - `noDefaultLeft` nothing beyond the host's subnets is reached afterwards
   * - `leased` a DHCP client made a route that goes; it may make it again
   */
  code: z.enum(['noDefaultLeft', 'leased']),
  family: familySchema,
  specification: z.string().nullable(),
});
export type RouteWarning = z.infer<typeof routeWarningSchema>;

/** One step as an administrator would type it. */
export const routeCommandSchema = z.strictObject({
  /** as the guide types it (net-tools); null for what it cannot say */
  route: z.string().nullable(),
  ip: z.string(),
});
export type RouteCommand = z.infer<typeof routeCommandSchema>;

/** How a change would be kept for the next boot. */
export const keepPlanSchema = z.strictObject({
  /** differences: `before` is null for a file that is not there yet */
  files: z.array(z.strictObject({ path: z.string(), before: z.string().nullable(), after: z.string() })),
  /**
   * Lines for a person:
   * - `static` netplan adds up the routes of all its files, and a further file takes none away
   * - `dhcp` ifupdown has no word for a lease without a gateway: `option routers` in dhclient.conf(5)
   * - `unclear` the file is written in a way that is not read here, or was edited since Moru wrote it
   */
  byHand: z.array(
    z.strictObject({
      path: z.string(),
      /** from 1 */
      line: z.int(),
      text: z.string(),
      code: z.enum(['static', 'dhcp', 'unclear']),
    }),
  ),
  /**
   * What becomes of each route:
   * - `file` a file is written for it; `already` the files say so as they are
   * - `byHand` a line that only a person may change makes it
   * - `unsupported` it cannot be said with the means of the tool, or no file names its interface
   */
  routes: z.array(
    z.strictObject({
      change: z.enum(['deleted', 'added']),
      specification: z.string(),
      outcome: z.enum(['file', 'already', 'byHand', 'unsupported']),
    }),
  ),
});
export type KeepPlan = z.infer<typeof keepPlanSchema>;

export const routingCheckedSchema = z.strictObject({
  /** of the routes as they are now */
  revision: revisionSchema,
  /** `field` is `edits.NUMBER.FIELD`; with any of them there is no plan */
  errors: z.array(fieldErrorSchema),
  plan: z
    .strictObject({
      /** the revision that it leads to */
      revision: revisionSchema,
      deleted: z.array(networkRouteSchema),
      added: z.array(networkRouteSchema),
      commands: z.array(routeCommandSchema),
      warnings: z.array(routeWarningSchema),
      /** `route -n` as it would be, Ref and Use as 0 */
      table: z.string(),
      peers: z.array(peerWaySchema),
      keep: keepPlanSchema,
    })
    .nullable(),
});
export type RoutingChecked = z.infer<typeof routingCheckedSchema>;
