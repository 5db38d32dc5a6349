import { z } from 'zod';
import { availabilityZoneSchema, instanceTypeSchema } from './enums.ts';
import { orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

/** A flavor of the catalogue (reference/kakaocloud.md C.4); the one inside an instance has other fields. */
export const flavorSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  vcpus: orNull(z.int()),
  memory_mb: orNull(z.int()),
  group: orNull(z.string()),
  instance_type: orNull(z.string()),
  architecture: orNull(z.string()),
  manufacturer: orNull(z.string()),
  processor: orNull(z.string()),
  instance_family: orNull(z.string()),
  instance_size: orNull(z.string()),
  availability_zone: orEmpty(z.string()),
  /** by zone, how many could be had now */
  available: orNull(z.record(z.string(), z.int())),
  disk_type: orNull(z.string()),
  root_gb: orNull(z.int()),
  os_distro: orNull(z.string()),
  hw_count: orNull(z.int()),
  hw_type: orNull(z.string()),
  hw_name: orNull(z.string()),
  maximum_network_interfaces: orNull(z.int()),
  is_burstable: orNull(z.boolean()),
  is_hyper_threading_disabled: orNull(z.boolean()),
  is_hyper_threading_supported: orNull(z.boolean()),
  is_hyper_threading_disable_supported: orNull(z.boolean()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
export type Flavor = z.infer<typeof flavorSchema>;

export const flavorListAnswerSchema = z.object({
  flavors: orEmpty(flavorSchema),
  pagination: paginationSchema,
});

export const strictFlavorSchema = z.strictObject({
  ...flavorSchema.shape,
  id: uuidSchema,
  name: z.string(),
  instance_type: instanceTypeSchema,
  availability_zone: z.array(availabilityZoneSchema),
  // a plain record: the zones are its keys, and not every flavor is in each
  available: z.record(z.string(), z.int()),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictFlavor = z.infer<typeof strictFlavorSchema>;

export const strictFlavorAnswerSchema = z.strictObject({ flavor: strictFlavorSchema });
export const strictFlavorListAnswerSchema = z.strictObject({
  flavors: z.array(strictFlavorSchema),
  pagination: paginationSchema,
});
