import { z } from 'zod';
import { type ProblemCode, problemCatalog } from './problem-catalog.ts';

export const problemCodeSchema = z.enum(Object.keys(problemCatalog) as [ProblemCode, ...ProblemCode[]]);

/** What is wrong with one field: `field` is a dotted path into the request, `code` a key of the console's catalogue. */
export const fieldErrorSchema = z.strictObject({
  field: z.string(),
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** the tool's own words, in English, where there are any */
  detail: z.string().optional(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** RFC 9457 problem details, as the agent and the BFF answer every failure. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: problemCodeSchema,
  detail: z.string().optional(),
  requestId: z.string().optional(),
  fields: z.array(fieldErrorSchema).optional(),
  /** the words of the system behind (cloud or iptables), shown beneath our own */
  upstream: z.string().optional(),
  /** the operation that did not get to its end, where it can be continued or undone */
  operationId: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export type ProblemExtras = Partial<
  Pick<Problem, 'detail' | 'requestId' | 'fields' | 'upstream' | 'operationId'>
>;

/** Builds the document of a code; `title` is English, the console shows its own language by `code`. */
export function problemOf(code: ProblemCode, extras: ProblemExtras = {}): Problem {
  const entry = problemCatalog[code];
  return { type: `urn:moru:problem:${code}`, title: entry.en, status: entry.status, code, ...extras };
}

/** The one error type that handlers throw; everything else that is thrown becomes `internal`. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(code: ProblemCode, extras: ProblemExtras = {}, options?: ErrorOptions) {
    super(extras.detail ?? problemCatalog[code].en, options);
    this.name = 'ProblemError';
    this.problem = problemOf(code, extras);
  }
}
