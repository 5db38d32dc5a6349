import { z } from 'zod';
import { publicIpStatusSchema } from './instances.ts';
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

export const publicIpListSchema = z.object({
  publicIps: z.array(publicIpSchema),
  page: pageSchema,
  readAt: z.iso.datetime(),
});
export type PublicIpList = z.infer<typeof publicIpListSchema>;

/** Which Public IP an interface gets: a fresh one, or an idle one that the project already holds. */
export const connectPublicIpSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('new') }),
  z.strictObject({ mode: z.literal('existing'), publicIpId: z.string().min(1).max(64) }),
]);
export type ConnectPublicIp = z.infer<typeof connectPublicIpSchema>;

/** `attaching` until the cloud says `in_use`: the caller watches the instance. */
export const connectPublicIpResultSchema = z.object({ publicIp: publicIpSchema });
export type ConnectPublicIpResult = z.infer<typeof connectPublicIpResultSchema>;

/**
 * Sent as a body with DELETE. `publicIpId` is the address that the person saw on the interface; if it is another one
 * by now, nothing is disconnected. `deletePublicIp` also gives the address back after disconnecting.
 */
export const disconnectPublicIpSchema = z.strictObject({
  publicIpId: z.string().min(1).max(64),
  deletePublicIp: z.boolean(),
});
export type DisconnectPublicIp = z.infer<typeof disconnectPublicIpSchema>;

export const disconnectPublicIpResultSchema = z.object({
  address: z.string(),
  /** false: the address is kept, idle and billed */
  deleted: z.boolean(),
});
export type DisconnectPublicIpResult = z.infer<typeof disconnectPublicIpResultSchema>;
