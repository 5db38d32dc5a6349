import { parseCommand } from '@moru/netfilter';
import { expect, test } from 'vitest';
import { stateOf } from '../testing/state.ts';
import { changedChains, changesHost, countChanges } from './changed-chains.ts';
import { editsOfCommand, isEdit } from './command-edits.ts';
import { chainOf } from './draft-rules.ts';
import { openSession, type Session, sessionEdits } from './session.ts';

const ssh = '-p tcp -m tcp --dport 22 -j ACCEPT';
const fresh = () => openSession(stateOf({ INPUT: [ssh, '-j DROP'] }));

function typed(session: Session, line: string): Session {
  const command = parseCommand(line);
  if (!isEdit(command)) throw new Error(line);
  return sessionEdits.add(session, editsOfCommand(command, session.draft.rules));
}

function turned(session: Session, number: number): Session {
  const id = chainOf(session.draft.rules, 'filter', 'INPUT')?.entries[number - 1]?.id ?? '';
  return sessionEdits.add(session, [
    { type: 'turn', table: 'filter', chain: 'INPUT', rules: [id], off: true },
  ]);
}

test('what changes the host: another rule, place, policy or chain, and a rule switched off', () => {
  expect(changesHost(fresh().draft)).toBe(false);
  for (const line of [
    'iptables -A INPUT -j LOG',
    'iptables -D INPUT 1',
    'iptables -P INPUT DROP',
    'iptables -N web',
    'iptables -R INPUT 1 -p tcp --dport 80 -j ACCEPT',
  ]) {
    expect(changesHost(typed(fresh(), line).draft), line).toBe(true);
  }
  expect(changesHost(turned(fresh(), 2).draft)).toBe(true);
});

test('what changes nothing there: a step that is taken back by another, a rule that is added and switched off', () => {
  const added = typed(fresh(), 'iptables -A INPUT -j LOG');
  expect(changesHost(typed(added, 'iptables -D INPUT 3').draft)).toBe(false);
  const off = turned(added, 3).draft;
  expect(changesHost(off)).toBe(false);
  expect(countChanges(off)).toBe(1);
  expect([...changedChains(off)]).toEqual(['filter INPUT']);
  const same = typed(fresh(), `iptables -R INPUT 1 -p 6 --dport ssh -j ACCEPT`);
  expect(changesHost(same.draft)).toBe(false);
});
