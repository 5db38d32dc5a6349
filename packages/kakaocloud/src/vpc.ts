import { z } from 'zod';
import {
  availabilityZoneSchema,
  provisioningStatusSchema,
  regionSchema,
  subnetOperatingStatusSchema,
} from './enums.ts';
import { nameSchema, orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

const internetGateway = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  region: orNull(z.string()),
  /** the address that hosts without a Public IP go out with, where there is one */
  nat_ip: orNull(z.string()),
  project_id: orNull(z.string()),
  operating_status: orNull(z.string()),
  provisioning_status: orNull(z.string()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});

const defaultRouteTable = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  provisioning_status: orNull(z.string()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});

/** A VPC (reference/kakaocloud.md C.7). */
export const vpcSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  region: orNull(z.string()),
  project_id: orNull(z.string()),
  project_name: orNull(z.string()),
  cidr_block: orNull(z.string()),
  is_default: orNull(z.boolean()),
  is_enable_dns_support: orNull(z.boolean()),
  provisioning_status: orNull(z.string()),
  /** null without a way to the internet: then no Public IP of the VPC is reached */
  igw: orNull(internetGateway),
  default_route_table: orNull(defaultRouteTable),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
export type Vpc = z.infer<typeof vpcSchema>;

export const subnetSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  is_shared: orNull(z.boolean()),
  availability_zone: orNull(z.string()),
  cidr_block: orNull(z.string()),
  project_id: orNull(z.string()),
  project_name: orNull(z.string()),
  owner_project_id: orNull(z.string()),
  operating_status: orNull(z.string()),
  provisioning_status: orNull(z.string()),
  vpc_id: orNull(z.string()),
  vpc_name: orNull(z.string()),
  route_table_id: orNull(z.string()),
  route_table_name: orNull(z.string()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
export type Subnet = z.infer<typeof subnetSchema>;

export const vpcAnswerSchema = z.object({ vpc: vpcSchema });
export const vpcListAnswerSchema = z.object({ vpcs: orEmpty(vpcSchema), pagination: paginationSchema });
export const subnetAnswerSchema = z.object({ subnet: subnetSchema });
export const subnetListAnswerSchema = z.object({
  subnets: orEmpty(subnetSchema),
  pagination: paginationSchema,
});

export const strictVpcSchema = z.strictObject({
  ...vpcSchema.shape,
  id: uuidSchema,
  name: z.string(),
  region: regionSchema,
  project_id: z.string(),
  cidr_block: z.cidrv4(),
  provisioning_status: provisioningStatusSchema,
  igw: z.nullable(
    z.strictObject({
      ...internetGateway.shape,
      id: uuidSchema,
      region: regionSchema,
      operating_status: z.literal('ONLINE'),
      provisioning_status: provisioningStatusSchema,
    }),
  ),
  default_route_table: z.strictObject({
    ...defaultRouteTable.shape,
    id: uuidSchema,
    provisioning_status: provisioningStatusSchema,
  }),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictVpc = z.infer<typeof strictVpcSchema>;

export const strictSubnetSchema = z.strictObject({
  ...subnetSchema.shape,
  id: uuidSchema,
  name: z.string(),
  availability_zone: availabilityZoneSchema,
  cidr_block: z.cidrv4(),
  project_id: z.string(),
  operating_status: subnetOperatingStatusSchema,
  provisioning_status: provisioningStatusSchema,
  vpc_id: uuidSchema,
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictSubnet = z.infer<typeof strictSubnetSchema>;

export const strictVpcAnswerSchema = z.strictObject({ vpc: strictVpcSchema });
export const strictVpcListAnswerSchema = z.strictObject({
  vpcs: z.array(strictVpcSchema),
  pagination: paginationSchema,
});
export const strictSubnetAnswerSchema = z.strictObject({ subnet: strictSubnetSchema });
export const strictSubnetListAnswerSchema = z.strictObject({
  subnets: z.array(strictSubnetSchema),
  pagination: paginationSchema,
});

const resourceName = nameSchema(200);
const mainSubnet = { cidr_block: z.string(), availability_zone: availabilityZoneSchema };

/** Body of `POST /api/v1/vpcs`; sizes and overlaps of the blocks are the server's to judge. */
export const createVpcSchema = z.object({
  vpc: z.object({
    name: resourceName,
    cidr_block: z.string(),
    /** made with the VPC */
    subnet: z.object(mainSubnet).optional(),
  }),
});
export type CreateVpc = z.infer<typeof createVpcSchema>['vpc'];

/** Body of `PUT /api/v1/vpcs/{id}`. */
export const updateVpcSchema = z.object({ vpc: z.object({ name: resourceName }) });

/** Body of `POST /api/v1/subnets`. */
export const createSubnetSchema = z.object({
  subnet: z.object({ name: resourceName, vpc_id: z.string(), ...mainSubnet }),
});
export type CreateSubnet = z.infer<typeof createSubnetSchema>['subnet'];

/** Body of `PUT /api/v1/subnets/{id}`. */
export const updateSubnetSchema = z.object({ subnet: z.object({ name: resourceName }) });
