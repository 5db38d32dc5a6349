import { z } from 'zod';

/** One window of a list: `total` rows match, this answer starts at `offset`. */
export const pageSchema = z.object({ total: z.int(), offset: z.int(), limit: z.int() });
export type Page = z.infer<typeof pageSchema>;
