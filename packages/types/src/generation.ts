import { z } from 'zod';
import {
  chainDifferenceSchema,
  routesDifferenceSchema,
  wantedRoutesSchema,
  wantedRulesSchema,
} from './change-check.ts';
import { familySchema, revisionSchema } from './firewall.ts';
import { perFamily } from './per-family.ts';
import { fieldErrorSchema } from './problem.ts';
import { networkRouteSchema } from './routing.ts';

export const generationReasonSchema = z.enum(['initial', 'trial', 'saved']);

/** Rules that were confirmed, or that ran before the first change (`initial`). */
export const generationSchema = z.object({
  number: z.int().min(1),
  at: z.iso.datetime(),
  author: z.string(),
  note: z.string(),
  reason: generationReasonSchema,
  /** the trial that made it */
  trial: z.string().nullable(),
  revisions: perFamily(revisionSchema).extend({ routes: revisionSchema.optional() }),
  /** families whose rules were written for the next boot */
  saved: z.array(familySchema),
});
export type Generation = z.infer<typeof generationSchema>;

/** How much differs from the generation before it; null for the oldest that is kept. */
export const generationSizeSchema = z.object({
  rules: z.object({ added: z.int(), removed: z.int(), policies: z.int() }),
  routes: z.object({ added: z.int(), deleted: z.int() }),
});

export const generationListSchema = z.object({
  /** the newest first */
  generations: z.array(generationSchema.extend({ changes: generationSizeSchema.nullable() })),
});
export type GenerationList = z.infer<typeof generationListSchema>;

/** One generation with what it holds, and what differs from the one before it. */
export const generationRulesSchema = generationSchema.extend({
  /** save form */
  rules: perFamily(z.string()),
  /** of the main routing table; null in generations that hold none */
  routes: z.array(networkRouteSchema).nullable(),
  /** the number of the one before it; null for the oldest that is kept */
  previous: z.int().nullable(),
  difference: perFamily(z.array(chainDifferenceSchema)).extend({ routes: routesDifferenceSchema.optional() }),
});
export type GenerationRules = z.infer<typeof generationRulesSchema>;

/**
 * What a trial has to carry to go back to a generation, made for the rules and routes of now; what is equal already
 * is left out. `impossible` names routes that cannot be put back, and why.
 */
export const restoreDraftSchema = z.object({
  generation: z.int(),
  ...perFamily(wantedRulesSchema).shape,
  routes: wantedRoutesSchema.optional(),
  impossible: z.array(fieldErrorSchema),
});
export type RestoreDraft = z.infer<typeof restoreDraftSchema>;
