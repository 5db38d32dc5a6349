import { identify } from '@moru/netfilter';
import type { OffRule } from '@moru/types';
import { type DraftChain, type DraftRules, ruleSetOf, textOf } from './draft-rules.ts';

/**
 * What will be switched off once these rules are on the host: by the ids that its rules have then, whoever reads them.
 * A rule that is off gets an id that no rule of a host can have.
 */
export function offAfter(rules: DraftRules): OffRule[] {
  const withOff = rules.tables.flatMap(({ name, chains }) =>
    chains.filter(({ entries }) => entries.some(({ off }) => off)).map((chain) => ({ table: name, chain })),
  );
  if (withOff.length === 0) return [];
  const { ids } = identify(ruleSetOf(rules));
  return withOff.flatMap(({ table, chain }) =>
    offIn(table as OffRule['table'], chain, ids.get(`${table} ${chain.name}`) ?? []),
  );
}

const sign = 'off-';

function offIn(table: OffRule['table'], { name, entries }: DraftChain, ids: readonly string[]): OffRule[] {
  const taken = new Set<string>();
  let number = 0;
  const named = entries.map(({ id, off }) => {
    if (!off) return ids[number++] ?? id;
    let made = id.startsWith(sign) ? id : `${sign}${id}`;
    while (taken.has(made)) made += "'";
    taken.add(made);
    return made;
  });
  return entries.flatMap(({ rule, off }, index): OffRule[] => {
    if (!off) return [];
    const next = entries.findIndex((other, at) => at > index && !other.off);
    return [
      {
        ...{ id: named[index] ?? '', table, chain: name, text: textOf(rule) },
        previous: named[index - 1] ?? null,
        next: named[next] ?? null,
      },
    ];
  });
}
