import { mergeRuleSets, type RuleSet } from '@moru/netfilter';
import { type DraftRules, readRule, ruleSetOf, tableOf, textOf } from '../drafts/draft-rules.ts';
import { editsBetween, type WantedTables } from '../drafts/edits-between.ts';
import type { PlannedEdit } from '../drafts/step.ts';
import { offSign, type TextChain } from './read-text.ts';

/** A table of a draft in the form of `iptables-save`, without counters; rules that are off stand as comments. */
export function draftText(rules: DraftRules, table: string): string {
  const chains = tableOf(rules, table)?.chains ?? [];
  return [
    `*${table}`,
    ...chains.map(({ name, policy }) => `:${name} ${policy ?? '-'} [0:0]`),
    ...chains.flatMap(({ name, entries }) =>
      entries.map(({ rule, off }) => `${off ? offSign : '-A '}${name} ${textOf(rule)}`),
    ),
    'COMMIT',
    '',
  ].join('\n');
}

/** What the text leaves otherwise in chains of other programs, which no draft writes. */
export function foreignChanges(rules: DraftRules, table: string, chains: readonly TextChain[]): string[] {
  const written = new Map(chains.map((chain) => [chain.name, chain]));
  const foreign = tableOf(rules, table)?.chains.filter((chain) => chain.foreign) ?? [];
  return foreign
    .filter(({ name, entries }) => {
      const texts = written.get(name)?.rules.map(({ text }) => text);
      return texts === undefined || texts.join('\n') !== entries.map(({ rule }) => textOf(rule)).join('\n');
    })
    .map(({ name }) => name);
}

/**
 * The edits that make of the draft what was written. `since` is what the text was made of: where the draft is another
 * one by now, both changes stand; null where they cannot both.
 */
export function editsOfText(
  now: DraftRules,
  since: DraftRules,
  table: string,
  chains: readonly TextChain[],
): PlannedEdit[] | null {
  const wanted = [{ name: table, chains: withForeign(now, table, chains) }];
  const tables: WantedTables = wanted.map(({ name, chains: all }) => ({
    name,
    chains: all.map((chain) => ({
      ...chain,
      rules: chain.rules.map(({ text, off }) => ({ rule: readRule(text, now.family), off })),
    })),
  }));
  if (now === since) return editsBetween(now, tables, { offAsSaid: true });
  const mine = withTable(ruleSetOf(since), table, tables);
  const { merged, conflicts } = mergeRuleSets(ruleSetOf(since), mine, ruleSetOf(now));
  if (conflicts.some(({ kind }) => kind !== 'inserted')) return null;
  const both = merged.tables.filter(({ name }) => name === table);
  return editsBetween(
    now,
    both.map(({ name, chains: all }) => ({
      name,
      chains: all.map((chain) => ({ ...chain, rules: chain.rules.map((rule) => ({ rule, off: false })) })),
    })),
  );
}

/** Other programs' chains are left as they are, whatever was written of them. */
function withForeign(now: DraftRules, table: string, chains: readonly TextChain[]): TextChain[] {
  const held = tableOf(now, table)?.chains ?? [];
  const foreign = new Set(held.filter((chain) => chain.foreign).map(({ name }) => name));
  return [
    ...chains.filter(({ name }) => !foreign.has(name)),
    ...held
      .filter((chain) => chain.foreign)
      .map(({ name, policy, entries }) => ({
        ...{ name, policy },
        rules: entries.map(({ rule, off }) => ({ text: textOf(rule), off })),
      })),
  ];
}

function withTable(set: RuleSet, table: string, wanted: WantedTables): RuleSet {
  const tables = set.tables.map((each) => {
    const named = wanted.find(({ name }) => name === each.name);
    if (each.name !== table || !named) return each;
    const before = new Map(each.chains.map((chain) => [chain.name, chain]));
    return {
      ...each,
      chains: named.chains.map(({ name, policy, rules }) => ({
        ...{ name, policy, packets: 0n, bytes: 0n, ...before.get(name) },
        policy,
        rules: rules.filter(({ off }) => !off).map(({ rule }) => rule),
      })),
    };
  });
  return { ...set, tables };
}
