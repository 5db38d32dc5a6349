import { z } from 'zod';
import { chainNameSchema } from './firewall.ts';
import { authorSchema } from './trial.ts';

/** Path of the marked chains on the agent. */
export const foreignChainsPath = '/v1/foreign-chains';

export const maxForeignChains = 100;

/** Whose a chain is, in words for a list. */
const programSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u);

/** A chain that somebody has marked as another program's: it is shown, and never written by a change. */
export const foreignChainSchema = z.object({
  /** in every table and both families */
  chain: chainNameSchema,
  program: programSchema,
  author: z.string(),
  at: z.iso.datetime(),
});
export type ForeignChain = z.infer<typeof foreignChainSchema>;

export const foreignChainsSchema = z.object({ chains: z.array(foreignChainSchema) });
export type ForeignChains = z.infer<typeof foreignChainsSchema>;

const mark = { chain: chainNameSchema, program: programSchema.nullable() };

/** `program`: whose it is from now on; null to take the mark away. */
export const markChainSchema = z.strictObject(mark);
export type MarkChain = z.infer<typeof markChainSchema>;

/** As the agent is asked, which keeps who it was. */
export const markChainRequestSchema = z.strictObject({ ...mark, author: authorSchema });
