import type { Draft } from './draft.ts';
import type { DraftChain } from './draft-rules.ts';
import { linesOf } from './lines.ts';

/** `TABLE CHAIN` of every chain that the draft leaves otherwise than the host has it, deleted ones included. */
export function changedChains({ base, rules }: Draft): ReadonlySet<string> {
  if (base === rules) return new Set();
  const was = chainsOf(base);
  const will = chainsOf(rules);
  return new Set(
    [...new Set([...was.keys(), ...will.keys()])].filter((key) => isChanged(was.get(key), will.get(key))),
  );
}

/** How many rules, policies and chains differ from what the host has. */
export function countChanges({ base, rules }: Draft): number {
  if (base === rules) return 0;
  const was = chainsOf(base);
  const will = chainsOf(rules);
  let count = 0;
  for (const key of new Set([...was.keys(), ...will.keys()])) {
    const [before, after] = [was.get(key), will.get(key)];
    if (before === after) continue;
    if (!before || !after) count += 1;
    else if (before.policy !== after.policy) count += 1;
    count += linesOf(before, after).filter(({ mark }) => mark !== null).length;
  }
  return count;
}

function chainsOf({ tables }: Draft['rules']): Map<string, DraftChain> {
  return new Map(
    tables.flatMap(({ name, chains }) =>
      chains.map((chain): [string, DraftChain] => [`${name} ${chain.name}`, chain]),
    ),
  );
}

function isChanged(before: DraftChain | undefined, after: DraftChain | undefined): boolean {
  if (before === after) return false;
  if (!before || !after || before.policy !== after.policy) return true;
  return linesOf(before, after).some(({ mark }) => mark !== null);
}
