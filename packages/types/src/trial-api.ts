import { z } from 'zod';
import { acknowledgementSchema, addressTextSchema } from './access.ts';
import { changeMissing, checkAnswerSchema, namesAChange, wantedChange } from './change-check.ts';
import { idempotencyKeySchema, noteSchema, trialSchema, trialWait, waitSecondsSchema } from './trial.ts';

/**
 * Where the administrator's SSH comes from, for a look at whether it survives: null for "do not look"; left out, it is
 * the address that the request came from, as far as the BFF sees it.
 */
const administratorSchema = addressTextSchema.nullable().optional();

/** A change to be looked at: nothing is changed on the host. */
export const changeCheckSchema = z
  .strictObject({ ...wantedChange, administrator: administratorSchema })
  .refine(namesAChange, changeMissing);
export type ChangeCheck = z.infer<typeof changeCheckSchema>;

export const changeCheckedSchema = checkAnswerSchema.extend({
  /** the address that was taken for the administrator's; null where none is known */
  administrator: z.string().nullable(),
});
export type ChangeChecked = z.infer<typeof changeCheckedSchema>;

/** A change to be tried. Sent again with the same key, it is answered by the trial that it made. */
export const trialStartSchema = z
  .strictObject({
    ...wantedChange,
    administrator: administratorSchema,
    acknowledged: acknowledgementSchema.prefault({}),
    key: idempotencyKeySchema,
    note: noteSchema.default(''),
    waitSeconds: waitSecondsSchema.default(trialWait.default),
    save: z.boolean().default(false),
  })
  .refine(namesAChange, changeMissing);
export type TrialStart = z.infer<typeof trialStartSchema>;

export const trialExtendSchema = z.strictObject({ waitSeconds: waitSecondsSchema });
export const trialRevertSchema = z.strictObject({ reason: z.enum(['asked', 'probe']).default('asked') });
/** Confirming what somebody else applied is a right of its own; why it is used is kept in the log. */
export const confirmForOtherSchema = z.strictObject({ why: noteSchema.min(1) });

/** A trial as the console knows it. */
export const trialViewSchema = z.object({
  instanceId: z.string(),
  /** as the host's record had it when it was last heard of; null while nobody knows whether it has begun */
  trial: trialSchema.nullable(),
  key: z.string(),
  /** who applied it through this console; null for one that came another way */
  appliedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  note: z.string(),
  /** the session's user applied it, and this console holds the secret that confirms it */
  mine: z.boolean(),
  /** whether this console holds that secret at all */
  confirmable: z.boolean(),
  /** the agent answered just now; otherwise what is said here is of `heardAt` */
  contact: z.boolean(),
  heardAt: z.iso.datetime().nullable(),
  /** when the host reverts by itself, at the latest, whoever can be reached; null once its end is decided */
  deadlineAt: z.iso.datetime().nullable(),
});
export type TrialView = z.infer<typeof trialViewSchema>;

/** The trial of one host that is under way; null where there is none. */
export const currentTrialViewSchema = z.object({ trial: trialViewSchema.nullable() });

/** Every trial of the project that is under way, or whose end nobody has heard of yet, from the console's memory. */
export const openTrialsSchema = z.object({ trials: z.array(trialViewSchema) });
export type OpenTrials = z.infer<typeof openTrialsSchema>;

const probeSchema = z.object({
  /** `none`: there is nothing to be tried, as on a simulated host */
  state: z.enum(['passed', 'failed', 'none']),
  at: z.iso.datetime(),
  address: z.string().nullable(),
  port: z.int().nullable(),
  /** how long it took */
  ms: z.int(),
  /** in the words of the system, where it failed */
  reason: z.string().nullable(),
});
export type Probe = z.infer<typeof probeSchema>;

/** Each over a new TCP connection: an old one passes as ESTABLISHED and proves nothing. */
export const trialProbesSchema = z.object({
  agent: probeSchema,
  ssh: probeSchema,
  /** as the agent told it over that new connection, where it could be reached */
  view: trialViewSchema,
});
export type TrialProbes = z.infer<typeof trialProbesSchema>;
