import { builtInChains, foreignOwner } from '@moru/netfilter';
import {
  type ForeignChain,
  type ForeignChains,
  familySchema,
  foreignChainsPath,
  markChainRequestSchema,
  maxForeignChains,
  ProblemError,
} from '@moru/types';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Route } from '../http/router.ts';
import { log } from '../log.ts';
import { diskProblem } from '../process/durable.ts';
import type { createGate } from '../process/gate.ts';
import type { Watch } from '../watch/watch.ts';
import { readMarks, writeMarks } from './marks.ts';

const noQuerySchema = z.strictObject({});
const builtIn = new Set(Object.values(builtInChains).flat());

export interface Marking {
  watch: Watch;
  /** that of whatever changes the host */
  gate: ReturnType<typeof createGate>;
  /** throws while a trial waits: what is ours must not change under it */
  assertFree(): Promise<void>;
}

/** Chains that an administrator says belong to another program. */
export function foreignChainRoutes({ stateFolder }: Config, { watch, gate, assertFree }: Marking): Route[] {
  const mark = async (wanted: z.infer<typeof markChainRequestSchema>): Promise<ForeignChain[]> => {
    const { chain, program, author } = wanted;
    if (builtIn.has(chain)) {
      throw new ProblemError('input.invalid', { fields: [{ field: 'chain', code: 'chain.builtIn' }] });
    }
    if (foreignOwner(chain) !== null) throw new ProblemError('chain.known');
    const others = readMarks(stateFolder).filter((each) => each.chain !== chain);
    if (program === null) return others;
    const isThere = familySchema.options.some((family) => watch.chains(family).has(chain));
    if (!isThere) throw new ProblemError('chain.notFound');
    if (others.length >= maxForeignChains) {
      throw new ProblemError('input.invalid', { fields: [{ field: 'chain', code: 'chains.tooMany' }] });
    }
    return [...others, { chain, program, author, at: new Date().toISOString() }];
  };

  return [
    {
      method: 'GET',
      path: foreignChainsPath,
      handle: async ({ query }): Promise<ForeignChains> => {
        noQuerySchema.parse(query);
        return { chains: readMarks(stateFolder) };
      },
    },
    {
      method: 'POST',
      path: foreignChainsPath,
      handle: async ({ query, body, requestId }): Promise<ForeignChains> => {
        noQuerySchema.parse(query);
        const wanted = markChainRequestSchema.parse(body);
        return gate(async () => {
          await assertFree();
          const chains = await mark(wanted);
          await watch.remark(async () => {
            await writeMarks(stateFolder, chains).catch((error: unknown) => {
              throw diskProblem('The mark could not be kept.', error);
            });
          });
          log.info('marked a chain', { requestId, ...wanted });
          return { chains };
        });
      },
    },
  ];
}
