import { z } from 'zod';
import { columnWidth } from './column-width.ts';

/** Columns of the instance list beside the name, which always stands. */
export const instanceColumnSchema = z.enum([
  'status',
  'flavor',
  'image',
  'availabilityZone',
  'subnet',
  'privateIp',
  'publicIp',
  'firewall',
  'createdAt',
  'keyName',
  'hostname',
  'description',
  'id',
]);
export type InstanceColumn = z.infer<typeof instanceColumnSchema>;

const widthSchema = z.int().min(columnWidth.min).max(columnWidth.max);

/** How somebody likes the instance list. */
export const instanceListPreferenceSchema = z.strictObject({
  /** null: those that fit the screen */
  columns: z.array(instanceColumnSchema).max(instanceColumnSchema.options.length).nullable(),
  /** of columns that are not as wide as what stands in them */
  widths: z.partialRecord(z.enum(['name', ...instanceColumnSchema.options]), widthSchema),
});
export type InstanceListPreference = z.infer<typeof instanceListPreferenceSchema>;

/** What a user has chosen for their own screens, in whatever browser. */
export const preferencesSchema = z.object({
  instanceList: instanceListPreferenceSchema.nullable(),
});
export type Preferences = z.infer<typeof preferencesSchema>;
