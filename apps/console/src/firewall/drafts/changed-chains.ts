import type { Draft } from './draft.ts';
import { type DraftChain, onHost, textOf } from './draft-rules.ts';
import { linesOf } from './lines.ts';

type Ends = Pick<Draft, 'base' | 'rules'>;

/** `TABLE CHAIN` of every chain that the draft leaves otherwise than the host has it, deleted ones included. */
export function changedChains({ base, rules }: Ends): ReadonlySet<string> {
  if (base === rules) return new Set();
  const was = chainsOf(base);
  const will = chainsOf(rules);
  return new Set(
    [...new Set([...was.keys(), ...will.keys()])].filter((key) => isChanged(was.get(key), will.get(key))),
  );
}

/** How many rules, policies and chains differ from what the host has. */
export function countChanges({ base, rules }: Ends): number {
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

/** Whether anything on the host would be otherwise: rules that are switched off are not there. */
export function changesHost({ base, rules }: Ends): boolean {
  if (base === rules) return false;
  const was = chainsOf(base);
  const will = chainsOf(rules);
  return [...new Set([...was.keys(), ...will.keys()])].some(
    (key) => !isSameOnHost(was.get(key), will.get(key)),
  );
}

function isSameOnHost(before: DraftChain | undefined, after: DraftChain | undefined): boolean {
  if (before === after) return true;
  if (!before || !after || before.policy !== after.policy) return false;
  const was = onHost(before.entries);
  const will = onHost(after.entries);
  return (
    was.length === will.length &&
    was.every(({ rule }, index) => {
      const other = will[index]?.rule;
      return other !== undefined && (rule === other || textOf(rule) === textOf(other));
    })
  );
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
