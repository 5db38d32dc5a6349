import { foreignChains } from './generate.ts';

/** What is compared of dumps of `iptables-save -c`: as text, so that nothing of the engine is asked. */

interface Line {
  table: string;
  chain: string;
  /** packets and bytes in brackets */
  counters: string;
  /** without counters */
  text: string;
}

function linesOf(dump: string): Line[] {
  let table = '';
  return dump.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    const [, counted = '', rule = '', of = ''] = /^(\[\d+:\d+\]) (-A (\S+).*)$/.exec(line) ?? [];
    if (rule) return [{ table, chain: of, counters: counted, text: rule }];
    const [, header = '', chain = '', counters = ''] = /^(:(\S+) \S+) (\[\d+:\d+\])$/.exec(line) ?? [];
    return header ? [{ table, chain, counters, text: header }] : [];
  });
}

const owned = (dump: string): Line[] => linesOf(dump).filter(({ chain }) => !foreignChains.includes(chain));

/** Chains, policies and rules of ours, in order; empty tables and counters left out. */
export const ownedText = (dump: string): string =>
  meaningful(owned(dump))
    .map(({ table, text }) => `${table} ${text}`)
    .join('\n');

export const withCounters = (dump: string): string =>
  meaningful(owned(dump))
    .map(({ table, text, counters }) => `${table} ${counters} ${text}`)
    .join('\n');

/** A table appears in a dump of legacy as soon as somebody has looked at it. */
function meaningful(lines: Line[]): Line[] {
  const used = new Set(
    lines
      .filter(({ text, counters }) => !/^:\S+ ACCEPT$/.test(text) || counters !== '[0:0]')
      .map(({ table }) => table),
  );
  return lines
    .filter(({ table }) => used.has(table))
    .sort((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0));
}

/** Rules of chains of other programs. */
export const foreignRules = (dump: string): string[] =>
  linesOf(dump)
    .filter(({ chain, text }) => foreignChains.includes(chain) && text.startsWith('-A'))
    .map(({ text }) => text);

/**
 * Counters that are not those to go on with: of a policy, what it had; of equal rules of a chain, as many as were
 * there before keep theirs, and those that are new begin with what was wanted.
 */
export function rewrittenCounters(dumps: {
  before: string;
  wanted: string;
  after: string;
  /** tables whose policies are not judged */
  policies: readonly string[];
}): string[] {
  const [had, want, have] = [byText(dumps.before), byText(dumps.wanted), byText(dumps.after)];
  return [...have].flatMap(([key, now]) => {
    if (dumps.policies.some((table) => key.startsWith(`${table} :`))) return [];
    const old = had.get(key) ?? [];
    const left = without(now, old);
    const fresh = Math.max(0, now.length - old.length);
    const strange = without(left, want.get(key) ?? []);
    return left.length === fresh && strange.length === 0
      ? []
      : [`counters of ${key}: ${old.join(' ')} became ${now.join(' ')}`];
  });
}

type Counted = Map<string, string[]>;

function byText(dump: string): Counted {
  const found: Counted = new Map();
  for (const { table, chain, text, counters } of owned(dump)) {
    const key = text.startsWith(':') ? `${table} :${chain}` : `${table} ${text}`;
    found.set(key, [...(found.get(key) ?? []), counters]);
  }
  return found;
}

function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = [...all];
  for (const one of taken) {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

export function difference(what: string, expected: string, found: string): string[] {
  if (expected === found) return [];
  const left = expected.split('\n');
  const right = found.split('\n');
  const at = left.findIndex((line, index) => line !== right[index]);
  const place = at < 0 ? left.length : at;
  return [`${what} differ at line ${place + 1}: expected ${left[place]}, found ${right[place]}`];
}
