import { z } from 'zod';
import { availabilityZoneSchema } from './enums.ts';
import { utcTimeSchema } from './fields.ts';

const common = {
  id: z.string(),
  priority: z.int(),
  created_by: z.string(),
  updated_by: z.string(),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
};

/** Where each service is, by its name (reference/kakaocloud.md C.8). A client asks only those that are named. */
export const clientEndpointsAnswerSchema = z.object({
  success: z.boolean(),
  data: z.object({ ...common, service_endpoints: z.record(z.string(), z.string()) }).partial(),
});

export const strictClientEndpointsAnswerSchema = z.strictObject({
  success: z.literal(true),
  data: z.strictObject({
    ...common,
    service_endpoints: z.strictObject({
      iam: z.url(),
      bcs: z.url(),
      vpc: z.url(),
      network: z.url(),
      image: z.url(),
    }),
  }),
});

/** The zones in which each service may be used (C.8). */
export const strictZonePoliciesAnswerSchema = z.strictObject({
  success: z.literal(true),
  data: z.strictObject({
    ...common,
    services: z.strictObject({ bcs: z.array(availabilityZoneSchema), vpc: z.array(availabilityZoneSchema) }),
  }),
});
