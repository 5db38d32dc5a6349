import { identify, parseSave } from '@moru/netfilter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addEdits, draftOn } from './draft.ts';
import { chainOf, draftRulesOf, readRule, textOf } from './draft-rules.ts';
import { editsBetween } from './edits-between.ts';

const rule = fc.integer({ min: 1, max: 12 }).map((port) => `-p tcp -m tcp --dport ${port} -j ACCEPT`);
const line = fc.record({ text: rule, off: fc.boolean() });
const chain = fc.array(line, { maxLength: 14 });
const policy = fc.constantFrom('ACCEPT' as const, 'DROP' as const);

test('the edits lead from any rules to any others, switched-off ones included', () => {
  fc.assert(
    fc.property(chain, chain, chain, policy, fc.boolean(), (before, after, web, wantedPolicy, hadWeb) => {
      const head = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${hadWeb ? ':web - [0:0]\n' : ''}`;
      const host = parseSave(`${head}${before.map(({ text }) => `-A INPUT ${text}\n`).join('')}COMMIT\n`);
      const start = draftOn(draftRulesOf(identify(host)));
      const offIds = (chainOf(start.rules, 'filter', 'INPUT')?.entries ?? [])
        .filter((_, index) => before[index]?.off)
        .map(({ id }) => id);
      const input = { table: 'filter', chain: 'INPUT' } as const;
      const draft = addEdits(start, [{ ...input, type: 'turn', rules: offIds, off: true }]);
      const rulesOf = (lines: typeof before) =>
        lines.map(({ text, off }) => ({ rule: readRule(text, 'ipv4'), off }));
      const chains = [
        { name: 'INPUT', policy: wantedPolicy, rules: rulesOf(after) },
        ...(web.length > 0 ? [{ name: 'web', policy: null, rules: rulesOf(web) }] : []),
      ];
      const edits = editsBetween(draft.rules, [{ name: 'filter', chains }], { offAsSaid: true });
      const { rules, problems } = addEdits(draft, edits);
      expect(
        [...problems.values()].filter((problem) => problem !== 'ruleMissing' || offIds.length > 0),
      ).toEqual([]);
      const shown = (name: string) =>
        chainOf(rules, 'filter', name)?.entries.map((entry) => ({
          text: textOf(entry.rule),
          off: entry.off,
        }));
      expect(shown('INPUT')).toEqual(after);
      expect(shown('web') ?? []).toEqual(web);
      expect(chainOf(rules, 'filter', 'web') === undefined).toBe(web.length === 0);
      expect(chainOf(rules, 'filter', 'INPUT')?.policy).toBe(wantedPolicy);
      expect(editsBetween(rules, [{ name: 'filter', chains }], { offAsSaid: true })).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test('rules that are off stay where they are when nothing is said of them', () => {
  const texts = [1, 2, 3].map((port) => `-p tcp -m tcp --dport ${port} -j ACCEPT`);
  const host = parseSave(
    `*filter\n:INPUT ACCEPT [0:0]\n${texts.map((text) => `-A INPUT ${text}\n`).join('')}COMMIT\n`,
  );
  const start = draftOn(draftRulesOf(identify(host)));
  const second = chainOf(start.rules, 'filter', 'INPUT')?.entries[1]?.id ?? '';
  const input = { table: 'filter', chain: 'INPUT' } as const;
  const draft = addEdits(start, [{ ...input, type: 'turn', rules: [second], off: true }]);
  const wanted = [{ rule: readRule(texts[2] ?? '', 'ipv4'), off: false }];
  const chains = [{ name: 'INPUT', policy: 'ACCEPT' as const, rules: wanted }];
  const { rules } = addEdits(draft, editsBetween(draft.rules, [{ name: 'filter', chains }]));
  expect(chainOf(rules, 'filter', 'INPUT')?.entries.map(({ rule }) => textOf(rule))).toEqual(texts.slice(1));
});
