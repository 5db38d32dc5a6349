import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { completeRuleSet } from '../host/host-rules.ts';
import type { RuleSet } from '../model.ts';
import { printSave } from '../print/print.ts';
import type { Command } from '../read/command.ts';
import { parseCommand } from '../read/parse-command.ts';
import { parseSave } from '../read/parse-save.ts';
import { type Backend, RealIptables } from '../testing/real-tool.ts';
import { applyCommand } from './apply-command.ts';

let tool: RealIptables;
beforeAll(async () => {
  tool = await RealIptables.start();
});
afterAll(async () => {
  await tool.stop();
});

const tables = ['filter', 'nat'];
const empty = '*filter\nCOMMIT\n*nat\nCOMMIT\n';
const start = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:mine - [0:0]
:other - [0:0]
:web - [0:0]
-A INPUT -j mine
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A mine -s 10.0.0.0/8 -j DROP
-A FORWARD -j web
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
`;

/** Rules with counters, in one shape: chains by name, no comment lines, no counters of policies. */
function shape(set: RuleSet): string {
  const completed = completeRuleSet(set, 'nat');
  const plain = {
    ...completed,
    tables: completed.tables
      .filter((table) => tables.includes(table.name))
      .map((table) => ({
        ...table,
        remarks: { before: [], inside: [], after: [] },
        chains: table.chains
          .map((chain) => ({ ...chain, packets: 0n, bytes: 0n }))
          .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      })),
  };
  return printSave(plain, { counters: true });
}

/** What the model makes of the words; null when it refuses them. */
function applied(set: RuleSet, words: readonly string[]): RuleSet | null {
  try {
    const command = read(words);
    return command === null ? set : applyCommand(set, command);
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

const shellWord = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

type OnTable = Extract<Command, { table: string; chain: unknown }>;

/** The command on a table, or null for one that only tells about the program. */
function read(words: readonly string[]): OnTable | null {
  const command = parseCommand(['iptables', ...words.map(shellWord)].join(' '), { dialect: '1.8.9-legacy' });
  return 'chain' in command ? command : null;
}

const backends: Backend[] = ['legacy', 'nft'];

/** What the nft back end of 1.8.9 takes and legacy does not. */
const takenByNft = new Set(['-E INPUT x', '-X OUTPUT', '-Z INPUT 9', '-Z mine 2', '-Z other 1']);

/** Commands, options and values in every spelling, one in a line, with those that the tool refuses. */
const lines = readFileSync(new URL('command-lines.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

describe.each(backends)('one command on iptables-%s', (backend) => {
  it.each(['', ...lines])('%s', (line) => {
    expect(tool.restore(backend, start).code).toBe(0);
    const words = line === '' ? [] : line.split(' ');
    const answer = tool.command(backend, words);
    const theirs = parseSave(tool.save(backend, ['-c']));
    if (backend === 'nft' && takenByNft.has(line)) {
      expect(answer.code).toBe(0);
      return;
    }
    const after = applied(parseSave(start), words);
    expect(after === null ? 'refused' : 'taken').toBe(answer.code === 0 ? 'taken' : 'refused');
    expect(shape(after ?? parseSave(start))).toBe(shape(theirs));
  });
});

const chains = ['INPUT', 'OUTPUT', 'mine', 'other', 'web', 'gone'];
const chain = fc.constantFrom(...chains);
const position = fc.constantFrom('1', '2', '3', '9');
const rule = fc
  .tuple(
    fc.constantFrom('', '-s 10.0.0.0/8', '-s 1.1.1.1,2.2.2.2', '! -d 8.8.8.8'),
    fc.constantFrom('-p tcp --dport 22', '-p udp -m udp --sport 53', '-m state --state NEW', '-p icmp'),
    fc.constantFrom(
      '',
      '-j ACCEPT',
      '-j DROP',
      '-j LOG',
      '-j RETURN',
      '-j mine',
      '-j other',
      '-g web',
      '-j gone',
    ),
  )
  .map((parts) => parts.filter(Boolean).join(' '));
const commands = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(chain, rule).map(([name, words]) => `-A ${name} ${words}`) },
  {
    weight: 3,
    arbitrary: fc.tuple(chain, position, rule).map(([name, at, words]) => `-I ${name} ${at} ${words}`),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(chain, position, rule).map(([name, at, words]) => `-R ${name} ${at} ${words}`),
  },
  { weight: 2, arbitrary: fc.tuple(chain, rule).map(([name, words]) => `-D ${name} ${words}`) },
  { weight: 2, arbitrary: fc.tuple(chain, position).map(([name, at]) => `-D ${name} ${at}`) },
  fc.tuple(chain, rule).map(([name, words]) => `-C ${name} ${words}`),
  chain.filter((name) => name !== 'INPUT').map((name) => `-F ${name}`),
  fc.constantFrom('-X', '-X mine', '-X other', '-X web', '-N mine', '-N gone', '-X gone', '-N web'),
  fc.constantFrom(
    '-E mine gone',
    '-E web mine',
    '-E gone web',
    '-E other mine',
    '-P INPUT DROP',
    '-P OUTPUT ACCEPT',
  ),
  fc.constantFrom(
    '-Z',
    '-Z INPUT',
    '-t nat -A POSTROUTING -o eth0 -j MASQUERADE',
    '-t nat -N mine',
    '-t nat -F',
  ),
);

describe.each(backends)('sequences of commands on iptables-%s', (backend) => {
  it('leave the rules that the model says, and are refused where it says', () => {
    const outcomes = { taken: 0, refused: 0 };
    const sequences = fc.sample(fc.array(commands, { minLength: 25, maxLength: 25 }), {
      numRuns: 12,
      seed: 3,
    });
    for (const sequence of sequences) {
      tool.restore(backend, empty);
      tool.restore(backend, start);
      let set = parseSave(start);
      for (const line of sequence) {
        const words = line.split(' ');
        const answer = tool.command(backend, words);
        const after = applied(set, words);
        const context = `${line}\nafter\n${printSave(set)}\n${answer.stderr}`;
        expect(after === null ? 'refused' : 'taken', context).toBe(answer.code === 0 ? 'taken' : 'refused');
        outcomes[after === null ? 'refused' : 'taken']++;
        set = after ?? set;
        expect(shape(set), context).toBe(shape(parseSave(tool.save(backend, ['-c']))));
      }
    }
    expect(outcomes.taken).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(60);
  });
});
