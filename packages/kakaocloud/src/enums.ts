import { z } from 'zod';

/**
 * Closed lists of the wire (reference/kakaocloud.md C.3). KakaoCloud's own SDK fails to decode a whole answer when
 * one of these holds another value, so the server writes nothing else; the reading schemas take any string, since
 * a value that the cloud adds one day must not blind the console.
 */
export const publicIpStatuses = ['available', 'in_use', 'attaching'] as const;
export const networkInterfaceStatuses = ['available', 'in_use'] as const;
export const availabilityZones = ['kr-central-2-a', 'kr-central-2-b', 'kr-central-2-c'] as const;
export const powerStates = ['NOSTATE', 'RUNNING', 'PAUSED', 'SHUTDOWN', 'CRASHED', 'SUSPENDED'] as const;
export const instanceTypes = ['vm', 'bm', 'gpu'] as const;
export const provisioningStatuses = [
  'ACTIVE',
  'DELETED',
  'ERROR',
  'PENDING_CREATE',
  'PENDING_UPDATE',
  'PENDING_DELETE',
] as const;
export const subnetOperatingStatuses = ['ONLINE', 'OFFLINE', 'IN_MAINTENANCE', 'ERROR'] as const;
export const regions = ['kr-central-2'] as const;
export const ruleDirections = ['ingress', 'egress'] as const;
export const ruleProtocols = ['TCP', 'UDP', 'ICMP', 'IPIP', 'ALL'] as const;
/** what a route that somebody adds may lead to; the VPC's own route is `local` in answers */
export const routeTypes = ['igw', 'instance', 'tgw'] as const;

export const publicIpStatusSchema = z.enum(publicIpStatuses);
export type PublicIpStatus = z.infer<typeof publicIpStatusSchema>;
export const networkInterfaceStatusSchema = z.enum(networkInterfaceStatuses);
export type NetworkInterfaceStatus = z.infer<typeof networkInterfaceStatusSchema>;
export const availabilityZoneSchema = z.enum(availabilityZones);
export type AvailabilityZone = z.infer<typeof availabilityZoneSchema>;
export const powerStateSchema = z.enum(powerStates);
export type PowerState = z.infer<typeof powerStateSchema>;
export const instanceTypeSchema = z.enum(instanceTypes);
export const provisioningStatusSchema = z.enum(provisioningStatuses);
export const subnetOperatingStatusSchema = z.enum(subnetOperatingStatuses);
export const regionSchema = z.enum(regions);
export const ruleDirectionSchema = z.enum(ruleDirections);
export const ruleProtocolSchema = z.enum(ruleProtocols);
export type RuleProtocol = z.infer<typeof ruleProtocolSchema>;
export const routeTypeSchema = z.enum(routeTypes);
export type RouteType = z.infer<typeof routeTypeSchema>;

/**
 * Instance states as the wire spells them, lower case (reference/kakaocloud.md B.1 and B.5). An open list: the
 * field is a free string, and more transitional names exist than are documented.
 */
export const instanceStatuses = [
  'spawning',
  'active',
  'stopped',
  'rebuild_spawning',
  'rebooting_hard',
  'rebooting_started_hard',
  'powering-off',
  'powering-on',
  'deleting',
  'shelved_offloaded',
  'error',
] as const;
export type InstanceStatus = (typeof instanceStatuses)[number];

/** The actions of `POST …/instances/{id}/actions?action=`; each also has a path of its own (C.4). */
export const instanceActions = ['start', 'stop', 'soft-reboot', 'hard-reboot', 'shelve', 'unshelve'] as const;
export type InstanceAction = (typeof instanceActions)[number];
