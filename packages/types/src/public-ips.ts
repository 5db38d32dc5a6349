import { z } from 'zod';
import { instanceListQuerySchema, publicIpStatusSchema } from './instances.ts';
import { descriptionSchema } from './lifecycle.ts';
import { operationSchema } from './operations.ts';
import { pageSchema } from './page.ts';

export const publicIpSchema = z.object({
  id: z.string(),
  address: z.string(),
  status: publicIpStatusSchema,
  description: z.string(),
  privateIp: z.string().nullable(),
  /** where it is connected, or null while it is idle */
  attachedTo: z
    .object({
      instanceId: z.string().nullable(),
      instanceName: z.string().nullable(),
      networkInterfaceId: z.string(),
      networkInterfaceName: z.string().nullable(),
    })
    .nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type PublicIp = z.infer<typeof publicIpSchema>;

export const publicIpListQuerySchema = z.object({
  ...instanceListQuerySchema.pick({ q: true, limit: true, offset: true }).shape,
  /** only those that are connected to nothing, or only the others */
  idle: z.stringbool().optional(),
});
export type PublicIpListQuery = z.infer<typeof publicIpListQuerySchema>;

export const publicIpListSchema = z.object({
  publicIps: z.array(publicIpSchema),
  page: pageSchema,
  readAt: z.iso.datetime(),
});
export type PublicIpList = z.infer<typeof publicIpListSchema>;

/** An address that nothing is connected to yet; the cloud chooses which. */
export const createPublicIpSchema = z.strictObject({ description: descriptionSchema.optional() });
export type CreatePublicIp = z.infer<typeof createPublicIpSchema>;

/** `was` is the description that the person saw: if it is another one by now, nothing is written over it. */
export const describePublicIpSchema = z.strictObject({
  description: descriptionSchema,
  // whatever the cloud holds
  was: z.string().max(1000),
});
export type DescribePublicIp = z.infer<typeof describePublicIpSchema>;

const publicIpId = z.string().min(1).max(64);

/**
 * Which Public IP an interface gets: a fresh one, an idle one that the project already holds, or one that is taken off
 * another interface for it. `fromNetworkInterfaceId` is where the person saw it; if it is elsewhere by now, nothing is
 * moved.
 */
export const connectPublicIpSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('new') }),
  z.strictObject({ mode: z.literal('existing'), publicIpId }),
  z.strictObject({
    mode: z.literal('move'),
    publicIpId,
    fromNetworkInterfaceId: z.string().min(1).max(64),
  }),
]);
export type ConnectPublicIp = z.infer<typeof connectPublicIpSchema>;

/** `attaching` until the cloud says `in_use`: the operation goes on until then. */
export const connectPublicIpResultSchema = z.object({
  publicIp: publicIpSchema,
  operation: operationSchema,
});
export type ConnectPublicIpResult = z.infer<typeof connectPublicIpResultSchema>;

/**
 * Sent as a body with DELETE. `publicIpId` is the address that the person saw on the interface; if it is another one
 * by now, nothing is disconnected. `deletePublicIp` also gives the address back after disconnecting.
 */
export const disconnectPublicIpSchema = z.strictObject({
  publicIpId,
  deletePublicIp: z.boolean(),
});
export type DisconnectPublicIp = z.infer<typeof disconnectPublicIpSchema>;

export const disconnectPublicIpResultSchema = z.object({
  address: z.string(),
  /** false: the address is kept, idle and billed */
  deleted: z.boolean(),
  operation: operationSchema,
});
export type DisconnectPublicIpResult = z.infer<typeof disconnectPublicIpResultSchema>;

/**
 * Gives addresses back, each as the person saw it: one that is connected is disconnected first. One that is elsewhere
 * by now is left alone, and its item says so.
 */
export const releasePublicIpsSchema = z.strictObject({
  publicIps: z
    .array(z.strictObject({ id: publicIpId, networkInterfaceId: z.string().min(1).max(64).nullable() }))
    .min(1)
    .max(200),
});
export type ReleasePublicIps = z.infer<typeof releasePublicIpsSchema>;
