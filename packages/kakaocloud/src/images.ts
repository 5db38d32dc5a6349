import { z } from 'zod';
import { instanceTypeSchema } from './enums.ts';
import { orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

const osInfo = z.object({
  type: orNull(z.string()),
  distro: orNull(z.string()),
  architecture: orNull(z.string()),
  admin_user: orNull(z.string()),
  is_hidden: orNull(z.boolean()),
});

/** An image of the Image service, in the fields of the official SDK; the one inside an instance has other fields. */
export const imageSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  size: orNull(z.int()),
  status: orNull(z.string()),
  owner: orNull(z.string()),
  visibility: orNull(z.string()),
  is_shared: orNull(z.boolean()),
  disk_format: orNull(z.string()),
  container_format: orNull(z.string()),
  min_disk: orNull(z.int()),
  min_ram: orNull(z.int()),
  virtual_size: orNull(z.int()),
  instance_type: orNull(z.string()),
  image_member_status: orNull(z.string()),
  project_id: orNull(z.string()),
  os_info: orNull(osInfo),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
export type Image = z.infer<typeof imageSchema>;

export const imageListAnswerSchema = z.object({ images: orEmpty(imageSchema), pagination: paginationSchema });

export const strictImageSchema = z.strictObject({
  ...imageSchema.shape,
  id: uuidSchema,
  name: z.string(),
  instance_type: instanceTypeSchema,
  os_info: z.strictObject(osInfo.shape),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictImage = z.infer<typeof strictImageSchema>;

export const strictImageAnswerSchema = z.strictObject({ image: strictImageSchema });
export const strictImageListAnswerSchema = z.strictObject({
  images: z.array(strictImageSchema),
  pagination: paginationSchema,
});
