import { parseSave, type RuleSet } from '@moru/netfilter';
import { type Family, familySchema, type GenerationList, type GenerationRules } from '@moru/types';
import { differencesOf } from '../firewall/differences.ts';
import { routesDifference } from '../routing/difference.ts';

import { type KeptGeneration, listGenerations, readGeneration } from './store.ts';

const setOf = (text: string, family: Family): RuleSet => parseSave(text, { family, unreadable: 'keep' });

/** What differs between two generations; what either of them does not hold is left out. */
function between(from: KeptGeneration, to: KeptGeneration): GenerationRules['difference'] {
  const differences: GenerationRules['difference'] = {};
  for (const family of familySchema.options) {
    const [old, now] = [from.rules[family], to.rules[family]];
    if (old === undefined || now === undefined) continue;
    differences[family] = old === now ? [] : differencesOf(setOf(old, family), setOf(now, family));
  }
  if (from.routes && to.routes) differences.routes = routesDifference(from.routes, to.routes);
  return differences;
}

type Size = NonNullable<GenerationList['generations'][number]['changes']>;

function sizeOf({ ipv4 = [], ipv6 = [], routes }: GenerationRules['difference']): Size {
  const chains = [...ipv4, ...ipv6];
  const sum = (count: (chain: (typeof chains)[number]) => number) =>
    chains.reduce((total, chain) => total + count(chain), 0);
  return {
    rules: {
      added: sum(({ added }) => added.length),
      removed: sum(({ removed }) => removed.length),
      policies: sum(({ policy }) => (policy ? 1 : 0)),
    },
    routes: { added: routes?.added.length ?? 0, deleted: routes?.deleted.length ?? 0 },
  };
}

/** Every generation with how much it changed, the newest first. */
export async function listWithSizes(stateFolder: string): Promise<GenerationList> {
  const generations: GenerationList['generations'] = [];
  let older: KeptGeneration | null = null;
  // the oldest first, so that no more than two are held at a time
  for (const meta of (await listGenerations(stateFolder)).reverse()) {
    const whole: KeptGeneration = await readGeneration(stateFolder, meta.number);
    generations.unshift({ ...meta, changes: older && sizeOf(between(older, whole)) });
    older = whole;
  }
  return { generations };
}

/** One generation with what it changed. Throws ProblemError `generation.notFound`. */
export async function readDetail(stateFolder: string, number: number): Promise<GenerationRules> {
  const whole = await readGeneration(stateFolder, number);
  const older = (await listGenerations(stateFolder)).find((each) => each.number < number);
  const previous = older ? await readGeneration(stateFolder, older.number) : null;
  return {
    ...whole,
    previous: previous?.number ?? null,
    difference: previous ? between(previous, whole) : {},
  };
}
