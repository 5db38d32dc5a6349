import { z } from 'zod';
import { type Family, familySchema, revisionSchema, tableNameSchema } from './firewall.ts';
import { fieldErrorSchema } from './problem.ts';

/** Paths of trials, generations and boot on the agent; `:id` and `:number` stand for one segment. */
export const trialPaths = {
  check: '/v1/check',
  trials: '/v1/trials',
  current: '/v1/trials/current',
  trial: '/v1/trials/:id',
  confirm: '/v1/trials/:id/confirm',
  revert: '/v1/trials/:id/revert',
  extend: '/v1/trials/:id/extend',
  generations: '/v1/generations',
  generation: '/v1/generations/:number',
  boot: '/v1/boot',
} as const;

/** How long a trial waits for its confirmation, in seconds (design/safe-change.md). */
export const trialWait = { min: 30, default: 90, max: 600 } as const;

/** Bounds of what one trial may carry. */
export const trialLimits = { bodyBytes: 16 * 1024 * 1024, rules: 100_000 } as const;

/** A line that a person reads in a list: no control characters, nothing that turns the direction of writing. */
const line = (max: number) =>
  z
    .string()
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]*$/);

const authorSchema = line(256).min(1);

/** The whole of one family's rules in save form, and the revision that they were drafted from. */
export const wantedRulesSchema = z.strictObject({ revision: revisionSchema, rules: z.string() });
export type WantedRules = z.infer<typeof wantedRulesSchema>;

const wantedFamilies = { ipv4: wantedRulesSchema.optional(), ipv6: wantedRulesSchema.optional() };
const oneFamily = (draft: { ipv4?: unknown; ipv6?: unknown }) => Boolean(draft.ipv4 ?? draft.ipv6);

/** What `check` looks at: nothing is changed and nothing is armed. */
export const checkRequestSchema = z
  .strictObject(wantedFamilies)
  .refine(oneFamily, { message: 'name the rules of ipv4 or ipv6' });
export type CheckRequest = z.infer<typeof checkRequestSchema>;

/**
 * A change that reverts itself unless it is confirmed. Chains of other programs are taken as they are on the
 * host, whatever the rules say of them.
 */
export const trialRequestSchema = z
  .strictObject({
    ...wantedFamilies,
    /** sent again with the same key, a request is answered by the trial that it made */
    idempotencyKey: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
    author: authorSchema,
    note: line(500).default(''),
    waitSeconds: z.int().min(1).max(trialWait.max).default(trialWait.default),
    /** once confirmed, write the rules file for the next boot as well */
    save: z.boolean().default(false),
  })
  .refine(oneFamily, { message: 'name the rules of ipv4 or ipv6' });
export type TrialRequest = z.infer<typeof trialRequestSchema>;

const secretSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const confirmRequestSchema = z.strictObject({ secret: secretSchema });
export const extendRequestSchema = z.strictObject({
  secret: secretSchema,
  /** from now */
  waitSeconds: z.int().min(1).max(trialWait.max),
});
export const revertRequestSchema = z.strictObject({
  reason: z.enum(['asked', 'probe']).default('asked'),
  author: authorSchema,
});

/**
 * - `armed`: the way back is prepared, the rules are about to change
 * - `applied`: the new rules are in force until the deadline
 * - `reverting`: the old rules are being put back
 */
export const trialStateSchema = z.enum(['armed', 'applied', 'confirmed', 'reverting', 'reverted']);
export type TrialState = z.infer<typeof trialStateSchema>;

/**
 * Why the old rules are back:
 * - `expired` nobody confirmed; `asked` somebody wanted it; `probe` the console could not reach the host any more
 * - `mismatch` the host's rules were not those that were asked for; `notApplied` iptables refused, or the change
 *   did not get as far as changing anything
 * - `reboot` the host started anew; `agentStart` the agent ended in the middle of the change
 */
export const revertReasonSchema = z.enum([
  'expired',
  'asked',
  'probe',
  'mismatch',
  'notApplied',
  'reboot',
  'agentStart',
]);
export type RevertReason = z.infer<typeof revertReasonSchema>;

export const revertOutcomeSchema = z.object({
  reason: revertReasonSchema,
  /** who put the rules back; null where no record could be written (a full disk) */
  by: z.enum(['guard', 'agent', 'command']).nullable(),
  at: z.iso.datetime().nullable(),
  /** who asked for it, where somebody did */
  author: z.string().nullable(),
  /** each restore with its exit code and how often it was tried: `ipv4 filter` */
  steps: z.array(z.object({ what: z.string(), exitCode: z.int(), tries: z.int() })),
  /** the tools' own words, control characters escaped; empty when they said nothing */
  words: z.string(),
});
export type RevertOutcome = z.infer<typeof revertOutcomeSchema>;

export const confirmOutcomeSchema = z.object({
  at: z.iso.datetime(),
  /** number of the generation that was kept; null where the disk did not take it */
  generation: z.int().nullable(),
  /** families whose rules file was written */
  saved: z.array(familySchema),
  /** why a file or the generation could not be written; empty when all was */
  trouble: z.string(),
});
export type ConfirmOutcome = z.infer<typeof confirmOutcomeSchema>;

const perFamily = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ ipv4: schema.optional(), ipv6: schema.optional() });

/** A trial as the host's record has it. */
export const trialSchema = z.object({
  id: z.string(),
  state: trialStateSchema,
  author: z.string(),
  note: z.string(),
  save: z.boolean(),
  waitSeconds: z.int(),
  startedAt: z.iso.datetime(),
  /** until the rules are put back; null once that is decided */
  remainingMs: z.int().min(0).nullable(),
  revisions: perFamily(z.object({ before: revisionSchema, after: revisionSchema })),
  reverted: revertOutcomeSchema.nullable(),
  confirmed: confirmOutcomeSchema.nullable(),
  /** why putting the rules back has not worked so far; it is tried again */
  trouble: z.string().nullable(),
});
export type Trial = z.infer<typeof trialSchema>;

/** The answer to a start. The secret is null when the agent was started anew since, for only its hash is kept. */
export const trialStartedSchema = trialSchema.extend({ secret: secretSchema.nullable() });
export type TrialStarted = z.infer<typeof trialStartedSchema>;

export const currentTrialSchema = z.object({ trial: trialSchema.nullable() });
export type CurrentTrial = z.infer<typeof currentTrialSchema>;

/** What differs in one chain; numbers are places in the old (removed) and in the new (added) chain, from 1. */
export const chainDifferenceSchema = z.object({
  table: tableNameSchema,
  chain: z.string(),
  change: z.enum(['created', 'deleted', 'changed']),
  policy: z.object({ from: z.string(), to: z.string() }).nullable(),
  removed: z.array(z.object({ number: z.int(), text: z.string() })),
  added: z.array(z.object({ number: z.int(), text: z.string() })),
});
export type ChainDifference = z.infer<typeof chainDifferenceSchema>;

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

export const checkAnswerSchema = z.object({
  ...perFamily(checkedFamilySchema).shape,
  /** the flows that must survive, each judged for the running rules and for the draft; not judged yet */
  flows: z.null(),
});
export type CheckAnswer = z.infer<typeof checkAnswerSchema>;

/** Three sides of a conflict as owned rules in save form; `base` is null where the agent has not kept it. */
export const conflictSchema = z.object({
  family: familySchema,
  base: z.string().nullable(),
  wanted: z.string(),
  now: z.string(),
});
export type Conflict = z.infer<typeof conflictSchema>;

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
  revisions: perFamily(revisionSchema),
  /** families whose rules were written for the next boot */
  saved: z.array(familySchema),
});
export type Generation = z.infer<typeof generationSchema>;

export const generationListSchema = z.object({ generations: z.array(generationSchema) });

/** One generation with its rules in save form, to be started as a trial again. */
export const generationRulesSchema = generationSchema.extend({ rules: perFamily(z.string()) });
export type GenerationRules = z.infer<typeof generationRulesSchema>;

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

/** Both families, in the order in which they are changed: the one that the console comes by, last. */
export const trialFamilies = ['ipv6', 'ipv4'] as const satisfies readonly Family[];
