import { z } from 'zod';
import { familySchema, tableNameSchema } from './firewall.ts';

/** An address as people write it; the agent reads and prints it anew. */
export const addressTextSchema = z.string().regex(/^[0-9A-Fa-f:.]{2,45}$/);

/** Who must still reach the host after a change. The agent adds the address that the request came from. */
export const accessRequestSchema = z.strictObject({
  /** further addresses from which the console talks to the agent */
  console: z.array(addressTextSchema).max(16).default([]),
  /** where the administrator's SSH comes from; null where that is not known */
  administrator: addressTextSchema.nullable().default(null),
});
export type AccessRequest = z.infer<typeof accessRequestSchema>;

/** A rule on which a judgement rests, so that it can be shown; `number` is its place in the rules that were judged. */
export const decidingRuleSchema = z.object({
  /** both back ends filter, whichever of them `iptables` speaks to */
  backend: z.enum(['legacy', 'nf_tables']),
  table: tableNameSchema,
  chain: z.string(),
  /** from 1; of a policy one more than the chain's last rule */
  number: z.int(),
  kind: z.enum(['rule', 'policy']),
  /** the rule in save form without `-A CHAIN`, or the policy */
  text: z.string(),
});
export type DecidingRule = z.infer<typeof decidingRuleSchema>;

/** `none`: the host does not have or need it, or nobody said which address is meant. */
export const accessStateSchema = z.enum(['kept', 'lost', 'unknown', 'none']);
export type AccessState = z.infer<typeof accessStateSchema>;

/**
 * What decides:
 * - `rules` those named in `rules`
 * - `noRoute` no route leads there; `otherWay` answers leave by another interface or gateway than before
 * - `reversePath` the host drops what comes in by an interface by which it would not answer (rp_filter)
 * - `policyRules` routing rules beyond the standard ones, which are not judged
 * - `nativeRules` nft rules beside those of iptables; `unreadable` rules that cannot be read
 */
export const accessCauseSchema = z.enum([
  'rules',
  'noRoute',
  'otherWay',
  'reversePath',
  'policyRules',
  'nativeRules',
  'unreadable',
]);
export type AccessCause = z.infer<typeof accessCauseSchema>;

export const judgementSchema = z.object({
  state: accessStateSchema,
  /** null where there is nothing to judge */
  cause: accessCauseSchema.nullable(),
  /** those that accept or stop it, or that cannot be judged; empty where no rule decides */
  rules: z.array(decidingRuleSchema),
});
export type Judgement = z.infer<typeof judgementSchema>;

/**
 * One of the ways that must survive a change (design/safe-change.md, step 2):
 * - `consoleAgent` the console to the agent; `consoleSsh` the console to the SSH port: a probe, and
 *   for the console's review what stands for the administrator's SSH where its address is not known
 * - `administratorSsh` the administrator's SSH
 * - `dns` names are asked for; `time` the clock is set
 * - `sshguard` strangers meet SSHGUARD's chain before anything lets them in
 */
export const accessPathSchema = z.object({
  /** the same for the same path of the same host, to name it in an acknowledgement */
  id: z.string(),
  path: z.enum(['consoleAgent', 'consoleSsh', 'administratorSsh', 'dns', 'time', 'sshguard']),
  family: familySchema,
  peer: z.string().nullable(),
  local: z.string().nullable(),
  protocol: z.enum(['tcp', 'udp']),
  port: z.int().nullable(),
  /** losing it means not to get in any more: `lost` and `unknown` have to be acknowledged */
  control: z.boolean(),
  /** the worst of `packets` */
  now: judgementSchema,
  draft: judgementSchema,
  /** `new` and `established` arrive or leave with the question, `reply` is the answer the other way */
  packets: z.array(
    z.object({
      packet: z.enum(['new', 'established', 'reply']),
      direction: z.enum(['in', 'out']),
      now: judgementSchema,
      draft: judgementSchema,
    }),
  ),
});
export type AccessPath = z.infer<typeof accessPathSchema>;

export const reachSchema = z.enum(['open', 'closed', 'unknown']);
export type Reach = z.infer<typeof reachSchema>;

/** What a change opens or closes, for the ports and addresses that the changed rules name. */
export const reachChangeSchema = z.object({
  family: familySchema,
  /** `in`: `peer` may connect to the host; `out`: the host to `peer` */
  direction: z.enum(['in', 'out']),
  protocol: z.enum(['tcp', 'udp', 'icmp']),
  /** null: every port that no rule names, or none for icmp */
  ports: z.object({ from: z.int(), to: z.int() }).nullable(),
  /** an address or prefix; null: every one that no rule names */
  peer: z.string().nullable(),
  before: reachSchema,
  after: reachSchema,
});
export type ReachChange = z.infer<typeof reachChangeSchema>;

/** A rule that keeps the console's way to the agent, to be put into the draft at that place. */
export const keepAccessStepSchema = z.object({
  family: familySchema,
  table: z.literal('filter'),
  chain: z.enum(['INPUT', 'OUTPUT']),
  number: z.literal(1),
  rule: z.string(),
});
export type KeepAccessStep = z.infer<typeof keepAccessStepSchema>;

export const accessReportSchema = z.object({
  /** what has to be typed to go on although a path is lost */
  hostname: z.string(),
  /** ports that the host's SSH server is told to listen on */
  sshPorts: z.array(z.int()),
  paths: z.array(accessPathSchema),
  /** what a start must acknowledge */
  needs: z.object({
    /** ids of control paths that the change cuts: the host's name has to be typed */
    lost: z.array(z.string()),
    /** ids of control paths of which nobody can say it: each has to be named */
    unknown: z.array(z.string()),
  }),
  reach: z.array(reachChangeSchema),
  /** empty where the console's way is kept, or where no rule in these places would keep it */
  keepConsole: z.array(keepAccessStepSchema),
});
export type AccessReport = z.infer<typeof accessReportSchema>;

/** What somebody has seen and goes on all the same. */
export const acknowledgementSchema = z.strictObject({
  /** the host's name as typed; for paths that are lost */
  hostname: z.string().trim().max(255).nullable().default(null),
  /** ids of paths that cannot be judged */
  paths: z.array(z.string().max(200)).max(64).default([]),
});
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;
