import { z } from 'zod';

/** Something on the host that loads rules at boot, or looks as if it did. */
export const bootLoaderSchema = z.object({
  name: z.string(),
  active: z.boolean(),
  /** the rules file it loads, where that can be told */
  loads: z.string().nullable(),
  /** the file that shows it, and why it counts as active or not */
  reason: z.string(),
});
export type BootLoader = z.infer<typeof bootLoaderSchema>;

/** Where the rules of a family came from at the last boot. */
export const restoredFamilySchema = z.object({
  /** `kept`: nothing was ever saved through Moru, so nothing was touched */
  source: z.enum(['kept', 'file', 'generation', 'minimal', 'none']),
  generation: z.int().nullable(),
  /** what was tried before and why it did not load */
  problems: z.array(z.string()),
});
export type RestoredFamily = z.infer<typeof restoredFamilySchema>;

export const restoreRecordSchema = z.object({
  at: z.iso.datetime(),
  bootId: z.string(),
  /** something else than the saved file had to be loaded */
  alarm: z.boolean(),
  ipv4: restoredFamilySchema,
  ipv6: restoredFamilySchema,
});
export type RestoreRecord = z.infer<typeof restoreRecordSchema>;

export const bootStateSchema = z.object({
  loaders: z.array(bootLoaderSchema),
  /** the last `moru-agent restore`, where there was one */
  restored: restoreRecordSchema.nullable(),
});
export type BootState = z.infer<typeof bootStateSchema>;
