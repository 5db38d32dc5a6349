import { describe, expect, it } from 'vitest';
import { printRule } from '../print/print.ts';
import { parseSave } from '../read/parse-save.ts';
import { mergeRuleSets } from './merge.ts';
import { generatePair, type TextSet, textOf } from './testing/generate.ts';

const set = (rules: readonly string[], more: { policy?: string; chains?: Record<string, string[]> } = {}) =>
  parseSave(
    [
      '*filter',
      `:INPUT ${more.policy ?? 'ACCEPT'} [0:0]`,
      ...Object.keys(more.chains ?? {}).map((name) => `:${name} - [0:0]`),
      ...rules.map((rule) => `-A INPUT ${rule}`),
      ...Object.entries(more.chains ?? {}).flatMap(([name, all]) => all.map((rule) => `-A ${name} ${rule}`)),
      'COMMIT\n',
    ].join('\n'),
  );

const port = (number: number, rest = '-j ACCEPT') => `-p tcp -m tcp --dport ${number} ${rest}`;
const [a, b, c, d] = [1, 2, 3, 4].map((number) => port(number)) as [string, string, string, string];
const [x, y] = [port(100), port(200)];

const merge = (base: string[], mine: string[], theirs: string[]) => {
  const { merged, conflicts } = mergeRuleSets(set(base), set(mine), set(theirs));
  const rules = merged.tables[0]?.chains[0]?.rules.map(printRule) ?? [];
  const told = conflicts.map((conflict) =>
    'at' in conflict ? `${conflict.kind} at ${conflict.at}` : conflict.kind,
  );
  return { rules, told };
};

describe('mergeRuleSets', () => {
  it.each([
    ['nobody', [a, b], [a, b], [a, b], [a, b]],
    ['only mine', [a, b, c], [c, x, a], [a, b, c], [c, x, a]],
    ['only theirs', [a, b, c], [a, b, c], [c, x, a], [c, x, a]],
    ['both the same', [a, b, c], [a, x, c, y], [a, x, c, y], [a, x, c, y]],
    ['far apart', [a, b, c, d], [x, a, b, c, d], [a, b, c, d, y], [x, a, b, c, d, y]],
    ['neighbours edited', [a, b, c, d], [a, x, c, d], [a, b, y, d], [a, x, y, d]],
    ['edited and inserted beside', [a, b, c], [a, x, c], [a, b, y, c], [a, x, y, c]],
    ['deleted and edited neighbours', [a, b, c, d], [a, c, d], [a, b, y, d], [a, y, d]],
    ['both deleted', [a, b, c], [a, c], [a, c], [a, c]],
    ['moved and edited another', [a, b, c, d], [d, a, b, c], [a, x, c, d], [d, a, x, c]],
    ['one inserts what the other does, and more', [a, b], [a, x, b], [a, x, y, b], [a, x, y, b]],
    ['twins', [a, a, b], [a, b], [a, a, b, y], [a, b, y]],
  ])('without conflict: %s', (_name, base, mine, theirs, expected) => {
    expect(merge(base, mine, theirs)).toEqual({ rules: expected, told: [] });
  });

  it.each([
    ['both edited one rule', [a, b, c], [a, x, c], [a, y, c], [a, y, c], 'edited at 2'],
    ['I deleted, they edited', [a, b, c], [a, c], [a, y, c], [a, y, c], 'deletedAndChanged at 2'],
    ['they deleted, I edited', [a, b, c], [a, x, c], [a, c], [a, x, c], 'deletedAndChanged at 2'],
    ['both inserted at one place', [a, b], [a, x, b], [a, y, b], [a, y, x, b], 'inserted at 2'],
    ['both moved one rule', [a, b, c, d], [d, a, b, c], [a, d, b, c], [a, d, b, c], 'moved at 2'],
    ['I moved, they deleted', [a, b, c, d], [d, a, b, c], [a, b, c], [d, a, b, c], 'deletedAndChanged at 1'],
    ['they moved, I deleted', [a, b, c, d], [a, b, c], [d, a, b, c], [d, a, b, c], 'deletedAndChanged at 1'],
    ['I moved, they edited', [a, b, c, d], [d, a, b, c], [a, b, c, y], [y, a, b, c], 'editedAndMoved at 1'],
    ['they moved, I edited', [a, b, c, d], [a, b, c, y], [d, a, b, c], [y, a, b, c], 'editedAndMoved at 1'],
  ])('conflict: %s', (_name, base, mine, theirs, expected, told) => {
    expect(merge(base, mine, theirs)).toEqual({ rules: expected, told: [told] });
  });

  it('names both sides of a conflict', () => {
    const { conflicts } = mergeRuleSets(set([a]), set([x]), set([y]));
    const [conflict] = conflicts;
    if (conflict?.kind !== 'edited') throw new Error(`not ${conflict?.kind}`);
    const told = [conflict.base, ...conflict.mine, ...conflict.theirs].map((rule) => rule && printRule(rule));
    expect(told).toEqual([a, x, y]);
    expect(conflict).toMatchObject({ table: 'filter', chain: 'INPUT' });
  });

  it('takes a policy from the side that changed it', () => {
    const [base, drop] = [set([a]), set([a], { policy: 'DROP' })];
    const policy = (...sets: Parameters<typeof mergeRuleSets>) =>
      mergeRuleSets(...sets).merged.tables[0]?.chains[0]?.policy;
    expect([policy(base, drop, base), policy(base, base, drop), policy(base, drop, drop)]).toEqual([
      'DROP',
      'DROP',
      'DROP',
    ]);
    expect([policy(drop, base, drop), policy(drop, drop, base)]).toEqual(['ACCEPT', 'ACCEPT']);
  });

  it('takes the chains and counters of the host', () => {
    const live = set([a, '-j sshguard'], { chains: { sshguard: ['-s 2.2.2.2/32 -j DROP'] } });
    for (const rule of live.tables[0]?.chains[0]?.rules ?? []) rule.packets = 7n;
    const draft = set(['-j sshguard', a], { chains: { sshguard: ['-s 1.1.1.1/32 -j DROP'] } });
    const base = set([a, '-j sshguard'], { chains: { sshguard: ['-s 1.1.1.1/32 -j DROP'] } });
    const { merged, conflicts } = mergeRuleSets(base, draft, live);
    expect(conflicts).toEqual([]);
    const [input, sshguard] = merged.tables[0]?.chains ?? [];
    expect(input?.rules.map((rule) => [printRule(rule), rule.packets])).toEqual([
      ['-j sshguard', 7n],
      [a, 7n],
    ]);
    expect(sshguard?.rules.map(printRule)).toEqual(['-s 2.2.2.2/32 -j DROP']);
  });

  describe('chains', () => {
    const names = (sets: ReturnType<typeof mergeRuleSets>) =>
      sets.merged.tables[0]?.chains.map(({ name }) => name);
    const web = (rules: string[], jump = true) => set(jump ? ['-j web'] : [], { chains: { web: rules } });

    it.each<[string, Parameters<typeof mergeRuleSets>, string[], string[]]>([
      ['created by me', [set([]), web([a]), set([])], ['INPUT', 'web'], []],
      ['deleted by me', [web([a]), set([]), web([a])], ['INPUT'], []],
      ['deleted by both', [web([a]), set([]), set([])], ['INPUT'], []],
      [
        'deleted by me, changed by them',
        [web([a], false), set([]), web([b], false)],
        ['INPUT', 'web'],
        ['chainDeleted'],
      ],
      [
        'deleted by them, changed by me',
        [web([a], false), web([b], false), set([])],
        ['INPUT', 'web'],
        ['chainDeleted'],
      ],
      [
        'deleted by me, jumped to anew by them',
        [web([a], false), set([]), web([a])],
        ['INPUT', 'web'],
        ['chainNeeded'],
      ],
      [
        'deleted by them, jumped to anew by me',
        [web([a], false), web([a]), set([])],
        ['INPUT', 'web'],
        ['chainNeeded'],
      ],
    ])('%s', (_name, sets, expected, conflicts) => {
      const result = mergeRuleSets(...sets);
      expect(names(result)).toEqual(expected);
      expect(result.conflicts.map(({ kind }) => kind)).toEqual(conflicts);
    });

    it('a table that one side does not name is not changed by it', () => {
      const nat = parseSave('*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n');
      const { merged, conflicts } = mergeRuleSets(nat, set([a]), nat);
      expect(merged.tables.map(({ name }) => name)).toEqual(['nat', 'filter']);
      expect(merged.tables[0]?.chains[0]?.rules).toHaveLength(1);
      expect(conflicts).toEqual([]);
    });
  });

  it('generated edits: one side’s edits come out as they are, both sides’ the same way', () => {
    const parse = (pair: TextSet) => parseSave(textOf(pair), { unreadable: 'keep' });
    const plain = (sets: ReturnType<typeof parse>) =>
      new Map(
        sets.tables.flatMap((table) =>
          table.chains.map((chain) => [
            `${table.name} ${chain.name} ${chain.policy}`,
            chain.rules.map(printRule),
          ]),
        ),
      );
    for (let seed = 1; seed <= 30; seed++) {
      const { current, wanted } = generatePair(seed, '1.8.9-legacy');
      const [base, edited] = [parse(current), parse(wanted)];
      for (const sets of [
        [base, edited, base],
        [base, base, edited],
        [base, edited, edited],
      ] as const) {
        const { merged, conflicts } = mergeRuleSets(...sets);
        expect(conflicts, `seed ${seed}`).toEqual([]);
        expect(plain(merged), `seed ${seed}`).toEqual(plain(edited));
      }
    }
  });
});
