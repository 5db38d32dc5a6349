import { z } from 'zod';

/** A JSON Schema (draft 2020-12): whatever it says is shown, nothing is checked by it here. */
const jsonSchema = z.record(z.string(), z.unknown());

const contentSchema = z.record(
  z.string(),
  z.looseObject({
    schema: jsonSchema.optional(),
    examples: z.record(z.string(), z.looseObject({ summary: z.string(), value: z.unknown() })).optional(),
  }),
);

export const apiOperationSchema = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  description: z.string(),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean(), schema: jsonSchema }))
    .optional(),
  requestBody: z.looseObject({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentSchema.optional() })),
});
export type ApiOperation = z.infer<typeof apiOperationSchema>;

/** The parts of an OpenAPI 3.1 document that the console's own page of it reads. */
export const apiDescriptionSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string() }),
  /** by path, then by method */
  paths: z.record(z.string(), z.record(z.string(), apiOperationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), jsonSchema) }),
});
export type ApiDescription = z.infer<typeof apiDescriptionSchema>;
