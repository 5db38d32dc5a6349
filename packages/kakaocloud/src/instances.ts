import { z } from 'zod';
import { availabilityZoneSchema, instanceTypeSchema, powerStateSchema } from './enums.ts';
import { orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

const flavor = z.object({
  id: z.string(),
  name: orNull(z.string()),
  group: orNull(z.string()),
  vcpus: orNull(z.int()),
  is_burstable: orNull(z.boolean()),
  manufacturer: orNull(z.string()),
  memory_mb: orNull(z.int()),
  root_gb: orNull(z.int()),
  disk_type: orNull(z.string()),
  instance_family: orNull(z.string()),
  os_distro: orEmpty(z.string()),
  maximum_network_interfaces: orNull(z.int()),
  hw_type: orNull(z.string()),
  hw_count: orNull(z.int()),
  is_hyper_threading_supported: orNull(z.boolean()),
  real_vcpus: orNull(z.int()),
});

const image = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  owner: orNull(z.string()),
  is_windows: orNull(z.boolean()),
  size: orNull(z.int()),
  status: orNull(z.string()),
  image_type: orNull(z.string()),
  disk_format: orNull(z.string()),
  instance_type: orNull(z.string()),
  member_status: orNull(z.string()),
  min_disk: orNull(z.int()),
  min_memory: orNull(z.int()),
  os_admin: orNull(z.string()),
  os_distro: orNull(z.string()),
  os_type: orNull(z.string()),
  os_architecture: orNull(z.string()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});

/** One per network interface, the primary one first. */
const address = z.object({
  private_ip: orNull(z.string()),
  public_ip: orNull(z.string()),
  network_interface_id: orNull(z.string()),
});

const volume = z.object({
  id: z.string(),
  size: z.int(),
  name: orNull(z.string()),
  status: orNull(z.string()),
  mount_point: orNull(z.string()),
  type: orNull(z.string()),
  is_delete_on_termination: orNull(z.boolean()),
  created_at: orNull(timeSchema),
  is_root: orNull(z.boolean()),
});

/** An instance (reference/kakaocloud.md C.4): everything but `id` may be missing upstream. */
const wholeInstanceSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  user_id: orNull(z.string()),
  project_id: orNull(z.string()),
  key_name: orNull(z.string()),
  hostname: orNull(z.string()),
  /** `bm` for bare metal */
  instance_type: orNull(z.string()),
  vm_state: orNull(z.string()),
  task_state: orNull(z.string()),
  power_state: orNull(z.string()),
  /** detailed state, lower case: see instanceStatuses */
  status: orNull(z.string()),
  availability_zone: orNull(z.string()),
  flavor: orNull(flavor),
  image: orNull(image),
  addresses: orEmpty(address),
  attached_volumes: orEmpty(volume),
  attached_volume_count: orNull(z.int()),
  security_groups: orEmpty(z.object({ id: z.string(), name: orNull(z.string()) })),
  security_group_count: orNull(z.int()),
  is_hyper_threading: orNull(z.boolean()),
  is_hadoop: orNull(z.boolean()),
  is_k8se: orNull(z.boolean()),
  metadata: orNull(z.record(z.string(), z.string())),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
/**
 * What the console reads of an instance. Most of an instance is flavor, image and volumes, whose fields would be checked
 * 1,000 times over for nobody.
 */
export const instanceSchema = wholeInstanceSchema
  .pick({
    id: true,
    name: true,
    description: true,
    key_name: true,
    hostname: true,
    instance_type: true,
    vm_state: true,
    task_state: true,
    status: true,
    availability_zone: true,
    addresses: true,
    created_at: true,
  })
  .extend({
    // as it comes: of most instances nobody wants to know it
    updated_at: orNull(z.string()),
    flavor: orNull(flavor.pick({ name: true })),
    image: orNull(image.pick({ name: true })),
  });
export type Instance = z.infer<typeof instanceSchema>;

export const instanceAnswerSchema = z.object({ instance: instanceSchema });
export const instanceListAnswerSchema = z.object({
  instances: orEmpty(instanceSchema),
  pagination: paginationSchema,
});

export const strictInstanceSchema = z.strictObject({
  ...wholeInstanceSchema.shape,
  id: uuidSchema,
  name: z.string(),
  project_id: z.string(),
  instance_type: instanceTypeSchema,
  vm_state: z.string(),
  status: z.string(),
  power_state: powerStateSchema,
  availability_zone: availabilityZoneSchema,
  flavor: z.strictObject({ ...flavor.shape, id: uuidSchema }),
  image: z.strictObject({
    ...image.shape,
    id: uuidSchema,
    instance_type: instanceTypeSchema,
    created_at: utcTimeSchema,
    updated_at: utcTimeSchema,
  }),
  addresses: z.array(
    z.strictObject({
      private_ip: z.ipv4(),
      public_ip: z.nullable(z.ipv4()),
      network_interface_id: uuidSchema,
    }),
  ),
  attached_volumes: z.array(z.strictObject(volume.shape)),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictInstance = z.infer<typeof strictInstanceSchema>;

export const strictInstanceAnswerSchema = z.strictObject({ instance: strictInstanceSchema });
export const strictInstanceListAnswerSchema = z.strictObject({
  instances: z.array(strictInstanceSchema),
  pagination: paginationSchema,
});
