/** The rules that are chosen as the page opens: `filter INPUT 3,4`. */
export interface CopySearch {
  rules?: string;
}

export function copySearch(search: Record<string, unknown>): CopySearch {
  const { rules } = search;
  return typeof rules === 'string' && /^\S+ \S+ \d+(,\d+)*$/.test(rules) ? { rules } : {};
}

export const printRules = (table: string, chain: string, numbers: readonly number[]): string =>
  `${table} ${chain} ${numbers.join(',')}`;

/** Each as `what.ts` names it. */
export function chosenRules({ rules }: CopySearch): ReadonlySet<string> {
  const [table, chain, numbers] = rules?.split(' ') ?? [];
  return new Set(numbers?.split(',').map((number) => `${table} ${chain} ${number}`));
}
