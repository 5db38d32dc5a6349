import { z } from 'zod';

export const paginationSchema = z.object({ total: z.int(), offset: z.int(), limit: z.int() });
export type Pagination = z.infer<typeof paginationSchema>;

/** Rows that a list answers when `limit` is not given (reference/kakaocloud.md C.3). */
export const defaultLimit = 20;

/** What the embedded cloud gives at most in one answer; the provider always asks for 1000. */
export const maximumLimit = 1000;

export const sortDirections = ['asc', 'desc'] as const;

/** Paging and order of every list. Several keys are a comma list, with one direction for each. */
export interface ListQuery {
  offset?: number;
  limit?: number;
  sort_keys?: string;
  sort_dirs?: string;
}

/** Query names that narrow the list of instances. `name` matches a part, the others a whole value. */
export const instanceFilters = [
  'id',
  'name',
  'vm_state',
  'flavor_name',
  'image_name',
  'private_ip',
  'public_ip',
  'availability_zone',
  'instance_type',
  'status',
  'user_id',
  'hostname',
  'os_type',
  'is_hadoop',
  'is_k8se',
  'created_at',
  'updated_at',
] as const;

export const publicIpFilters = [
  'id',
  'status',
  'public_ip',
  'related_resource_id',
  'related_resource_name',
  'created_at',
  'updated_at',
] as const;

export const networkInterfaceFilters = [
  'id',
  'name',
  'status',
  'private_ip',
  'public_ip',
  'device_id',
  'device_owner',
  'subnet_id',
  'mac_address',
  'security_group_id',
  'security_group_name',
  'created_at',
  'updated_at',
] as const;

export const flavorFilters = [
  'id',
  'name',
  'is_burstable',
  'vcpus',
  'architecture',
  'memory_mb',
  'instance_type',
  'instance_family',
  'instance_size',
  'manufacturer',
  'maximum_network_interfaces',
  'processor',
  'created_at',
  'updated_at',
] as const;

export const imageFilters = [
  'id',
  'name',
  'instance_type',
  'image_type',
  'size',
  'min_disk',
  'disk_format',
  'status',
  'os_type',
  'visibility',
  'image_member_status',
  'created_at',
  'updated_at',
] as const;

export const keyPairFilters = ['id', 'name', 'type', 'fingerprint', 'created_at'] as const;

export const vpcFilters = [
  'id',
  'name',
  'cidr_block',
  'provisioning_status',
  'is_default',
  'created_at',
  'updated_at',
] as const;

export const subnetFilters = [
  'id',
  'name',
  'availability_zone',
  'provisioning_status',
  'operating_status',
  'cidr_block',
  'vpc_id',
  'vpc_name',
  'route_table_id',
  'route_table_name',
  'is_shared',
  'created_at',
  'updated_at',
] as const;

export const routeTableFilters = [
  'id',
  'name',
  'provisioning_status',
  'vpc_id',
  'vpc_name',
  'vpc_provisioning_status',
  'subnet_id',
  'subnet_name',
  'association_count',
  'destination',
  'created_at',
  'updated_at',
] as const;

export const securityGroupFilters = ['id', 'name', 'created_at', 'updated_at'] as const;

type Filtered<Names extends readonly string[]> = ListQuery & Partial<Record<Names[number], string>>;

export type InstanceListQuery = Filtered<typeof instanceFilters>;
export type PublicIpListQuery = Filtered<typeof publicIpFilters>;
export type NetworkInterfaceListQuery = Filtered<typeof networkInterfaceFilters>;
