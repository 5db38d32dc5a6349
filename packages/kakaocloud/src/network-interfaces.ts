import { z } from 'zod';
import { networkInterfaceStatusSchema } from './enums.ts';
import {
  descriptionSchema,
  nameSchema,
  orEmpty,
  orNull,
  timeSchema,
  utcTimeSchema,
  uuidSchema,
} from './fields.ts';
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
  allowed_address_pairs: z.array(z.strictObject({ mac_address: z.mac(), ip_address: z.string() })),
  security_groups: z.array(z.strictObject({ id: uuidSchema, name: z.string() })),
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

/** What attaching answers (C.5). */
export const strictAttachedInterfaceAnswerSchema = z.strictObject({
  network_interface: z.strictObject({
    id: uuidSchema,
    status: networkInterfaceStatusSchema,
    mac_address: z.mac(),
    private_ips: z.array(z.strictObject({ ip_address: z.ipv4(), subnet_id: uuidSchema })),
  }),
});

const name = nameSchema(200);

/** Body of `POST /api/v1/network-interfaces`. */
export const createNetworkInterfaceSchema = z.object({
  network_interface: z.object({
    name,
    subnet_id: z.string(),
    /** ids; none is taken by default */
    security_groups: z.array(z.string()).max(50),
    description: z.nullable(descriptionSchema).optional(),
    private_ip: z.nullable(z.ipv4()).optional(),
  }),
});
export type CreateNetworkInterface = z.infer<typeof createNetworkInterfaceSchema>['network_interface'];

/** Body of `PUT /api/v1/network-interfaces/{id}`; what is left out stays. */
export const updateNetworkInterfaceSchema = z.object({
  network_interface: z.object({
    name: z.nullable(name).optional(),
    description: z.nullable(descriptionSchema).optional(),
    security_groups: z.nullable(z.array(z.string()).max(50)).optional(),
  }),
});
export type UpdateNetworkInterface = z.infer<typeof updateNetworkInterfaceSchema>['network_interface'];

/** Body of `PUT …/allowed-address-pairs`, of both hosts: the whole list. */
export const updateAddressPairsSchema = z.object({
  allowed_address_pairs: z
    .array(z.object({ ip_address: z.union([z.ipv4(), z.cidrv4()]), mac_address: z.mac().optional() }))
    .max(50),
});
