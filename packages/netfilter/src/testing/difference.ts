/** A rule of which we make something else than 1.8.9, on purpose. Null: we refuse it. */
export interface Difference {
  ours: string | null;
  why: string;
}

type Entry = readonly [rule: string, difference: Difference];

/** Rules that we refuse where the tool takes them. */
export function refused(why: string, ...rules: readonly string[]): Entry[] {
  return rules.map((rule) => [rule, { ours: null, why }]);
}

/** Rules with what we print of them; the rule itself where that is not said. */
export function kept(why: string, rules: readonly (readonly [rule: string, ours?: string])[]): Entry[] {
  return rules.map(([rule, ours = rule]) => [rule, { ours, why }]);
}
