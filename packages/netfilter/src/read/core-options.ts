/** Options that every rule knows, whatever it has loaded. */
export type CoreOption = 's' | 'd' | 'i' | 'o' | 'p' | 'f' | 'm' | 'j' | 'g' | 'c' | 'command';

/** Exact names. Those of commands stand here because a shortened long option must be unique among all. */
export const coreOptions: ReadonlyMap<string, CoreOption> = new Map<string, CoreOption>([
  ['-s', 's'],
  ['--source', 's'],
  ['--src', 's'],
  ['-d', 'd'],
  ['--destination', 'd'],
  ['--dst', 'd'],
  ['-i', 'i'],
  ['--in-interface', 'i'],
  ['-o', 'o'],
  ['--out-interface', 'o'],
  ['-p', 'p'],
  ['--protocol', 'p'],
  ['-f', 'f'],
  ['--fragments', 'f'],
  ['-m', 'm'],
  ['--match', 'm'],
  ['-j', 'j'],
  ['--jump', 'j'],
  ['-g', 'g'],
  ['--goto', 'g'],
  ['-c', 'c'],
  ['--set-counters', 'c'],
  ...[
    'append',
    'delete',
    'check',
    'insert',
    'replace',
    'list',
    'list-rules',
    'flush',
    'zero',
    'new-chain',
    'delete-chain',
    'rename-chain',
    'policy',
    'table',
    'numeric',
    'verbose',
    'wait',
    'wait-interval',
    'exact',
    'version',
    'help',
    'line-numbers',
    'modprobe',
    'ipv4',
    'ipv6',
  ].map((name): [string, CoreOption] => [`--${name}`, 'command']),
]);

/** Character codes of the short options; a switch over numbers takes a third of the time of one over strings. */
export const letters = {
  s: 115,
  d: 100,
  p: 112,
  i: 105,
  o: 111,
  m: 109,
  j: 106,
  g: 103,
  f: 102,
  c: 99,
  command: 1,
} as const satisfies Record<CoreOption, number>;

/** Of a long option of the rule itself, the code of its letter; 0 for any other word. */
export function letterOf(word: string): number {
  const option = coreOptions.get(word);
  return option === undefined ? 0 : letters[option];
}

/**
 * The one option that a shortened name stands for, as getopt_long finds it. An array when it stands for
 * several with different meanings; null when for none.
 */
export function completeOption(
  word: string,
  loaded: Iterable<ReadonlyMap<string, { key: string }>>,
): string | string[] | null {
  const found = new Map<string, string>();
  for (const [name, meaning] of coreOptions)
    if (name.startsWith(word)) found.set(`core ${meaning} ${meaning === 'command' ? name : ''}`, name);
  let index = 0;
  for (const options of loaded) {
    index++;
    for (const [name, entry] of options)
      if (name.startsWith(word)) found.set(`${index} ${entry.key} ${name}`, name);
  }
  const names = [...found.values()];
  return names.length <= 1 ? (names[0] ?? null) : names;
}
