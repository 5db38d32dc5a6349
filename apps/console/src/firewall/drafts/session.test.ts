import { parseCommand } from '@moru/netfilter';
import type { FirewallState } from '@moru/types';
import { expect, test } from 'vitest';
import { stateOf } from '../testing/state.ts';
import { editsOfCommand, isEdit } from './command-edits.ts';
import { chainOf, onHost, textOf } from './draft-rules.ts';
import { openSession, readAgain, type Session, sessionEdits } from './session.ts';

const port = (number: number) => `-p tcp -m tcp --dport ${number} -j ACCEPT`;
const host = (...rules: string[]): FirewallState => stateOf({ INPUT: rules, sshguard: [] });

function typed(session: Session, line: string): Session {
  const command = parseCommand(line);
  if (!isEdit(command)) throw new Error(line);
  return sessionEdits.add(session, editsOfCommand(command, session.draft.rules));
}

const textsOf = ({ draft }: Session) =>
  onHost(chainOf(draft.rules, 'filter', 'INPUT')?.entries ?? []).map(({ rule }) => textOf(rule));

test('new counters change neither the draft nor its rules', () => {
  const session = typed(openSession(host(port(1))), 'iptables -D INPUT 1');
  const counted = structuredClone(session.host.state);
  const rule = counted.tables[0]?.chains[0]?.rules[0];
  if (rule) rule.packets = '77';
  const next = readAgain(session, counted, session.host.off);
  expect(next.draft).toBe(session.draft);
  expect(next.host.base).toBe(session.host.base);
  expect(next.host.state).toBe(counted);
});

test('without a draft the rules of the host are simply the new ones', () => {
  const next = readAgain(openSession(host(port(1))), host(port(1), port(2)), []);
  expect(textsOf(next)).toEqual([port(1), port(2)]);
  expect(next).toMatchObject({ clash: null, carried: 0 });
});

test('SSHGUARD bans an address: the draft is not touched, the ban is in its rules', () => {
  const session = typed(openSession(host('-j sshguard', port(1))), 'iptables -D INPUT 2');
  const banned = stateOf({ INPUT: ['-j sshguard', port(1)], sshguard: ['-s 192.0.2.1/32 -j DROP'] });
  const next = readAgain(session, { ...banned, revision: session.host.state.revision }, session.host.off);
  expect(next).toMatchObject({ clash: null, carried: 0 });
  expect(next.draft.steps).toBe(session.draft.steps);
  expect(chainOf(next.draft.rules, 'filter', 'sshguard')?.entries).toHaveLength(1);
});

test('an edit elsewhere on the host: the draft goes on upon it and says so', () => {
  const session = typed(openSession(host(port(1), port(2))), 'iptables -D INPUT 2');
  const next = readAgain(session, host(port(9), port(1), port(2)), []);
  expect(next).toMatchObject({ clash: null, carried: 1 });
  expect(textsOf(next)).toEqual([port(9), port(1)]);
});

test('both changed one rule: nothing is decided until somebody does', () => {
  const session = typed(
    openSession(host(port(1), port(2))),
    'iptables -R INPUT 2 -p tcp --dport 22 -j ACCEPT',
  );
  const next = readAgain(session, host(port(1), port(7)), []);
  expect(next.clash?.conflicts).toMatchObject([{ kind: 'edited' }]);
  if (!next.clash) return;
  const decided = sessionEdits.decide(next, next.clash.merged);
  expect(decided.clash).toBeNull();
  expect(textsOf(decided)).toEqual([port(1), port(7)]);
  expect(decided.draft.steps).toEqual([]);
});

test('a draft that is discarded leaves nothing to decide', () => {
  const session = typed(openSession(host(port(1))), 'iptables -D INPUT 1');
  const next = readAgain(session, host(port(2)), []);
  expect(next.clash).not.toBeNull();
  expect(sessionEdits.discard(next)).toMatchObject({ clash: null, draft: { steps: [] } });
});

test('while the draft is tried on the host, the host’s rules are not taken for new ones', () => {
  const session = typed(openSession(host(port(1))), 'iptables -A INPUT -p tcp --dport 2 -j ACCEPT');
  const trying = sessionEdits.setTrying(session, 'a1');
  const seen = readAgain(trying, host(port(1), port(2)), []);
  expect(seen).toBe(trying);
  const back = sessionEdits.cameBack(seen, host(port(1)));
  expect(back).toMatchObject({ trying: null, clash: null, carried: 0 });
  expect(textsOf(back)).toEqual([port(1), port(2)]);
  const kept = sessionEdits.applied(seen, host(port(1), port(2)));
  expect(kept.draft.steps).toEqual([]);
  expect(textsOf(kept)).toEqual([port(1), port(2)]);
});

test('both added at the end: the host’s rule stands first, and nothing is to be decided', () => {
  const session = typed(openSession(host(port(1))), 'iptables -A INPUT -p tcp --dport 2 -j ACCEPT');
  const next = readAgain(session, host(port(1), port(9)), []);
  expect(next).toMatchObject({ clash: null, carried: 1 });
  expect(textsOf(next)).toEqual([port(1), port(9), port(2)]);
});
