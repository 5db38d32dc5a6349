import { z } from 'zod';
import { availabilityZoneSchema, provisioningStatusSchema, routeTypeSchema } from './enums.ts';
import { nameSchema, orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

const association = z.object({
  id: z.string(),
  provisioning_status: orNull(z.string()),
  vpc_id: orNull(z.string()),
  vpc_name: orNull(z.string()),
  subnet_id: orNull(z.string()),
  subnet_name: orNull(z.string()),
  subnet_cidr_block: orNull(z.string()),
  availability_zone: orNull(z.string()),
});

const route = z.object({
  id: z.string(),
  /** CIDR */
  destination: orNull(z.string()),
  provisioning_status: orNull(z.string()),
  /** igw, instance, tgw, or local for the VPC's own */
  target_type: orNull(z.string()),
  target_id: orNull(z.string()),
  target_name: orNull(z.string()),
  is_local_route: orNull(z.boolean()),
});

/** A route table with its routes and the subnets that follow it (reference/kakaocloud.md C.7, official SDK). */
export const routeTableSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  associations: orEmpty(association),
  routes: orEmpty(route),
  vpc_id: orNull(z.string()),
  vpc_name: orNull(z.string()),
  vpc_provisioning_status: orNull(z.string()),
  provisioning_status: orNull(z.string()),
  project_id: orNull(z.string()),
  project_name: orNull(z.string()),
  /** the one that new subnets of the VPC get */
  is_main: orNull(z.boolean()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
export type RouteTable = z.infer<typeof routeTableSchema>;

export const routeTableListAnswerSchema = z.object({
  vpc_route_tables: orEmpty(routeTableSchema),
  pagination: paginationSchema,
});

const strictAssociationSchema = z.strictObject({
  id: uuidSchema,
  provisioning_status: provisioningStatusSchema,
  vpc_id: uuidSchema,
  vpc_name: z.string(),
  subnet_id: uuidSchema,
  subnet_name: z.string(),
  subnet_cidr_block: z.cidrv4(),
  availability_zone: availabilityZoneSchema,
});
export type StrictAssociation = z.infer<typeof strictAssociationSchema>;

const strictRouteSchema = z.strictObject({
  id: uuidSchema,
  destination: z.cidrv4(),
  provisioning_status: provisioningStatusSchema,
  target_type: z.union([routeTypeSchema, z.literal('local')]),
  target_id: z.nullable(z.string()),
  target_name: z.nullable(z.string()),
  is_local_route: z.boolean(),
});
export type StrictRoute = z.infer<typeof strictRouteSchema>;

const strictRouteTableSchema = z.strictObject({
  ...routeTableSchema.shape,
  id: uuidSchema,
  name: z.string(),
  associations: z.array(strictAssociationSchema),
  routes: z.array(strictRouteSchema),
  vpc_id: uuidSchema,
  vpc_name: z.string(),
  vpc_provisioning_status: provisioningStatusSchema,
  provisioning_status: provisioningStatusSchema,
  is_main: z.boolean(),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictRouteTable = z.infer<typeof strictRouteTableSchema>;

export const strictRouteTableAnswerSchema = z.strictObject({ vpc_route_table: strictRouteTableSchema });
export const strictRouteTableListAnswerSchema = z.strictObject({
  vpc_route_tables: z.array(strictRouteTableSchema),
  pagination: paginationSchema,
});
export const strictRouteAnswerSchema = z.strictObject({ vpc_route: strictRouteSchema });
export const strictAssociationAnswerSchema = z.strictObject({ association: strictAssociationSchema });
export const strictAssociationListAnswerSchema = z.strictObject({
  associations: z.array(strictAssociationSchema),
  pagination: paginationSchema,
});

/** Body of `POST /api/v1/route-tables`. */
export const createRouteTableSchema = z.object({
  vpc_route_table: z.object({ name: nameSchema(200), vpc_id: z.string() }),
});
export type CreateRouteTable = z.infer<typeof createRouteTableSchema>['vpc_route_table'];

/** Body of `POST …/routes` and of `PUT …/routes/{id}`. */
export const routeBodySchema = z.object({
  vpc_route: z.object({ route_type: routeTypeSchema, target_id: z.string(), destination: z.cidrv4() }),
});
export type RouteBody = z.infer<typeof routeBodySchema>['vpc_route'];

/** Body of `PUT …/associations/{id}`: the subnet follows the other table from then on. */
export const updateAssociationSchema = z.object({
  association: z.object({ target_route_table_id: z.string() }),
});
