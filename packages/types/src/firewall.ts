import { z } from 'zod';

export const familySchema = z.enum(['ipv4', 'ipv6']);
export type Family = z.infer<typeof familySchema>;

export const tableNameSchema = z.enum(['filter', 'nat', 'mangle', 'raw', 'security']);
export type TableName = z.infer<typeof tableNameSchema>;

/** A 64-bit counter as decimal text: the kernel counts beyond what a JSON number holds. */
export const counterSchema = z.string().regex(/^\d{1,20}$/);

/** SHA-256 (hex) of the canonical rules of owned chains, without counters (design/safe-change.md, step 1). */
export const revisionSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** At most 28 characters, as iptables allows; stricter than the tool on purpose (reference/security.md 3). */
export const chainNameSchema = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,27}$/);

/**
 * One rule in iptables-save form without `-A CHAIN`: `-p tcp -m tcp --dport 22 -j ACCEPT`. One line, ever: a line
 * feed in a comment becomes a second rule after save and restore (reference/security.md 3). Characters that turn
 * the direction of writing would show another rule than the one that runs.
 */
export const ruleTextSchema = z
  .string()
  .max(4096)
  .regex(/\S/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/);

export const firewallRuleSchema = z.object({
  /** position in its chain, from 1 */
  number: z.int().min(1),
  /** iptables-save form, as the host prints it, without `-A CHAIN`; may hold escaped control characters */
  text: z.string(),
  packets: counterSchema,
  bytes: counterSchema,
});
export type FirewallRule = z.infer<typeof firewallRuleSchema>;

export const firewallChainSchema = z.object({
  name: z.string(),
  builtIn: z.boolean(),
  /** null for chains that are not built in */
  policy: z.enum(['ACCEPT', 'DROP']).nullable(),
  packets: counterSchema,
  bytes: counterSchema,
  /** `foreign` chains are shown and never written (sshguard, f2b-*, DOCKER* …) */
  owner: z.enum(['moru', 'foreign']),
  /** of a foreign chain: whose it is (`sshguard`, `docker` …), or what was said when it was marked */
  program: z.string().optional(),
  rules: z.array(firewallRuleSchema),
  /** so many more rules stand behind those listed, which is all that an answer holds */
  omitted: z.int().optional(),
});
export type FirewallChain = z.infer<typeof firewallChainSchema>;

export const iptablesVersionSchema = z.object({
  /** as `iptables -V` prints it */
  raw: z.string(),
  version: z.string(),
  backend: z.enum(['legacy', 'nf_tables']),
});
export type IptablesVersion = z.infer<typeof iptablesVersionSchema>;

export const savedRulesSchema = z.object({
  path: z.string(),
  exists: z.boolean(),
  /** the file's rules (owned chains) equal the running ones; null where there is no file */
  matches: z.boolean().nullable(),
  modifiedAt: z.iso.datetime().nullable(),
});

export const sshguardSchema = z.object({
  chain: z.boolean(),
  jump: z.boolean(),
  blocked: z.int(),
});

/** Everything the 방화벽 tab shows of one address family of one host. */
export const firewallStateSchema = z.object({
  family: familySchema,
  readAt: z.iso.datetime(),
  revision: revisionSchema,
  iptables: iptablesVersionSchema,
  tables: z.array(z.object({ name: tableNameSchema, chains: z.array(firewallChainSchema) })),
  saved: savedRulesSchema,
  sshguard: sshguardSchema,
  /** the other back end (legacy beside nft or the reverse) holds rules that filter as well */
  otherBackend: z.boolean(),
  /**
   * Other rules run than Moru has left there, and when they were first seen, where that is known; null where they are
   * Moru's, or it never changed any. Absent in what a conflict carries, and of an agent that does not tell.
   */
  outside: z.object({ seenAt: z.iso.datetime().nullable() }).nullable().optional(),
});
export type FirewallState = z.infer<typeof firewallStateSchema>;

/** One edit of one chain. `revision` is the state it was made from; a stale one answers 409 with the new state. */
export const firewallChangeSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('append'),
    family: familySchema,
    revision: revisionSchema,
    table: tableNameSchema,
    chain: chainNameSchema,
    rule: ruleTextSchema,
  }),
  z.strictObject({
    type: z.literal('delete'),
    family: familySchema,
    revision: revisionSchema,
    table: tableNameSchema,
    chain: chainNameSchema,
    /** both must fit: a number alone deletes the wrong rule when another program inserts in between */
    number: z.int().min(1).max(1_000_000),
    rule: z.string().max(65_536),
  }),
]);
export type FirewallChange = z.infer<typeof firewallChangeSchema>;

export const firewallSaveSchema = z.strictObject({ family: familySchema, revision: revisionSchema });
export type FirewallSave = z.infer<typeof firewallSaveSchema>;

/**
 * Counters to zero, at once: of one rule, of a chain with its policy's, or of all chains of a table but other
 * programs'. `rule` is text and number as they were shown; it needs its chain.
 */
export const firewallZeroSchema = z
  .strictObject({
    family: familySchema,
    table: tableNameSchema,
    chain: chainNameSchema.nullable(),
    rule: z.strictObject({ number: z.int().min(1).max(1_000_000), text: z.string().max(65_536) }).nullable(),
  })
  .refine(({ chain, rule }) => rule === null || chain !== null, { path: ['chain'] });
export type FirewallZero = z.infer<typeof firewallZeroSchema>;

/**
 * The guide's views, run on the host as they stand in the guide; `other` is what the back end holds that `iptables` does
 * not speak to there.
 */
export const firewallOutputKindSchema = z.enum(['list', 'rules', 'version', 'save', 'file', 'other']);
export type FirewallOutputKind = z.infer<typeof firewallOutputKindSchema>;

export const firewallOutputSchema = z.object({
  kind: firewallOutputKindSchema,
  /** the command as an administrator would type it */
  command: z.string(),
  text: z.string(),
  exitCode: z.int(),
  readAt: z.iso.datetime(),
  /** true when the output was cut at the size limit */
  truncated: z.boolean(),
});
export type FirewallOutput = z.infer<typeof firewallOutputSchema>;
