import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { targetCatalog } from '../extensions/catalog.ts';
import type { Rule } from '../model.ts';
import { Random } from '../plan/testing/random.ts';
import { commandOf } from '../print/command.ts';
import { printRule, printSave } from '../print/print.ts';
import { Lexer } from '../read/lexer.ts';
import { parseRule } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';
import { hostileRule, hostileSave } from './hostile-text.ts';
import { type Backend, RealIptables } from './real-tool.ts';

let tool: RealIptables;
beforeEach(async () => {
  tool = await RealIptables.start();
});
afterEach(async () => {
  await tool.stop();
});

/** A printed rule, with the seed of the text that it came of. */
interface Printed {
  seed: number;
  table: string;
  text: string;
}

/** What we print of `count` hostile rules that our reader takes, each once. */
function printed(firstSeed: number, count: number): Printed[] {
  const found = new Map<string, Printed>();
  for (let seed = firstSeed; found.size < count; seed++) {
    const rule = readOrNull(hostileRule(new Random(seed)));
    if (!rule) continue;
    const text = printRule(rule);
    found.set(text, { seed, table: tableOf(rule), text });
  }
  return [...found.values()];
}

function readOrNull(text: string, oldNegation = true): Rule | null {
  try {
    return parseRule(text, { oldNegation });
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

/** One in which the target may stand. */
function tableOf({ target }: Rule): string {
  const extension =
    target?.kind === 'extension' && target.modelled ? targetCatalog.get(target.name) : undefined;
  return extension?.places(target as never).tables?.[0] ?? 'filter';
}

const sentinels = ['first', 'last'] as const;
const sentinel = (chain: string, place: string): string => `-A ${chain} -m comment --comment ${place}`;
const linesPerRule = 3;

/** Each rule in a chain of its own, between two that are known. */
function payload(rules: readonly Printed[], table: string): string {
  const names = rules.map((_, i) => `t${i}`);
  return [
    `*${table}`,
    ...names.map((name) => `:${name} - [0:0]`),
    ...rules.flatMap(({ text }, i) => {
      const chain = `t${i}`;
      return [sentinel(chain, sentinels[0]), `-A ${chain} ${text}`.trimEnd(), sentinel(chain, sentinels[1])];
    }),
    'COMMIT',
    '',
  ].join('\n');
}

/** Rules that the tool took, with what its `-save` then says; those it refuses are left out one by one. */
function load(
  backend: Backend,
  rules: readonly Printed[],
  table: string,
): { rules: Printed[]; saved: string }[] {
  const left = [...rules];
  while (left.length > 0) {
    const answer = tool.restore(backend, payload(left, table));
    if (answer.code === 0) return [{ rules: left, saved: tool.save(backend) }];
    const number = Number(/line:? (\d+)/.exec(answer.stderr)?.[1] ?? 0);
    const index = Math.floor((number - 2 - left.length) / linesPerRule);
    if (number > 1 + left.length && index < left.length) left.splice(index, 1);
    else if (left.length === 1) return [];
    else {
      // refused as a whole at COMMIT: which rule it was shows when they are parted
      const middle = left.length >> 1;
      return [...load(backend, left.slice(0, middle), table), ...load(backend, left.slice(middle), table)];
    }
  }
  return [];
}

/** What of a dump is not one rule for each of `rules`, each between its sentinels. */
function surplus(rules: readonly Printed[], table: string, saved: string): string[] {
  const chains = new Map(rules.map((rule, i) => [`t${i}`, { rule, lines: [] as string[] }]));
  const strange: string[] = [];
  let current = '';
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) current = line.slice(1);
    const chain = chains.get(/^-A (\S+)/.exec(line)?.[1] ?? '');
    if (chain && current === table) chain.lines.push(line);
    else if (line.startsWith('-A')) strange.push(`${current}: ${line}`);
    else if (line.startsWith(':') && !/^:(t\d+ - |[A-Z]+ ACCEPT )\[0:0\]$/.test(line)) strange.push(line);
  }
  for (const [name, { rule, lines }] of chains) {
    const [first, , last] = lines;
    const right =
      lines.length === linesPerRule && first === sentinel(name, 'first') && last === sentinel(name, 'last');
    if (!right) strange.push(`seed ${rule.seed}: ${rule.text} became ${JSON.stringify(lines)}`);
  }
  return strange;
}

const batch = 100;

/**
 * Without what the tool would have read otherwise before it came to the rule, and without named differences:
 * interfaces in the word of their option, and masks of clusters that the tool does not read again.
 */
function comparable(text: string): boolean {
  return !/[\n\0]|-[io][^\s]|cluster/.test(text) && text.isWellFormed();
}

/** What the tool saves of one rule; null when it refuses it. */
function savedAlone(backend: Backend, table: string, rule: string): string | null {
  const chains = ['t0', 'mine', 'mychain', 'other'].map((name) => `:${name} - [0:0]\n`).join('');
  const answer = tool.restore(backend, `*${table}\n${chains}-A t0 ${rule}\nCOMMIT\n`);
  return answer.code === 0 ? tool.save(backend, ['-t', table]).replaceAll(/^#.*$/gm, '') : null;
}

/** Rules of a dump by table and chain. */
function ruleCounts(saved: string): Map<string, number> {
  const counts = new Map<string, number>();
  let table = '';
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    const chain = /^(?:\[\d+:\d+\] )?-A (\S+)/.exec(line)?.[1];
    if (chain !== undefined) counts.set(`${table} ${chain}`, (counts.get(`${table} ${chain}`) ?? 0) + 1);
  }
  return counts;
}

function printedSet(seed: number): { text: string; counts: Map<string, number> } | null {
  try {
    const set = parseSave(hostileSave(new Random(seed)), { unreadable: 'keep' });
    const counts = set.tables.flatMap(({ name, chains }) =>
      chains.flatMap((chain): [string, number][] =>
        chain.rules.length > 0 ? [[`${name} ${chain.name}`, chain.rules.length]] : [],
      ),
    );
    return { text: printSave(set, { counters: true }), counts: new Map(counts) };
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

describe('the command of a hostile rule', () => {
  it('has for a shell the words that the rule has', () => {
    const rules = printed(1, 1_000).filter(({ text }) => text.isWellFormed());
    const commands = rules.map(({ text }) =>
      commandOf({ type: 'append', table: 'filter', chain: 'INPUT', rule: parseRule(text) }),
    );
    const end = 'end of command';
    const script = `sudo() { printf '%s\\0' "$@" '${end}'; }\n${commands.join('\n')}\n`;
    const { stdout, status } = spawnSync('sh', {
      input: script,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(status).toBe(0);
    const seen = stdout.split(`${end}\0`).map((words) => words.split('\0').slice(3, -1));
    expect(seen).toEqual([...rules.map(({ text }) => wordsOf(text)), []]);
  });
});

function wordsOf(text: string): string[] {
  const lexer = new Lexer(text);
  const words: string[] = [];
  for (let word = lexer.word(); word !== null; word = lexer.word()) words.push(word);
  return words;
}

describe.each<Backend>(['legacy', 'nft'])('iptables-%s', (backend) => {
  it('takes no print of a hostile text for more than the one rule', () => {
    const rules = printed(1, backend === 'legacy' ? 800 : 400);
    let taken = 0;
    for (const table of new Set(rules.map((rule) => rule.table))) {
      const own = rules.filter((rule) => rule.table === table);
      for (let from = 0; from < own.length; from += batch) {
        for (const part of load(backend, own.slice(from, from + batch), table)) {
          expect(surplus(part.rules, table, part.saved)).toEqual([]);
          taken += part.rules.length;
        }
      }
      tool.restore(backend, `*${table}\nCOMMIT\n`);
    }
    // one that is refused says nothing
    expect(taken).toBeGreaterThan(rules.length / 2);
  });

  it('holds as many rules of a printed hostile set as we do', () => {
    let taken = 0;
    for (let seed = 1; seed <= 600; seed++) {
      const set = printedSet(seed);
      if (!set || tool.restore(backend, set.text, ['-c']).code !== 0) continue;
      taken++;
      const saved = tool.save(backend);
      expect(ruleCounts(saved), `seed ${seed}: ${JSON.stringify(set.text)}`).toEqual(set.counts);
      tool.restore(backend, ['filter', 'nat', 'mangle'].map((table) => `*${table}\nCOMMIT\n`).join(''));
    }
    expect(taken).toBeGreaterThan(25);
  });

  it('makes the same rule of a hostile text and of our print of it', () => {
    let taken = 0;
    for (let seed = 1; seed <= 800; seed++) {
      const text = hostileRule(new Random(seed));
      const rule = comparable(text) ? readOrNull(text, false) : null;
      if (!rule) continue;
      const table = tableOf(rule);
      const theirs = savedAlone(backend, table, text);
      if (theirs === null) continue;
      taken++;
      expect(savedAlone(backend, table, printRule(rule)), `seed ${seed}: ${text}`).toBe(theirs);
    }
    expect(taken).toBeGreaterThan(80);
  });

  it('would be seen to make two rules of one', () => {
    const rule = { seed: 0, table: 'filter', text: '-s 10.0.0.1,10.0.0.2 -j DROP' };
    const [part] = load(backend, [rule], 'filter');
    expect(surplus([rule], 'filter', part?.saved ?? '')).toHaveLength(1);
    expect(load(backend, [{ ...rule, text: '-j' }], 'filter')).toEqual([]);
  });
});
