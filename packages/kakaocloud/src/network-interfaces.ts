import { z } from 'zod';
import { networkInterfaceStatusSchema } from './enums.ts';
import { orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

const securityGroup = z.object({ id: z.string(), name: orNull(z.string()) });
const addressPair = z.object({ mac_address: orNull(z.string()), ip_address: z.string() });

/** A network interface, as BCS lists those of an instance and VPC lists all (reference/kakaocloud.md C.5, C.7). */
export const networkInterfaceSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  status: orNull(z.string()),
  description: orNull(z.string()),
  project_id: orNull(z.string()),
  project_name: orNull(z.string()),
  vpc_id: orNull(z.string()),
  subnet_id: orNull(z.string()),
  mac_address: orNull(z.string()),
  /** of the instance */
  device_id: orNull(z.string()),
  device_owner: orNull(z.string()),
  private_ip: orNull(z.string()),
  secondary_ips: orEmpty(z.string()),
  /** the address, also while it is being attached */
  public_ip: orNull(z.string()),
  is_network_interface_security_enabled: orNull(z.boolean()),
  allowed_address_pairs: orEmpty(addressPair),
  security_groups: orEmpty(securityGroup),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
export type NetworkInterface = z.infer<typeof networkInterfaceSchema>;

export const networkInterfaceAnswerSchema = z.object({ network_interface: networkInterfaceSchema });
export const networkInterfaceListAnswerSchema = z.object({
  network_interfaces: orEmpty(networkInterfaceSchema),
  pagination: orNull(paginationSchema),
});

export const strictNetworkInterfaceSchema = z.strictObject({
  ...networkInterfaceSchema.shape,
  id: uuidSchema,
  name: z.string(),
  status: networkInterfaceStatusSchema,
  project_id: z.string(),
  vpc_id: uuidSchema,
  subnet_id: uuidSchema,
  mac_address: z.mac(),
  device_id: z.nullable(uuidSchema),
  private_ip: z.ipv4(),
  public_ip: z.nullable(z.ipv4()),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictNetworkInterface = z.infer<typeof strictNetworkInterfaceSchema>;

export const strictNetworkInterfaceAnswerSchema = z.strictObject({
  network_interface: strictNetworkInterfaceSchema,
});
export const strictNetworkInterfaceListAnswerSchema = z.strictObject({
  network_interfaces: z.array(strictNetworkInterfaceSchema),
  pagination: paginationSchema,
});
