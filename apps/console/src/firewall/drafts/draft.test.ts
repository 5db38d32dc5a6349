import { identify, parseCommand, parseSave, printRule, type RuleSet } from '@moru/netfilter';
import { describe, expect, test } from 'vitest';
import { replay } from './apply-step.ts';
import { editsOfCommand, isEdit } from './command-edits.ts';
import { addEdits, type Draft, discard, draftOn, redo, removeStep, restoreRule, undo } from './draft.ts';
import { chainOf, draftRulesOf, onHost, ruleSetOf } from './draft-rules.ts';
import { linesOf } from './lines.ts';
import { offAfter } from './off-after.ts';
import { rebase } from './rebase.ts';
import { commandsOf } from './step-commands.ts';

const ports = (...list: number[]) => list.map((port) => `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`);

function hostWith(lines: readonly string[], policy = 'ACCEPT'): RuleSet {
  return parseSave(
    `*filter\n:INPUT ${policy} [5:500]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:sshguard - [0:0]\n${lines.map((line) => `${line}\n`).join('')}COMMIT\n`,
  );
}

const draftOf = (lines: readonly string[]) => draftOn(draftRulesOf(identify(hostWith(lines))));

function type(draft: Draft, ...commands: string[]): Draft {
  return commands.reduce((held, line) => {
    const command = parseCommand(line);
    if (!isEdit(command)) throw new Error(`not an edit: ${line}`);
    return addEdits(held, editsOfCommand(command, held.rules));
  }, draft);
}

/** Ports of INPUT in order, as shorthand for its rules. */
const portsOf = (draft: Draft) =>
  onHost(chainOf(draft.rules, 'filter', 'INPUT')?.entries ?? []).map(({ rule }) =>
    Number(/dport (\d+)/.exec(printRule(rule))?.[1] ?? 0),
  );

const idOf = (draft: Draft, number: number) =>
  onHost(chainOf(draft.rules, 'filter', 'INPUT')?.entries ?? [])[number - 1]?.id ?? '';

const input = { table: 'filter', chain: 'INPUT' } as const;

/** The commands of all steps, with the numbers that they have in a row. */
function allCommands(draft: Draft): string[] {
  const out: string[] = [];
  replay(draft.base, draft.steps, (step, before) => out.push(...commandsOf(step, before)));
  return out;
}

describe('steps', () => {
  test('numbers mean the draft as it stands before the command', () => {
    const draft = type(
      draftOf(ports(22, 80, 443)),
      'iptables -I INPUT -p tcp --dport 1 -j ACCEPT',
      'iptables -D INPUT 2',
      'iptables -R INPUT 2 -p tcp --dport 8080 -j ACCEPT',
      'iptables -A INPUT -p tcp --dport 9 -j ACCEPT',
      'iptables -I INPUT 3 -p tcp --dport 5 -j ACCEPT',
    );
    expect(portsOf(draft)).toEqual([1, 8080, 5, 443, 9]);
  });

  test('a step taken out of the middle: the others keep their rules and get new numbers', () => {
    const draft = type(
      draftOf(ports(22, 80, 443)),
      'iptables -I INPUT -p tcp --dport 1 -j ACCEPT',
      'iptables -D INPUT 4',
    );
    expect(allCommands(draft)).toEqual([
      'sudo iptables -I INPUT 1 -p tcp -m tcp --dport 1 -j ACCEPT',
      'sudo iptables -D INPUT 4',
    ]);
    const without = removeStep(draft, draft.steps[0]?.id ?? '');
    expect(portsOf(without)).toEqual([22, 80]);
    expect(allCommands(without)).toEqual(['sudo iptables -D INPUT 3']);
    expect(undo(without).steps).toEqual(draft.steps);
  });

  test('with the step that made a rule go those that changed it', () => {
    const draft = type(
      draftOf(ports(22)),
      'iptables -A INPUT -p tcp --dport 1 -j ACCEPT',
      'iptables -R INPUT 2 -p tcp --dport 2 -j ACCEPT',
      'iptables -D INPUT 1',
    );
    expect(removeStep(draft, draft.steps[0]?.id ?? '').steps).toMatchObject([{ type: 'delete' }]);
  });

  test('a rule inserted beside one that goes stays where it was meant', () => {
    const draft = type(
      draftOf(ports(22, 80)),
      'iptables -I INPUT 2 -p tcp --dport 1 -j ACCEPT',
      'iptables -I INPUT 2 -p tcp --dport 2 -j ACCEPT',
    );
    expect(portsOf(draft)).toEqual([22, 2, 1, 80]);
    expect(portsOf(removeStep(draft, draft.steps[0]?.id ?? ''))).toEqual([22, 2, 80]);
  });

  test('a rule is kept after all: of those that go with it the others still go', () => {
    const draft = type(draftOf(ports(1, 2, 3)), 'iptables -F INPUT');
    const kept = restoreRule(draft, 'filter', 'INPUT', idOf({ ...draft, rules: draft.base }, 2));
    expect(portsOf(kept)).toEqual([2]);
    expect(allCommands(kept)).toEqual(['sudo iptables -D INPUT 3', 'sudo iptables -D INPUT 1']);
    expect(portsOf(undo(kept))).toEqual([]);
    const edited = type(draftOf(ports(1)), 'iptables -R INPUT 1 -j DROP');
    expect(restoreRule(edited, 'filter', 'INPUT', idOf(edited, 1)).steps).toEqual([]);
  });

  test('undo and redo go step by step, and a new edit ends what could be redone', () => {
    const start = draftOf(ports(22));
    const draft = type(
      start,
      'iptables -A INPUT -p tcp --dport 1 -j ACCEPT',
      'iptables -A INPUT -p tcp --dport 2 -j ACCEPT',
    );
    expect(portsOf(undo(draft))).toEqual([22, 1]);
    expect(portsOf(undo(undo(draft)))).toEqual([22]);
    expect(undo(start)).toBe(start);
    expect(portsOf(redo(undo(draft)))).toEqual([22, 1, 2]);
    const other = type(undo(draft), 'iptables -A INPUT -p tcp --dport 3 -j ACCEPT');
    expect(redo(other)).toBe(other);
    expect(portsOf(undo(discard(draft)))).toEqual([22, 1, 2]);
  });

  test('a draft that was loaded is taken back from its last step', () => {
    const draft = type(
      draftOf(ports(22)),
      'iptables -A INPUT -p tcp --dport 1 -j ACCEPT',
      'iptables -P INPUT DROP',
    );
    const loaded = draftOn(draft.base, draft.steps, draft.next);
    expect(undo(loaded).steps).toHaveLength(1);
    expect(redo(undo(loaded)).rules).toEqual(draft.rules);
  });

  test.each([
    ['iptables -D INPUT 9', 'position.range'],
    ['iptables -D INPUT -p tcp --dport 9 -j ACCEPT', 'rule.missing'],
    ['iptables -A nowhere -j ACCEPT', 'chain.missing'],
    ['iptables -A INPUT -j nowhere', 'chain.missing'],
    ['iptables -N INPUT', 'chain.exists'],
    ['iptables -X sshguard', 'plan.foreignChain'],
    ['iptables -A sshguard -j DROP', 'plan.foreignChain'],
    ['iptables -N DOCKER', 'plan.foreignChain'],
    ['ip6tables -A INPUT -j DROP', 'extension.family'],
  ])('%s is refused as %s', (line, code) => {
    expect(() => type(draftOf(ports(22)), line)).toThrow(expect.objectContaining({ code }));
  });

  test('-F without a chain empties what is ours and leaves other programs alone', () => {
    const host = hostWith(['-A INPUT -j sshguard', '-A sshguard -s 192.0.2.1/32 -j DROP', ...ports(22)]);
    const draft = type(
      draftOn(draftRulesOf(identify(host))),
      'iptables -F',
      'iptables -N web',
      'iptables -X',
    );
    expect(portsOf(draft)).toEqual([]);
    expect(chainOf(draft.rules, 'filter', 'sshguard')?.entries).toHaveLength(1);
    expect(chainOf(draft.rules, 'filter', 'web')).toBeUndefined();
    expect(allCommands(draft)).toEqual([
      'sudo iptables -F INPUT',
      'sudo iptables -N web',
      'sudo iptables -X web',
    ]);
  });

  test('several addresses in one command are several rules in one step', () => {
    const draft = type(draftOf(ports(22)), 'iptables -I INPUT -s 192.0.2.1,192.0.2.2 -j DROP');
    expect(draft.steps).toHaveLength(1);
    const first = chainOf(draft.rules, 'filter', 'INPUT')?.entries.slice(0, 2) ?? [];
    // as the tool, which inserts one before the other
    expect(first.map(({ rule }) => printRule(rule))).toEqual([
      '-s 192.0.2.2/32 -j DROP',
      '-s 192.0.2.1/32 -j DROP',
    ]);
  });
});

describe('moving and switching off', () => {
  test('several rules move together and say their commands', () => {
    const draft = draftOf(ports(1, 2, 3, 4, 5));
    const rules = [idOf(draft, 4), idOf(draft, 2)];
    const moved = addEdits(draft, [
      { ...input, type: 'move', rules, at: { side: 'after', id: null, other: idOf(draft, 1) } },
    ]);
    expect(portsOf(moved)).toEqual([2, 4, 1, 3, 5]);
    expect(allCommands(moved)).toEqual([
      'sudo iptables -D INPUT 4',
      'sudo iptables -D INPUT 2',
      'sudo iptables -I INPUT 1 -p tcp -m tcp --dport 2 -j ACCEPT',
      'sudo iptables -I INPUT 2 -p tcp -m tcp --dport 4 -j ACCEPT',
    ]);
  });

  test('a rule that is off keeps its place, has no number and is not on the host', () => {
    const draft = draftOf(ports(1, 2, 3));
    const off = addEdits(draft, [{ ...input, type: 'turn', rules: [idOf(draft, 2)], off: true }]);
    expect(portsOf(off)).toEqual([1, 3]);
    expect(allCommands(off)).toEqual(['sudo iptables -D INPUT 2']);
    const lines = linesOf(chainOf(off.base, 'filter', 'INPUT'), chainOf(off.rules, 'filter', 'INPUT'));
    expect(lines.map(({ mark, from, to }) => [mark, from, to])).toEqual([
      [null, 1, 1],
      ['off', 2, null],
      [null, 3, 2],
    ]);

    // once applied, it is put back at its place and can be switched on again
    const kept = draftOn(draftRulesOf(identify(hostWith(ports(1, 3))), offAfter(off.rules)));
    expect(chainOf(kept.rules, 'filter', 'INPUT')?.entries.map((entry) => entry.off)).toEqual([
      false,
      true,
      false,
    ]);
    const [{ id = '' } = {}] =
      chainOf(kept.rules, 'filter', 'INPUT')?.entries.filter((entry) => entry.off) ?? [];
    const on = addEdits(kept, [{ ...input, type: 'turn', rules: [id], off: false }]);
    expect(portsOf(on)).toEqual([1, 2, 3]);
    expect(allCommands(on)).toEqual(['sudo iptables -I INPUT 2 -p tcp -m tcp --dport 2 -j ACCEPT']);
  });
});

describe('lines', () => {
  const linesWith = (draft: Draft, moving?: ReadonlySet<string>) =>
    linesOf(chainOf(draft.base, 'filter', 'INPUT'), chainOf(draft.rules, 'filter', 'INPUT'), moving).map(
      ({ mark, from, to }) => `${mark ?? ''} ${from ?? ''}-${to ?? ''}`,
    );

  test('added, edited and deleted rules in their places, with both numbers', () => {
    const draft = type(
      draftOf(ports(1, 2, 3, 4)),
      'iptables -R INPUT 1 -p tcp --dport 9 -j DROP',
      'iptables -I INPUT 2 -p tcp --dport 8 -j ACCEPT',
      'iptables -D INPUT 4',
    );
    expect(linesWith(draft)).toEqual(['edited 1-1', 'added -2', ' 2-3', 'deleted 3-', ' 4-4']);
  });

  test('an edit that is turned back is none, nor is a move', () => {
    const draft = type(
      draftOf(ports(1, 2)),
      'iptables -R INPUT 1 -j DROP',
      'iptables -R INPUT 1 -p tcp --dport 1 -j ACCEPT',
    );
    expect(linesWith(draft)).toEqual([' 1-1', ' 2-2']);
    const id = idOf(draft, 1);
    const there = addEdits(draft, [
      { ...input, type: 'move', rules: [id], at: { side: 'before', id: null, other: null } },
    ]);
    expect(linesWith(there, new Set([id]))).toEqual([' 2-1', 'moved 1-2']);
    const back = addEdits(there, [
      { ...input, type: 'move', rules: [id], at: { side: 'after', id: null, other: null } },
    ]);
    expect(linesWith(back, new Set([id]))).toEqual([' 1-1', ' 2-2']);
  });

  test('of two neighbours that changed places the one that was moved is marked', () => {
    const draft = draftOf(ports(1, 2));
    for (const number of [1, 2]) {
      const id = idOf(draft, number);
      const at =
        number === 1
          ? ({ side: 'before', id: null, other: null } as const)
          : ({ side: 'after', id: null, other: null } as const);
      const moved = addEdits(draft, [{ ...input, type: 'move', rules: [id], at }]);
      expect(linesWith(moved, new Set([id]))).toEqual(
        number === 1 ? [' 2-1', 'moved 1-2'] : ['moved 2-1', ' 1-2'],
      );
    }
  });
});

describe('the host moves underneath', () => {
  test('steps follow their rules to new numbers, and ids are those that everybody has', () => {
    const before = identify(hostWith(ports(1, 2, 3)));
    const draft = type(
      draftOn(draftRulesOf(before)),
      'iptables -D INPUT 2',
      'iptables -I INPUT 2 -p tcp --dport 9 -j ACCEPT',
    );
    const now = hostWith(['-A INPUT -j sshguard', ...ports(1, 2, 3, 4)]);
    const { draft: moved, conflicts, host, merged } = rebase(draft, before, now, []);
    expect(conflicts).toEqual([]);
    expect(moved.problems.size).toBe(0);
    expect(portsOf(moved)).toEqual([0, 1, 9, 3, 4]);
    expect(ruleSetOf(moved.rules).tables[0]?.chains[0]?.rules).toEqual(merged.tables[0]?.chains[0]?.rules);
    expect(host.ids).toEqual(identify(now).ids);
    expect(allCommands(moved)[0]).toBe('sudo iptables -D INPUT 3');
  });

  test('a rule that the host changed as well is a conflict', () => {
    const before = identify(hostWith(ports(1, 2, 3)));
    const draft = type(draftOn(draftRulesOf(before)), 'iptables -R INPUT 2 -p tcp --dport 22 -j ACCEPT');
    const { conflicts, draft: moved } = rebase(draft, before, hostWith(ports(1, 7, 3)), []);
    expect(conflicts).toMatchObject([{ kind: 'edited', chain: 'INPUT', at: 2 }]);
    expect([...moved.problems.values()]).toEqual(['ruleMissing']);
  });

  test('of equal rules each keeps its own step', () => {
    const before = identify(hostWith([...ports(1), '-A INPUT -j LOG', ...ports(1)]));
    const draft = type(draftOn(draftRulesOf(before)), 'iptables -D INPUT 3');
    const now = hostWith(['-A INPUT -j LOG', ...ports(1)]);
    const { draft: moved } = rebase(draft, before, now, []);
    expect(portsOf(moved)).toEqual([0]);
  });
});
