import { parseCommand } from '@moru/netfilter';
import type { DraftSave, KeptDraft } from '@moru/types';
import { expect, test } from 'vitest';
import { stateOf } from '../testing/state.ts';
import { editsOfCommand, isEdit } from './command-edits.ts';
import { chainOf, onHost, textOf } from './draft-rules.ts';
import { isUnkept, openKept, saveOf, takeKept } from './kept.ts';
import { openSession, readAgain, type Session, sessionEdits } from './session.ts';

const port = (number: number) => `-p tcp -m tcp --dport ${number} -j ACCEPT`;
const host = (...rules: string[]) => stateOf({ INPUT: rules, sshguard: [] });

function typed(session: Session, ...lines: string[]): Session {
  return lines.reduce((held, line) => {
    const command = parseCommand(line);
    if (!isEdit(command)) throw new Error(line);
    return sessionEdits.add(held, editsOfCommand(command, held.draft.rules));
  }, session);
}

const entriesOf = ({ draft }: Session) => chainOf(draft.rules, 'filter', 'INPUT')?.entries ?? [];
const textsOf = (session: Session) => onHost(entriesOf(session)).map(({ rule }) => textOf(rule));

/** As the console's store would answer, JSON and back. */
function keptAs(save: DraftSave, version: number, base: DraftSave['base'] = save.base): KeptDraft {
  const { revision, steps, next } = save;
  return JSON.parse(JSON.stringify({ version, revision, steps, next, base: base ?? [], trial: null }));
}

/** The session once its save was answered. */
const saved = (session: Session, version: number): Session => ({
  ...session,
  kept: { version, revision: session.host.state.revision, steps: session.draft.steps },
});

test('a reload brings the draft back, on the same rules and on those that the host has since', () => {
  const before = typed(openSession(host(port(1), port(2))), `iptables -I INPUT 2 ${port(9)}`);
  expect(isUnkept(before)).toBe(true);
  const kept = keptAs(saveOf(before), 1);
  const same = openKept(host(port(1), port(2)), [], kept);
  expect(textsOf(same)).toEqual([port(1), port(9), port(2)]);
  expect(isUnkept(same)).toBe(false);
  const moved = openKept(host(port(7), port(1), port(2)), [], kept);
  expect(textsOf(moved)).toEqual([port(7), port(1), port(9), port(2)]);
  expect(moved).toMatchObject({ clash: null, carried: 1 });
  // with the rules that it stands on now
  expect(isUnkept(moved)).toBe(true);
  expect(saveOf(moved).base).not.toBeNull();
});

test('a reload brings an undecided question back, and it is not kept before it is decided', () => {
  const before = typed(openSession(host(port(1))), `iptables -R INPUT 1 ${port(9)}`);
  const opened = openKept(host(port(7)), [], keptAs(saveOf(before), 1));
  expect(opened.clash?.conflicts).toMatchObject([{ kind: 'edited' }]);
  expect(isUnkept(opened)).toBe(false);
});

test('a reload during a trial of the draft does not take the tried rules for the host’s own', () => {
  const before = typed(openSession(host(port(1))), `iptables -A INPUT ${port(9)}`);
  const kept = { ...keptAs(saveOf(before), 1), trial: { id: 'a1' } };
  const opened = openKept(host(port(1), port(9)), [], kept);
  expect(opened.trying).toBe('a1');
  const back = sessionEdits.cameBack(opened, host(port(1)));
  expect(textsOf(back)).toEqual([port(1), port(9)]);
  expect(back.clash).toBeNull();
});

test('two windows: what either did since is there in the end', () => {
  const start = saved(typed(openSession(host(port(1))), `iptables -A INPUT ${port(2)}`), 1);
  const a = typed(start, `iptables -A INPUT ${port(3)}`);
  const b = typed(start, `iptables -A INPUT ${port(4)}`, `iptables -I INPUT 4 ${port(5)}`);
  const merged = takeKept(b, keptAs(saveOf(a), 2, saveOf(openSession(host(port(1)))).base));
  expect(textsOf(merged)).toEqual([port(1), port(2), port(3), port(4), port(5)]);
  const ids = merged.draft.steps.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(isUnkept(merged)).toBe(true);
  expect(merged.kept.version).toBe(2);
});

test('two windows: a step that one took out is out', () => {
  const start = saved(typed(openSession(host(port(1))), `iptables -A INPUT ${port(2)}`), 1);
  const a = typed(start, `iptables -A INPUT ${port(3)}`);
  const merged = takeKept(sessionEdits.undo(start), keptAs(saveOf(a), 2));
  expect(textsOf(merged)).toEqual([port(1), port(3)]);
});

test('hearing of one’s own save changes nothing', () => {
  const session = typed(openSession(host(port(1))), `iptables -A INPUT ${port(2)}`);
  const heard = takeKept(saved(session, 1), keptAs(saveOf(session), 1));
  expect(heard.draft).toBe(session.draft);
  expect(isUnkept(heard)).toBe(false);
});

test('what a draft switches off stands in its place by the ids that the host’s rules have then', () => {
  const session = openSession(host(port(1), port(2), port(2), port(3)));
  const second = entriesOf(session)[1]?.id ?? '';
  const turn = { type: 'turn' as const, rules: [second], off: true };
  const { off } = saveOf(sessionEdits.add(session, [{ table: 'filter', chain: 'INPUT', ...turn }]));
  expect(off).toMatchObject([{ text: port(2), id: `off-${second}` }]);
  // kept: the host has the others
  const later = readAgain(openSession(host(port(1), port(2), port(3))), host(port(1), port(2), port(3)), off);
  expect(entriesOf(later).map((entry) => [textOf(entry.rule), entry.off])).toEqual([
    [port(1), false],
    [port(2), true],
    [port(2), false],
    [port(3), false],
  ]);
  // and a draft on it leaves it there
  const again = saveOf(typed(later, 'iptables -D INPUT 3')).off;
  expect(again).toMatchObject([{ id: `off-${second}`, text: port(2) }]);
});
