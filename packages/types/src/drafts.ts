import { z } from 'zod';
import { chainNameSchema, revisionSchema, tableNameSchema } from './firewall.ts';

/** What one draft may hold. Longer ones are rolled out as files, not kept as edits. */
export const draftLimits = { bodyBytes: 8 * 1024 * 1024, steps: 20_000, rules: 100_000, off: 2_000 } as const;

/** `1k2j3h-1` for a rule of a host, `s3.1` for one that a draft brings in, `off-…` for one that is switched off. */
const ruleIdSchema = z.string().min(1).max(64);

// rules are held as they are, those too that a host has and nobody could write here
const heldTextSchema = z.string().min(1).max(65_536);

/**
 * A place in a chain, told by the rules beside it, since numbers change with every other edit. `id` is the rule that
 * the place is before or after: null for the end of the chain (`before`) and its beginning (`after`). `other` is the
 * rule on the other side, for when the first one is gone.
 */
export const draftAnchorSchema = z.strictObject({
  side: z.enum(['before', 'after']),
  id: ruleIdSchema.nullable(),
  other: ruleIdSchema.nullable(),
});
export type DraftAnchor = z.infer<typeof draftAnchorSchema>;

const newRuleSchema = z.strictObject({
  id: ruleIdSchema,
  text: heldTextSchema,
  /** brought in switched off */
  off: z.literal(true).exactOptional(),
});

const manyRules = z.array(ruleIdSchema).max(draftLimits.rules);

const stepHead = {
  id: z.string().regex(/^s\d{1,9}$/),
  table: tableNameSchema,
  chain: chainNameSchema,
  /** comment lines that came with a pasted command */
  notes: z.array(z.string().max(4096)).max(1000).exactOptional(),
};

/** One edit of a draft. Rules are named by id, never by number. */
export const draftStepSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...stepHead,
    type: z.literal('insert'),
    at: draftAnchorSchema,
    rules: z.array(newRuleSchema).max(draftLimits.rules),
  }),
  z.strictObject({ ...stepHead, type: z.literal('replace'), rule: ruleIdSchema, text: heldTextSchema }),
  z.strictObject({ ...stepHead, type: z.literal('delete'), rules: manyRules }),
  z.strictObject({ ...stepHead, type: z.literal('move'), rules: manyRules, at: draftAnchorSchema }),
  /** off: kept in its place in Moru, but not on the host */
  z.strictObject({ ...stepHead, type: z.literal('turn'), rules: manyRules, off: z.boolean() }),
  z.strictObject({ ...stepHead, type: z.literal('policy'), policy: z.enum(['ACCEPT', 'DROP']) }),
  z.strictObject({ ...stepHead, type: z.literal('newChain') }),
  z.strictObject({ ...stepHead, type: z.literal('deleteChain') }),
  z.strictObject({ ...stepHead, type: z.literal('flush') }),
]);
export type DraftStep = z.infer<typeof draftStepSchema>;

/** A rule that is switched off: what it is, and beside which rules it stands. */
export const offRuleSchema = z.strictObject({
  id: ruleIdSchema,
  table: tableNameSchema,
  chain: chainNameSchema,
  text: heldTextSchema,
  /** id of the rule before it; null at the beginning of the chain */
  previous: ruleIdSchema.nullable(),
  /** id of the rule behind it; null at the end of the chain */
  next: ruleIdSchema.nullable(),
});
export type OffRule = z.infer<typeof offRuleSchema>;
const offRulesSchema = z.array(offRuleSchema).max(draftLimits.off);

/** The rules that a draft's steps begin with, without counters: what a host that has moved on is compared with. */
const draftBaseSchema = z
  .array(
    z.strictObject({
      name: tableNameSchema,
      chains: z
        .array(
          z.strictObject({
            name: z.string().max(64),
            policy: z.enum(['ACCEPT', 'DROP']).nullable(),
            owner: z.enum(['moru', 'foreign']),
            rules: z.array(z.string().max(65_536)).max(draftLimits.rules),
          }),
        )
        .max(10_000),
    }),
  )
  .max(5);
export type DraftBase = z.infer<typeof draftBaseSchema>;

const draftContent = {
  /** of the rules that the steps begin with */
  revision: revisionSchema,
  steps: z.array(draftStepSchema).max(draftLimits.steps),
  /** number of the next step */
  next: z.int().min(1).max(999_999_999),
};

/** A draft to be kept in the place of the one of `version`; 0 where there is none. Another one there answers 409. */
export const draftSaveSchema = z.strictObject({
  version: z.int().min(0),
  ...draftContent,
  /** what is switched off on the host once these steps are kept there */
  off: offRulesSchema,
  /** null where the kept draft has it already, for this revision */
  base: draftBaseSchema.nullable(),
});
export type DraftSave = z.infer<typeof draftSaveSchema>;

export const draftSavedSchema = z.object({ version: z.int() });
export type DraftSaved = z.infer<typeof draftSavedSchema>;

/** One's own draft as it is kept. */
export const keptDraftSchema = z.object({
  version: z.int(),
  ...draftContent,
  base: draftBaseSchema,
  /** the trial that it is on the host as; its id is null while nobody knows whether that has begun */
  trial: z.object({ id: z.string().nullable() }).nullable(),
});
export type KeptDraft = z.infer<typeof keptDraftSchema>;
export const ownDraftSchema = z.object({ draft: keptDraftSchema.nullable() });
export type OwnDraft = z.infer<typeof ownDraftSchema>;

/** Who has a draft of one host, and what is switched off there for everybody. */
export const draftsSchema = z.object({
  /** version of one's own; 0 without one */
  version: z.int(),
  others: z.array(z.object({ name: z.string(), steps: z.int(), at: z.iso.datetime() })),
  off: offRulesSchema,
});
export type Drafts = z.infer<typeof draftsSchema>;
