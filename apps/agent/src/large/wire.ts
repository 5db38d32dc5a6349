import { z } from 'zod';

/** A trial whose secret this process knows; it is never written down (design/safe-change.md, step 6). */
const rememberedSchema = z.strictObject({ id: z.string(), secret: z.string() });
export type Remembered = z.infer<typeof rememberedSchema>;

/** What a job is to handle; the body comes by its standard input. */
export const jobRequestSchema = z.strictObject({
  method: z.enum(['GET', 'POST']),
  target: z.string(),
  requestId: z.string(),
  ends: z.strictObject({ remote: z.string(), local: z.string() }).nullable(),
  remembered: z.array(rememberedSchema),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** What it came to; the text comes by descriptor 3. */
export const jobAnswerSchema = z.strictObject({
  status: z.int(),
  type: z.enum(['application/json', 'application/problem+json']),
  code: z.string().optional(),
  bytes: z.int(),
  remembered: z.array(rememberedSchema),
  /** bytes of the largest dump of rules that it read; 0 where it read none */
  largestDump: z.int(),
  /** of the process, for the log */
  cpuMs: z.int(),
  peakMB: z.int(),
});
export type JobAnswer = z.infer<typeof jobAnswerSchema>;

/** Of a job, beside the three that every process has. */
export const answerDescriptor = 3;
