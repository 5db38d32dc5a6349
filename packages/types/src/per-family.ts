import { z } from 'zod';

/** A value for each address family, where there is one. */
export const perFamily = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ ipv4: schema.optional(), ipv6: schema.optional() });
