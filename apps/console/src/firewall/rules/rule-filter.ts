import { describeRule, holdsAddress, type Rule, type Words } from '@moru/netfilter';
import { textOf } from '../drafts/draft-rules.ts';
import type { Line } from '../drafts/lines.ts';

export interface Filtered {
  /** indices of the lines that are shown; null: all of them */
  shown: readonly number[] | null;
  /** for an address: how many further rules are for every address, and so for this one too */
  forAll: number;
}

/**
 * The rules that a search text is about: those that hold the text; for an address also those whose networks it lies
 * in, and for a port those whose ranges it lies in. Rules for every address are counted, and shown with `withForAll`.
 */
export function filterLines(lines: readonly Line[], query: string, withForAll = false): Filtered {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return { shown: null, forAll: 0 };
  const address = isAddress(wanted) ? wanted : null;
  const port = /^\d{1,5}$/.test(wanted) && Number(wanted) <= 65_535 ? Number(wanted) : null;
  const shown: number[] = [];
  let forAll = 0;
  for (const [index, { entry, before }] of lines.entries()) {
    const rules = before ? [entry.rule, before.rule] : [entry.rule];
    if (rules.some((rule) => holds(rule, wanted, address, port))) shown.push(index);
    else if (address !== null && rules.some((rule) => !rule.source && !rule.destination)) {
      forAll += 1;
      if (withForAll) shown.push(index);
    }
  }
  return { shown, forAll };
}

const lowered = new WeakMap<Rule, string>();

/** Kept for as long as the rule lives: each key of a search asks all rules. */
function lowerText(rule: Rule): string {
  let text = lowered.get(rule);
  if (text === undefined) {
    text = textOf(rule).toLowerCase();
    lowered.set(rule, text);
  }
  return text;
}

function holds(rule: Rule, wanted: string, address: string | null, port: number | null): boolean {
  if (lowerText(rule).includes(wanted)) return true;
  if (address !== null) {
    return [rule.source, rule.destination].some(
      (held) => held !== null && holdsAddress(held.value, address) !== held.negated,
    );
  }
  return port !== null && rule.matches.length > 0 && hasPort(rule, port);
}

function hasPort(rule: Rule, port: number): boolean {
  const { destinationPort, sourcePort, anyPort } = describeRule(rule);
  return [destinationPort, sourcePort, anyPort].some((words) => words !== null && portIn(words, port));
}

const isAddress = (text: string): boolean => holdsAddress('0.0.0.0/0', text) !== null;

function portIn({ not, text }: Words, port: number): boolean {
  const inside = text.split(',').some((part) => {
    const [from = '', to = from] = part.split(':');
    return Number(from) <= port && port <= Number(to);
  });
  return inside !== not;
}
