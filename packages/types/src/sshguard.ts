import { z } from 'zod';
import { wantedRulesSchema } from './change-check.ts';
import { counterSchema, familySchema, ruleTextSchema } from './firewall.ts';

/** Paths of SSHGUARD's panel on the agent. */
export const sshguardPaths = {
  state: '/v1/sshguard',
  unblock: '/v1/sshguard/unblock',
  proposal: '/v1/sshguard/proposal',
} as const;

/** What an answer lists at most; beyond that `blockedCount` tells how many there are. */
export const sshguardLimits = { blocked: 2_000, whitelist: 200 } as const;

/**
 * - `notInstalled` no program of that name; `stopped` it does not run, so nobody is blocked or released
 * - `chainMissing`, `jumpMissing` what it blocks has no effect: nothing leads to its chain, or there is none
 * - `nftBackend` it blocks by sets of nft of its own, which `iptables` does not show
 * - `running` it blocks by iptables
 */
export const sshguardConditionSchema = z.enum([
  'notInstalled',
  'stopped',
  'chainMissing',
  'jumpMissing',
  'nftBackend',
  'running',
]);
export type SshguardCondition = z.infer<typeof sshguardConditionSchema>;

export const blockedAddressSchema = z.object({
  /** the whole rule without `-A sshguard`, which names it when it is to be unblocked */
  rule: z.string(),
  /** as the rule tests it; null for a rule without a source */
  source: z.string().nullable(),
  packets: counterSchema,
  bytes: counterSchema,
  /** it was made between these two; null where it was there before the agent looked for the first time */
  seenAt: z.iso.datetime().nullable(),
  notBefore: z.iso.datetime().nullable(),
});
export type BlockedAddress = z.infer<typeof blockedAddressSchema>;

const placedRuleSchema = z.object({ chain: z.string(), number: z.int(), rule: z.string() });

/** SSHGUARD on one host, as far as one family's rules show it. */
export const sshguardPanelSchema = z.object({
  family: familySchema,
  readAt: z.iso.datetime(),
  condition: sshguardConditionSchema,
  installed: z.boolean(),
  /** null where it cannot be told */
  running: z.boolean().nullable(),
  /** as its configuration names it: the last part of the path of its back end */
  backend: z.string().nullable(),
  chain: z.boolean(),
  /** the first rule that leads to its chain */
  jump: placedRuleSchema.nullable(),
  /** a rule ahead of it that lets strangers' SSH in, whom no block then stops */
  ahead: placedRuleSchema.nullable(),
  blocked: z.array(blockedAddressSchema),
  blockedCount: z.int(),
  /** addresses that it never blocks, from its whitelist file; null without one */
  whitelist: z.object({ path: z.string(), entries: z.array(z.string()) }).nullable(),
});
export type SshguardPanel = z.infer<typeof sshguardPanelSchema>;

export const unblockSchema = z.strictObject({ family: familySchema, rule: ruleTextSchema });
export type Unblock = z.infer<typeof unblockSchema>;

/**
 * The rules that run with the jump to SSHGUARD's chain put in, first in INPUT, to be tried like any other; null where
 * it is there already.
 */
export const sshguardProposalSchema = z.object({
  family: familySchema,
  wanted: wantedRulesSchema.nullable(),
  step: z.object({
    table: z.literal('filter'),
    chain: z.literal('INPUT'),
    number: z.literal(1),
    rule: z.literal('-j sshguard'),
    /** the chain is made as well */
    createsChain: z.boolean(),
  }),
});
export type SshguardProposal = z.infer<typeof sshguardProposalSchema>;
