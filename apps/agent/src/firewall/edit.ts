import { type Chain, type Edit, printRule, type Rule, type RuleSet } from '@moru/netfilter';

function rulesOf(set: RuleSet, edit: Edit): Rule[] {
  const table = set.tables.find((each) => each.name === edit.table);
  return table?.chains.find((each) => each.name === edit.chain)?.rules ?? [];
}

/** A rule that tests and does nothing prints as nothing. */
const ruleLine = (command: string, rest: string) => `${command} ${rest}`.trimEnd();

const counted = (rule: Rule) => `[${rule.packets}:${rule.bytes}]`;

/**
 * The headers of the built-in chains, with policy and counters as just read, since legacy before 1.8.10 zeroes them at
 * any change (reference/iptables.md section 6.1); no other chain is named, for naming one flushes it.
 */
export const policyHeaders = (chains: readonly Chain[]): string[] =>
  chains.flatMap((chain) =>
    chain.policy === null ? [] : `:${chain.name} ${chain.policy} [${chain.packets}:${chain.bytes}]`,
  );

/** Payload for a table that nobody else can change meanwhile: rules are named by number. */
export function lockedPayload(set: RuleSet, edit: Edit): string[] {
  const chains = set.tables.find((each) => each.name === edit.table)?.chains ?? [];
  const line =
    edit.type === 'append'
      ? ruleLine(`-A ${edit.chain}`, printRule(edit.rule))
      : `-D ${edit.chain} ${edit.number}`;
  return [...policyHeaders(chains), line];
}

/**
 * Payload for a table that others may change at any moment: a rule is named by all of its text, and no header is
 * sent, for nft keeps policies and counters by itself.
 *
 * `-D` takes the first of several equal rules. To take the n-th away, the first n go and n-1 are put back where
 * they stood, counters and all. Rewriting the chain with `-F` would do as well, but would silently lose what
 * another program inserts meanwhile; a wrong place is seen in the dump that follows.
 */
export function specifiedPayload(set: RuleSet, edit: Edit): string[] {
  const { chain } = edit;
  if (edit.type === 'append') return [ruleLine(`-A ${chain}`, printRule(edit.rule))];
  const upTo = rulesOf(set, edit)
    .slice(0, edit.number)
    .map((rule, index) => ({ rule, place: index + 1, text: printRule(rule) }));
  const text = upTo[upTo.length - 1]?.text ?? '';
  const equal = upTo.filter((each) => each.text === text);
  return [
    ...equal.map(() => ruleLine(`-D ${chain}`, text)),
    ...equal.slice(0, -1).map(({ rule, place }) => ruleLine(`${counted(rule)} -I ${chain} ${place}`, text)),
  ];
}

/**
 * Whether the edit does the same wherever other rules have moved: an append does, and a delete by text of a rule
 * that stands once. Of several equal rules it takes places to say which.
 */
export function namesOneRule(set: RuleSet, edit: Edit): boolean {
  if (edit.type === 'append') return true;
  const texts = rulesOf(set, edit).map(printRule);
  return texts.indexOf(texts[edit.number - 1] ?? '') === texts.lastIndexOf(texts[edit.number - 1] ?? '');
}
