import { expect, test } from 'vitest';
import { addEdits, draftOn } from '../drafts/draft.ts';
import { chainOf, type DraftRules, textOf } from '../drafts/draft-rules.ts';
import { hostOf } from '../drafts/host.ts';
import { stateOf } from '../testing/state.ts';
import { draftText, editsOfText, foreignChanges } from './draft-text.ts';
import { readText, type TextChain } from './read-text.ts';

const port = (number: number) => `-p tcp -m tcp --dport ${number} -j ACCEPT`;
const baseOf = (...rules: string[]) =>
  hostOf(stateOf({ INPUT: rules, sshguard: ['-s 192.0.2.1/32 -j DROP'] }), []).base;

function read(text: string): TextChain[] {
  const { chains, error } = readText({ text, family: 'ipv4', table: 'filter' });
  if (!chains) throw new Error(JSON.stringify(error));
  return chains;
}
const wrong = (text: string) => readText({ text, family: 'ipv4', table: 'filter' }).error;
const textsOf = (rules: DraftRules) =>
  chainOf(rules, 'filter', 'INPUT')?.entries.map(({ rule, off }) => `${off ? '#' : ''}${textOf(rule)}`);

/** The draft's rules once the text is taken over. */
function taken(now: DraftRules, text: string, since = now): DraftRules {
  return addEdits(draftOn(now), editsOfText(now, since, 'filter', read(text)) ?? []).rules;
}

test('a draft as text and back is the same draft, without a step', () => {
  const base = baseOf('-j sshguard', port(22));
  const text = draftText(base, 'filter');
  expect(text).toContain('*filter\n:INPUT ACCEPT [0:0]\n');
  expect(editsOfText(base, base, 'filter', read(text))).toEqual([]);
});

test('lines that are added, moved, changed and taken out; rules commented out are switched off where they stand', () => {
  const base = baseOf(port(1), port(2), port(3));
  const line = (number: number) => `-A INPUT ${port(number)}\n`;
  const text = draftText(base, 'filter');
  const edited = text
    .replace(line(1) + line(2), line(2) + line(1))
    .replace(line(3), `#${line(3)}${line(4)}`)
    .replace(':INPUT ACCEPT', ':INPUT DROP');
  const rules = taken(base, edited);
  expect(textsOf(rules)).toEqual([port(2), port(1), `#${port(3)}`, port(4)]);
  expect(chainOf(rules, 'filter', 'INPUT')?.policy).toBe('DROP');
  // and on again
  expect(textsOf(taken(rules, draftText(rules, 'filter').replace('#-A', '-A')))).toEqual([
    port(2),
    port(1),
    port(3),
    port(4),
  ]);
});

test('other programs’ chains stay, and it is told that what was written of them is not done', () => {
  const base = baseOf('-j sshguard');
  const text = draftText(base, 'filter').replace(/.*192\.0\.2\.1.*\n/, '');
  expect(foreignChanges(base, 'filter', read(text))).toEqual(['sshguard']);
  expect(editsOfText(base, base, 'filter', read(text))).toEqual([]);
  expect(foreignChanges(base, 'filter', read(draftText(base, 'filter')))).toEqual([]);
});

test('the draft moved on while the text was written: both changes stand, or nobody’s is lost', () => {
  const since = baseOf(port(1), port(2));
  const text = draftText(since, 'filter').replace('COMMIT', `-A INPUT ${port(9)}\nCOMMIT`);
  const now = taken(since, draftText(since, 'filter').replace(`-A INPUT ${port(1)}\n`, ''));
  expect(textsOf(taken(now, text, since))).toEqual([port(2), port(9)]);
  const clashing = draftText(since, 'filter').replace(port(1), port(7));
  const other = taken(since, draftText(since, 'filter').replace(port(1), port(8)));
  expect(editsOfText(other, since, 'filter', read(clashing))).toBeNull();
});

test.each([
  ['*filter\n:INPUT ACCEPT\n-A INPUT -p tcp --dport 99999 -j ACCEPT\nCOMMIT\n', 3, '99999', 'port.invalid'],
  ['*filter\n:INPUT ACCEPT\n-A NOWHERE -j ACCEPT\nCOMMIT\n', 3, 'NOWHERE', 'save.chainUnknown'],
  ['*filter\n:INPUT ACCEPT\n-A INPUT --no-such -j ACCEPT\nCOMMIT\n', 3, '--no-such', 'option.unknown'],
  ['*filter\n:INPUT ACCEPT\n', 3, undefined, 'save.commit'],
  ['*nat\n:OUTPUT ACCEPT\nCOMMIT\n', 1, '*nat', 'save.tableUnknown'],
  ['', 1, undefined, 'save.tableUnknown'],
  ['rm -rf /\n', 1, undefined, 'save.tableExpected'],
])('%j is refused at its line and word', (text, line, word, code) => {
  expect(wrong(text)).toMatchObject({ line, code, ...(word === undefined ? {} : { word }) });
});

test('the guide’s form of the saved file is mended in sight', () => {
  const { repairs, chains } = readText({
    text: 'filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n',
    family: 'ipv4',
    table: 'filter',
  });
  expect(repairs).toMatchObject([{ kind: 'table', from: 'filter', to: '*filter' }]);
  expect(chains).toMatchObject([{ name: 'INPUT' }]);
});
