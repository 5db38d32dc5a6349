import { z } from 'zod';
import { accessRequestSchema, acknowledgementSchema } from './access.ts';
import { changeMissing, namesAChange, wantedChange } from './change-check.ts';
import { type Family, familySchema, revisionSchema } from './firewall.ts';
import { perFamily } from './per-family.ts';

/** Paths of trials, generations and boot on the agent; `:id`, `:key` and `:number` stand for one segment. */
export const trialPaths = {
  check: '/v1/check',
  trials: '/v1/trials',
  current: '/v1/trials/current',
  trial: '/v1/trials/:id',
  /** by the key that its request came with, also after its end */
  byKey: '/v1/trial-keys/:key',
  confirm: '/v1/trials/:id/confirm',
  revert: '/v1/trials/:id/revert',
  extend: '/v1/trials/:id/extend',
  generations: '/v1/generations',
  generation: '/v1/generations/:number',
  restore: '/v1/generations/:number/restore',
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

export const authorSchema = line(256).min(1);
export const noteSchema = line(500);
export const idempotencyKeySchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
/** What the protocol allows at all; how short a wait may be is the host's own matter. */
export const waitSecondsSchema = z.int().min(1).max(trialWait.max);

/**
 * A change that reverts itself unless it is confirmed. Chains of other programs are taken as they are on the
 * host, whatever the rules say of them.
 */
export const trialRequestSchema = z
  .strictObject({
    ...wantedChange,
    access: accessRequestSchema.prefault({}),
    /** without it a change that may cut off whoever makes it is refused */
    acknowledged: acknowledgementSchema.prefault({}),
    /** sent again with the same key, a request is answered by the trial that it made */
    idempotencyKey: idempotencyKeySchema,
    author: authorSchema,
    note: noteSchema.default(''),
    waitSeconds: waitSecondsSchema.default(trialWait.default),
    /** once confirmed, write the rules file for the next boot as well */
    save: z.boolean().default(false),
  })
  .refine(namesAChange, changeMissing);
export type TrialRequest = z.infer<typeof trialRequestSchema>;

const secretSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const confirmRequestSchema = z.strictObject({ secret: secretSchema });
export const extendRequestSchema = z.strictObject({
  secret: secretSchema,
  /** from now */
  waitSeconds: waitSecondsSchema,
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

/** So many changes of others are told one by one. */
export const maxUndone = 50;

/**
 * What others did to the chains that were put back, between the change and its end: it is gone with the change. Moves
 * within a chain are not told.
 */
export const undoneSchema = z.object({
  changes: z
    .array(
      z.object({
        family: familySchema,
        table: z.string(),
        kind: z.enum(['added', 'deleted', 'policy']),
        /** as iptables-save prints it, control characters escaped; a policy as `-P INPUT DROP` */
        rule: z.string(),
      }),
    )
    .min(1)
    .max(maxUndone),
  /** how many there were beyond these */
  more: z.int().min(0),
});
export type Undone = z.infer<typeof undoneSchema>;

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
  /** how many connections the host can keep, where it had as many: then nothing new gets in, whatever the rules are */
  connectionsFull: z.int().optional(),
  /** where others had changed something, and it could be told */
  undone: undoneSchema.optional(),
});
export type RevertOutcome = z.infer<typeof revertOutcomeSchema>;

export const confirmOutcomeSchema = z.object({
  at: z.iso.datetime(),
  /** number of the generation that was kept; null where the disk did not take it */
  generation: z.int().nullable(),
  /** families whose rules file was written */
  saved: z.array(familySchema),
  /** files that were written to keep routes after a reboot */
  kept: z.array(z.string()),
  /** why a file or the generation could not be written; empty when all was */
  trouble: z.string(),
});
export type ConfirmOutcome = z.infer<typeof confirmOutcomeSchema>;

const beforeAndAfter = z.object({ before: revisionSchema, after: revisionSchema });

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
  revisions: perFamily(beforeAndAfter).extend({ routes: beforeAndAfter.optional() }),
  /** routes of the change as `ip route` names them; null where it has none */
  routes: z
    .object({ deleted: z.array(z.string()), added: z.array(z.string()), keep: z.boolean() })
    .nullable(),
  /** the key that the request came with */
  key: z.string(),
  /** ports that the host's SSH server is told to listen on, to be tried while the trial runs */
  sshPorts: z.array(z.int()),
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

/** Both families, in the order in which they are changed: the one that the console comes by, last. */
export const trialFamilies = ['ipv6', 'ipv4'] as const satisfies readonly Family[];
