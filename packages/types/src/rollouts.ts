import { z } from 'zod';
import { addressTextSchema } from './access.ts';
import { chainDifferenceSchema } from './change-check.ts';
import { familySchema, revisionSchema, tableNameSchema } from './firewall.ts';
import { operationStateSchema, operationStepSchema } from './operations.ts';
import { problemSchema } from './problem.ts';
import { noteSchema, trialLimits, trialWait, waitSecondsSchema } from './trial.ts';

/** What one roll-out may carry, and to how many hosts. */
export const rolloutLimits = { hosts: 200, bodyBytes: trialLimits.bodyBytes, shownRules: 200 } as const;

const id = z.string().min(1).max(64);

/** A chain that is carried over: as a whole with its policy, or some of its rules, by number in the given text. */
const carriedChainSchema = z.strictObject({
  table: tableNameSchema,
  chain: z.string().min(1).max(64),
  rules: z.array(z.int().min(1)).min(1).max(1_000).nullable(),
});
export type CarriedChain = z.infer<typeof carriedChainSchema>;

/**
 * What the hosts are to have: rules of another host (as they run there, or as somebody's draft has them), or what they
 * had before an earlier roll-out.
 */
export const rolloutWantedSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('copy'),
    /** where the rules come from */
    instanceId: id,
    family: familySchema.default('ipv4'),
    /** the whole of that host's family in save form */
    rules: z.string(),
    /** null: every chain of the text that no other program owns */
    chains: z.array(carriedChainSchema).min(1).max(200).nullable(),
  }),
  z.strictObject({ kind: z.literal('undo'), rolloutId: id }),
]);
export type RolloutWanted = z.infer<typeof rolloutWantedSchema>;

const administratorSchema = addressTextSchema.nullable().optional();
const unique = (ids: readonly string[]) => new Set(ids).size === ids.length;

export const rolloutPlanRequestSchema = z.strictObject({
  wanted: rolloutWantedSchema,
  hosts: z.array(id).min(1).max(rolloutLimits.hosts).refine(unique, 'a host is named twice'),
  /** as of a check of one host */
  administrator: administratorSchema,
});
export type RolloutPlanRequest = z.infer<typeof rolloutPlanRequestSchema>;

/**
 * What somebody should know of one host before it begins:
 * - `jumpKept` a jump to another program's chain stays, although the rules that come have none
 * - `jumpDropped` a jump to another program's chain does not come along: the host has no such chain
 * - `chainBrought` a chain comes along, since rules jump to it
 * - `alreadyThere` some of the chosen rules stand there already
 * - `interfaceMissing` a rule names a network interface that the host does not have
 * - `addressOfSource` a rule names an address of the host that it comes from
 * - `shadowed` an earlier rule of the host takes everything that the rule would; `name` is its number
 * - `pathUnknown` whether a way to the host survives cannot be told beforehand
 */
export const rolloutNoteSchema = z.object({
  code: z.enum([
    'jumpKept',
    'jumpDropped',
    'chainBrought',
    'alreadyThere',
    'interfaceMissing',
    'addressOfSource',
    'shadowed',
    'pathUnknown',
  ]),
  /** TABLE.CHAIN, or the id of a way (`pathUnknown`) */
  place: z.string(),
  /** the chain, interface, address or peer in question */
  name: z.string(),
});
export type RolloutNote = z.infer<typeof rolloutNoteSchema>;

const calm: ReadonlySet<RolloutNote['code']> = new Set(['jumpKept', 'chainBrought', 'alreadyThere']);

/** Whether it has to be acknowledged before the host may be among those that are changed. */
export const isWarning = ({ code }: Pick<RolloutNote, 'code'>): boolean => !calm.has(code);

export const rolloutChangesSchema = z.object({ added: z.int(), removed: z.int(), policies: z.int() });
export type RolloutChanges = z.infer<typeof rolloutChangesSchema>;

/** What would become of one host. */
export const rolloutHostPlanSchema = z.object({
  instanceId: z.string(),
  name: z.string(),
  /** `unchanged`: it is like this already; `refused`: it cannot be among them, and `problem` says why */
  state: z.enum(['ready', 'unchanged', 'refused']),
  problem: problemSchema.nullable(),
  notes: z.array(rolloutNoteSchema),
  /** of the rules that run there now; null where they could not be read */
  revision: revisionSchema.nullable(),
  /** as `iptables -V` prints it */
  iptables: z.string().nullable(),
  changes: rolloutChangesSchema,
  /** of at most so many rules as a person reads */
  difference: z.array(chainDifferenceSchema),
  /** rules beyond those of `difference` */
  more: z.int(),
});
export type RolloutHostPlan = z.infer<typeof rolloutHostPlanSchema>;

export const rolloutPlanSchema = z.object({
  hosts: z.array(rolloutHostPlanSchema),
  /** the address that was taken for the administrator's; null where none is known */
  administrator: z.string().nullable(),
});
export type RolloutPlan = z.infer<typeof rolloutPlanSchema>;

export const rolloutStartSchema = z.strictObject({
  wanted: rolloutWantedSchema,
  /** in the order in which they are changed, with the rules that the plan was seen for; the first one is the canary */
  hosts: z
    .array(z.strictObject({ instanceId: id, revision: revisionSchema }))
    .min(1)
    .max(rolloutLimits.hosts)
    .refine((hosts) => unique(hosts.map(({ instanceId }) => instanceId)), 'a host is named twice'),
  administrator: administratorSchema,
  /** the warnings of the plan were seen */
  acknowledged: z.boolean().default(false),
  /** how many at a time, after the canary */
  waveSize: z.int().min(1).max(rolloutLimits.hosts),
  /** whether somebody looks at the canary before it goes on */
  pauseAfterCanary: z.boolean().default(false),
  /** until a host puts its rules back by itself */
  waitSeconds: waitSecondsSchema.default(trialWait.default),
  note: noteSchema.default(''),
  /** once kept, write the file of the next boot as well */
  save: z.boolean().default(false),
});
export type RolloutStart = z.infer<typeof rolloutStartSchema>;

/** `asked`: somebody pressed stop; `failed`: a host did not keep the rules, or nobody knows whether it did. */
export const rolloutStopSchema = z.object({
  why: z.enum(['asked', 'failed']),
  by: z.string().nullable(),
  at: z.iso.datetime(),
});

export const rolloutHostSchema = z.object({
  /** of the host's own operation, which may be continued where its outcome is not known */
  operationId: z.string(),
  instanceId: z.string(),
  name: z.string(),
  /** 0 for the canary */
  wave: z.int(),
  state: operationStateSchema,
  steps: z.array(operationStepSchema),
  problem: problemSchema.nullable(),
  changes: rolloutChangesSchema,
  /** its trial, while it runs and afterwards; null before */
  trialId: z.string().nullable(),
  /** the generation that was kept */
  generation: z.int().nullable(),
  updatedAt: z.iso.datetime(),
});
export type RolloutHost = z.infer<typeof rolloutHostSchema>;

export const rolloutSchema = z.object({
  id: z.string(),
  /** `paused`: the canary is done, and somebody is to look at it */
  state: operationStateSchema,
  kind: z.enum(['copy', 'undo']),
  /** where the rules come from; null for an undo */
  source: z.object({ instanceId: z.string(), name: z.string() }).nullable(),
  /** what is taken back; null for a copy */
  undoes: z.string().nullable(),
  waveSize: z.int(),
  /** the wave that is under way, or was the last one */
  wave: z.int(),
  waves: z.int(),
  pauseAfterCanary: z.boolean(),
  waitSeconds: z.int(),
  note: z.string(),
  save: z.boolean(),
  stop: rolloutStopSchema.nullable(),
  problem: problemSchema.nullable(),
  actor: z.object({ id: z.string(), name: z.string() }),
  hosts: z.array(rolloutHostSchema),
  /** what may be asked of it now */
  can: z.object({ stop: z.boolean(), continue: z.boolean(), undo: z.boolean() }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Rollout = z.infer<typeof rolloutSchema>;
