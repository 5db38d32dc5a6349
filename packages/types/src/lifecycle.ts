import { z } from 'zod';

const cloudId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/** What an instance may be called (reference/kakaocloud.md A.7). */
export const instanceNameSchema = z
  .string()
  .min(4)
  .max(63)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9]|[-_](?![-_]))*[A-Za-z0-9]$/, 'letters, digits, single - and _ only');

/** What the cloud lets be written beside a thing: one line of at most 100 characters. */
export const descriptionSchema = z
  .string()
  .max(100)
  .regex(/^\P{Cc}*$/u, 'one line only');

/** One or both; the host keeps its own name. */
export const updateInstanceSchema = z
  .strictObject({ name: instanceNameSchema.optional(), description: descriptionSchema.optional() })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change');
export type UpdateInstance = z.infer<typeof updateInstanceSchema>;

export const powerOrderSchema = z.enum(['start', 'stop', 'hardReboot']);
export type PowerOrder = z.infer<typeof powerOrderSchema>;

/** The same order for many instances: each is an item with an outcome of its own. */
export const bulkPowerSchema = z.strictObject({
  instanceIds: z
    .array(cloudId)
    .min(1)
    .max(200)
    .refine((ids) => new Set(ids).size === ids.length, 'each instance once'),
});
export type BulkPower = z.infer<typeof bulkPowerSchema>;

/** A fresh image; without a key name the instance keeps its key pair. */
export const rebuildInstanceSchema = z.strictObject({
  imageId: cloudId,
  keyName: z.string().min(1).max(255).optional(),
});
export type RebuildInstance = z.infer<typeof rebuildInstanceSchema>;

export const createInstanceSchema = z.strictObject({
  name: instanceNameSchema,
  description: descriptionSchema.optional(),
  /** several are numbered: NAME-1, NAME-2 … */
  count: z.int().min(1).max(20).optional(),
  imageId: cloudId,
  flavorId: cloudId,
  availabilityZone: z.string().max(64).optional(),
  /** a network interface for each, the first one being the primary one */
  subnets: z
    .array(
      z.strictObject({
        subnetId: cloudId,
        /** an idle interface of the subnet, instead of a new one */
        networkInterfaceId: cloudId.optional(),
        /** of a new interface; the cloud chooses where it is left out */
        privateIp: z.ipv4().optional(),
      }),
    )
    .min(1)
    .max(8),
  keyName: z.string().min(1).max(255).optional(),
  /** names of groups; they do not filter bare metal */
  securityGroups: z.array(z.string().max(255)).max(50).optional(),
  /** a script for the first boot, as text */
  userData: z.string().max(16_384).optional(),
  hyperThreading: z.boolean().optional(),
  bonding: z.boolean().optional(),
});
export type CreateInstance = z.infer<typeof createInstanceSchema>;

/** `instanceId`: of the first one where there are several. They are there at once, and spawning. */
export const createInstanceResultSchema = z.object({ instanceId: z.string() });
export type CreateInstanceResult = z.infer<typeof createInstanceResultSchema>;

export const cloudActionSchema = z.object({
  /** as the cloud spells it: create, start, stop, hard-reboot, rebuild … */
  action: z.string(),
  requestId: z.string().nullable(),
  userId: z.string().nullable(),
  startedAt: z.iso.datetime().nullable(),
  /** what went wrong, or null */
  message: z.string().nullable(),
  updatedAt: z.iso.datetime().nullable(),
});
export type CloudAction = z.infer<typeof cloudActionSchema>;

/** The cloud's own record of what was done to an instance, newest first. */
export const actionLogSchema = z.object({ actions: z.array(cloudActionSchema), readAt: z.iso.datetime() });
export type ActionLog = z.infer<typeof actionLogSchema>;

export const consoleLogQuerySchema = z.strictObject({
  lines: z.coerce.number().int().min(1).max(5000).optional(),
});

/** What the host said on its console since its last boot, the newest line first. */
export const consoleLogSchema = z.object({ lines: z.array(z.string()), readAt: z.iso.datetime() });
export type ConsoleLog = z.infer<typeof consoleLogSchema>;
