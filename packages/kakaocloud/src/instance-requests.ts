import { z } from 'zod';
import { availabilityZoneSchema, powerStateSchema } from './enums.ts';
import {
  descriptionSchema,
  nameSchema,
  orEmpty,
  orNull,
  timeSchema,
  utcTimeSchema,
  uuidSchema,
} from './fields.ts';

/** More at once than a project may have at all would be a slip of the finger. */
const mostAtOnce = 20;

/** cloud-init's limit for user data, once decoded. */
const userDataSchema = z.base64().max(22_000);

/** Body of `POST /api/v1/instances` (reference/kakaocloud.md C.4). Volumes are refused for bare metal (A.7). */
export const createInstanceSchema = z.object({
  instance: z.object({
    name: nameSchema(63),
    description: z.nullable(descriptionSchema).optional(),
    count: z.int().min(1).max(mostAtOnce).optional(),
    image_id: z.string(),
    flavor_id: z.string(),
    availability_zone: z.nullable(availabilityZoneSchema).optional(),
    subnets: z
      .array(
        z.object({
          id: z.string(),
          network_interface_id: z.nullable(z.string()).optional(),
          private_ip: z.nullable(z.ipv4()).optional(),
        }),
      )
      .min(1)
      .max(8),
    volumes: z.nullable(z.array(z.unknown())).optional(),
    key_name: z.nullable(z.string()).optional(),
    security_groups: z.nullable(z.array(z.object({ name: z.string() })).max(50)).optional(),
    user_data: z.nullable(userDataSchema).optional(),
    is_disable_hyper_threading: z.nullable(z.boolean()).optional(),
    is_bonding: z.nullable(z.boolean()).optional(),
  }),
});
export type CreateInstance = z.infer<typeof createInstanceSchema>['instance'];

export const createdInstanceAnswerSchema = z.object({ instance: z.object({ id: z.string() }) });
export const strictCreatedInstanceAnswerSchema = z.strictObject({
  instance: z.strictObject({
    id: uuidSchema,
    security_groups: z.array(z.strictObject({ name: z.string() })),
    admin_pass: z.nullable(z.string()),
    disk_config: z.literal('MANUAL'),
  }),
});

/** Body of `PUT /api/v1/instances/{id}`; what is left out stays, null empties the description. */
export const updateInstanceSchema = z.object({
  instance: z
    .object({
      name: z.nullable(nameSchema(63)).optional(),
      description: z.nullable(descriptionSchema).optional(),
    })
    .refine(({ name, description }) => name != null || description !== undefined, 'nothing to change'),
});
export type UpdateInstance = z.infer<typeof updateInstanceSchema>['instance'];

/** Body of `POST …/rebuild`. Without a key name the instance keeps the one it has. */
export const rebuildInstanceSchema = z.object({
  rebuild: z.object({ image_id: z.string(), key_name: z.nullable(z.string()).optional() }),
});
export type RebuildInstance = z.infer<typeof rebuildInstanceSchema>['rebuild'];

/** Body of `POST …/resize`. */
export const resizeInstanceSchema = z.object({ flavor: z.object({ id: z.string() }) });

/** What renaming and rebuilding answer: another form than reading, with Nova's flavor inside. */
export const strictChangedInstanceAnswerSchema = z.strictObject({
  instance: z.strictObject({
    id: uuidSchema,
    name: z.string(),
    project_id: z.string(),
    user_id: z.string(),
    metadata: z.record(z.string(), z.string()),
    flavor: z.strictObject({
      vcpus: z.int(),
      /** MiB */
      ram: z.int(),
      /** GiB */
      disk: z.int(),
      original_name: z.string(),
    }),
    created_at: utcTimeSchema,
    updated_at: utcTimeSchema,
    addresses: z.array(z.record(z.string(), z.string())),
    availability_zone: availabilityZoneSchema,
    key_name: z.nullable(z.string()),
    terminated_at: z.null(),
    security_groups: z.array(z.strictObject({ name: z.string() })),
    task_state: z.nullable(z.string()),
    vm_state: z.string(),
    power_state: powerStateSchema,
    attached_volumes: z.array(z.never()),
    description: z.string(),
    hostname: z.string(),
  }),
});
export type StrictChangedInstance = z.infer<typeof strictChangedInstanceAnswerSchema>['instance'];

const action = z.object({
  action: orNull(z.string()),
  request_id: orNull(z.string()),
  user_id: orNull(z.string()),
  start_time: orNull(timeSchema),
  message: orNull(z.string()),
  updated_at: orNull(timeSchema),
});

/** What was done to an instance, newest first. `message` says what went wrong. */
export const actionLogsAnswerSchema = z.object({ actions: orEmpty(action) });
export const strictActionLogsAnswerSchema = z.strictObject({
  actions: z.array(
    z.strictObject({
      action: z.string(),
      request_id: z.string(),
      user_id: z.string(),
      start_time: utcTimeSchema,
      message: z.nullable(z.string()),
      updated_at: utcTimeSchema,
    }),
  ),
});
export type StrictAction = z.infer<typeof strictActionLogsAnswerSchema>['actions'][number];

/** The newest line first (C.4). */
export const consoleLogsAnswerSchema = z.object({ 'console-logs': orNull(z.string()) });
export const strictConsoleLogsAnswerSchema = z.strictObject({ 'console-logs': z.string() });
export const strictPasswordAnswerSchema = z.strictObject({ password: z.string() });
