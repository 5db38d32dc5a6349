import type { Match, Negatable, Rule } from '../model.ts';
import { printRule } from '../print/print.ts';

/**
 * Whether two rules are one and the same to iptables: equal in canonical text. Counters and comment lines do not
 * count. Models that are equal part by part are told without printing, which is what makes a plan of one edit in
 * 50,000 rules fast.
 */
export function sameRule(a: Rule, b: Rule): boolean {
  return a === b || sameParts(a, b) || (sameSkeleton(a, b) && printRule(a) === printRule(b));
}

/**
 * Whether the parts that are printed one to one are equal; false means that the texts differ. Interfaces and
 * options are left out, since some values of theirs are printed as nothing.
 */
function sameSkeleton(a: Rule, b: Rule): boolean {
  if (a.verbatim !== null || b.verbatim !== null) return true;
  return (
    sameNegatable(a.source, b.source) && sameNegatable(a.destination, b.destination) && sameOutline(a, b)
  );
}

/** Whether protocol, names of matches, comments and name of the target are equal. */
export function sameOutline(a: Rule, b: Rule): boolean {
  if (a.verbatim !== null || b.verbatim !== null) return true;
  return (
    sameNegatable(a.protocol, b.protocol) &&
    a.target?.name === b.target?.name &&
    sameNames(a.matches, b.matches)
  );
}

/** Names in order, and comments, which are what most often tells rules apart that are alike otherwise. */
function sameNames(a: Rule['matches'], b: Rule['matches']): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i], b[i]];
    if (one?.name !== other?.name) return false;
    if (isComment(one) && isComment(other) && one.comment !== other.comment) return false;
  }
  return true;
}

const isComment = (match: Match | undefined): match is Extract<Match, { name: 'comment'; modelled: true }> =>
  match?.name === 'comment' && match.modelled;

function sameParts(a: Rule, b: Rule): boolean {
  return (
    sameNegatable(a.source, b.source) &&
    sameNegatable(a.destination, b.destination) &&
    sameNegatable(a.inInterface, b.inInterface) &&
    sameNegatable(a.outInterface, b.outInterface) &&
    sameNegatable(a.protocol, b.protocol) &&
    a.fragment === b.fragment &&
    a.verbatim === b.verbatim &&
    sameValue(a.target, b.target) &&
    sameList(a.matches, b.matches)
  );
}

function sameNegatable<T>(a: Negatable<T> | null, b: Negatable<T> | null): boolean {
  if (a === null || b === null) return a === b;
  return a.value === b.value && a.negated === b.negated;
}

/**
 * Of what models are made of: primitives, arrays, and objects without a prototype of their own. Objects of one
 * name have the same keys, so those of one side do.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && sameList(a, b);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key in left) {
    const value = left[key];
    const other = right[key];
    if (value !== other && !sameValue(value, other)) return false;
  }
  return true;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false;
  return true;
}
