import { z } from 'zod';
import { accessReportSchema, accessRequestSchema } from './access.ts';
import { familySchema, revisionSchema, tableNameSchema } from './firewall.ts';
import { perFamily } from './per-family.ts';
import { fieldErrorSchema } from './problem.ts';
import { networkRouteSchema, routeEditSchema, routingCheckedSchema } from './routing.ts';

/** The whole of one family's rules in save form, and the revision that they were drafted from. */
export const wantedRulesSchema = z.strictObject({ revision: revisionSchema, rules: z.string() });
export type WantedRules = z.infer<typeof wantedRulesSchema>;

/** Edits of the main routing table, and the revision of the routes that they were made for. */
export const wantedRoutesSchema = z.strictObject({
  revision: revisionSchema,
  edits: z.array(routeEditSchema).min(1).max(32),
  /** once confirmed, write the file that brings them back after a reboot */
  keep: z.boolean().default(false),
});
export type WantedRoutes = z.infer<typeof wantedRoutesSchema>;

/** What one change may carry: rules of either family, routes, or all of them. */
export const wantedChange = {
  ipv4: wantedRulesSchema.optional(),
  ipv6: wantedRulesSchema.optional(),
  routes: wantedRoutesSchema.optional(),
};
export const namesAChange = (wanted: { ipv4?: unknown; ipv6?: unknown; routes?: unknown }) =>
  Boolean(wanted.ipv4 ?? wanted.ipv6 ?? wanted.routes);
export const changeMissing = { message: 'name the rules of ipv4 or ipv6, or routes' };

/** What `check` looks at: nothing is changed and nothing is armed. */
export const checkRequestSchema = z
  .strictObject({ ...wantedChange, access: accessRequestSchema.prefault({}) })
  .refine(namesAChange, changeMissing);
export type CheckRequest = z.infer<typeof checkRequestSchema>;

const numberedRule = z.object({ number: z.int(), text: z.string() });

/** What differs in one chain; numbers are places in the old (removed) and in the new (added) chain, from 1. */
export const chainDifferenceSchema = z.object({
  table: tableNameSchema,
  chain: z.string(),
  change: z.enum(['created', 'deleted', 'changed']),
  policy: z.object({ from: z.string(), to: z.string() }).nullable(),
  removed: z.array(numberedRule),
  added: z.array(numberedRule),
});
export type ChainDifference = z.infer<typeof chainDifferenceSchema>;

export const routesDifferenceSchema = z.object({
  deleted: z.array(networkRouteSchema),
  added: z.array(networkRouteSchema),
});
export type RoutesDifference = z.infer<typeof routesDifferenceSchema>;

export const checkedFamilySchema = z.object({
  /** of the rules that run now */
  revision: revisionSchema,
  /** the draft was made from other rules than those that run now */
  stale: z.boolean(),
  /** `field` is TABLE.CHAIN.NUMBER[.FIELD], or `rules` where the text cannot be read */
  errors: z.array(fieldErrorSchema),
  warnings: z.array(fieldErrorSchema),
  /** what `iptables-restore --test` said; null where an error kept it from being asked */
  test: z.object({ exitCode: z.int(), words: z.string() }).nullable(),
  difference: z.array(chainDifferenceSchema),
});
export type CheckedFamily = z.infer<typeof checkedFamilySchema>;

export const checkedRoutesSchema = routingCheckedSchema.extend({
  /** the edits were made for other routes than those of now */
  stale: z.boolean(),
});
export type CheckedRoutes = z.infer<typeof checkedRoutesSchema>;

export const checkAnswerSchema = z.object({
  ...perFamily(checkedFamilySchema).shape,
  routes: checkedRoutesSchema.optional(),
  /** the ways that must survive, for what runs and for the draft; null while an error leaves no draft to judge */
  access: accessReportSchema.nullable(),
});
export type CheckAnswer = z.infer<typeof checkAnswerSchema>;

/**
 * Three sides of a conflict as owned rules in save form. `base` is what the draft was made from, `now` what runs;
 * `base`, and with it what either side changed, is null where the agent has not kept it.
 */
export const conflictSchema = z.object({
  family: familySchema,
  base: z.string().nullable(),
  wanted: z.string(),
  now: z.string(),
  /** from `base` to `wanted` */
  yours: z.array(chainDifferenceSchema).nullable(),
  /** from `base` to `now` */
  theirs: z.array(chainDifferenceSchema).nullable(),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** The same of routes; `yours` is null where the edits do not fit the routes of now, or `base` was not kept. */
export const routeConflictSchema = z.object({
  base: z.array(networkRouteSchema).nullable(),
  now: z.array(networkRouteSchema),
  yours: routesDifferenceSchema.nullable(),
  theirs: routesDifferenceSchema.nullable(),
});
export type RouteConflict = z.infer<typeof routeConflictSchema>;
