import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { canonicalText } from '../host/canonical.ts';
import { printListing } from '../print/listing.ts';
import { printSave } from '../print/print.ts';
import { parseRule, parseRules } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';

/** Seconds of processor time of this thread: others on the machine do not count. */
function cost(work: () => void): number {
  const from = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1e6;
}

/** Throws nothing but what is not a NetfilterError. */
function orRefused(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
  }
}

const rounds = 3;
/** Below this, starting up and collecting garbage outweigh the text. */
const floor = 0.03;

/**
 * Four times the text may take nine times as long, where a quadratic reader takes sixteen times: the best of a few
 * runs by turns, each on a text of its own.
 */
function expectLinear(make: (n: number) => string, n: number, work: (text: string) => void): void {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    for (const [index, size] of [n, 4 * n].entries()) {
      const text = make(size);
      best[index] = Math.min(
        best[index] ?? 0,
        cost(() => orRefused(() => work(text))),
      );
    }
  }
  const [short = 0, long = 0] = best;
  expect(long).toBeLessThan(9 * short + floor);
}

function readAndPrint(text: string): void {
  orRefused(() => parseSave(text));
  orRefused(() => {
    const set = parseSave(text, { unreadable: 'keep' });
    printSave(set, { counters: true });
    printListing(set);
    canonicalText(set);
  });
}

const head = '*filter\n:INPUT ACCEPT [0:0]\n';
const rules = (line: string) => (n: number) => `${head}${`-A INPUT ${line}\n`.repeat(n)}COMMIT\n`;
const numbered = (n: number, line: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => line(i)).join('');

describe('time', () => {
  it.each<[string, number, (n: number) => string]>([
    ['equal long comments', 1_000, rules(`-m comment --comment "${'x y'.repeat(80)}" -j DROP`)],
    ['rules kept as text', 500, rules(`-p tcp -m tcp --unheard-of ${'--x y '.repeat(40)}`)],
    ['rules with unknown matches', 300, rules(`-m unheard-of ${'--x "y" '.repeat(60)}`)],
    ['rules with many matches', 100, rules('-m nosuch -m comment --comment x '.repeat(40))],
    ['chains', 5_000, (n) => `${head}${numbered(n, (i) => `:c${i} - [0:0]\n`)}COMMIT\n`],
    [
      'chains with a jump to each',
      1_500,
      (n) =>
        `${head}${numbered(n, (i) => `:c${i} - [0:0]\n`)}${numbered(n, (i) => `-A INPUT -j c${i}\n`)}COMMIT\n`,
    ],
    ['tables', 50_000, (n) => '*filter\nCOMMIT\n'.repeat(n)],
    ['empty lines', 100_000, (n) => `${head}${'\n'.repeat(n)}COMMIT\n`],
    [
      'comment lines',
      40_000,
      (n) => `${'# x\n'.repeat(n)}${head}${'# y\n'.repeat(n)}COMMIT\n${'# z\n'.repeat(n)}`,
    ],
    ['comment lines at a rule', 40_000, (n) => `${head}${'# y\n'.repeat(n)}-A INPUT -j DROP\nCOMMIT\n`],
    ['options of one line', 100_000, (n) => `${head}-A INPUT ${'-m foo --x 1 '.repeat(n)}\nCOMMIT\n`],
    ['blanks', 100_000, (n) => `${head}-A INPUT ${' \t'.repeat(n)}-j ACCEPT\nCOMMIT\n`],
    ['a file of one word', 2_500_000, (n) => 'x'.repeat(n)],
  ])('is linear in %s', { timeout: 60_000 }, (_name, n, make) => {
    expectLinear(make, n, readAndPrint);
  });

  it.each<[string, number, (n: number) => string]>([
    ['one long word', 500_000, (n) => `-j ${'x'.repeat(n)}`],
    ['one long quoted word', 1_000_000, (n) => `-m comment --comment "${'x'.repeat(n)}"`],
    ['!', 500_000, (n) => '! '.repeat(n)],
    ['! without blanks', 500_000, (n) => '!'.repeat(n)],
    ['options', 100_000, (n) => '-m comment --comment x '.repeat(n)],
    ['escapes without end', 100_000, (n) => `-m comment --comment "${'\\"'.repeat(n)}`],
    ['quotes', 500_000, (n) => '"'.repeat(n)],
    ['quotes of unknown matches', 100_000, (n) => `-m foo ${'"a" '.repeat(n)}`],
    ['addresses', 50_000, (n) => `-s ${'1.1.1.1,'.repeat(n)} -d ${'1.1.1.1,'.repeat(n)}`],
    ['digits', 500_000, (n) => `-p tcp --dport ${'1'.repeat(n)}`],
    ['colons', 500_000, (n) => `-s ${':'.repeat(n)}`],
  ])('is linear in %s of a rule', { timeout: 60_000 }, (_name, n, make) => {
    expectLinear(make, n, (text) => {
      orRefused(() => parseRule(text));
      orRefused(() => parseRules(text, { family: 'ipv6' }));
    });
  });

  it('is linear up to a file of 10 MB', { timeout: 60_000 }, () => {
    const make = rules('-s 10.0.0.1/32 -p tcp -m tcp --dport 22 -m comment --comment "as told" -j DROP');
    const text = make(125_000);
    expect(text.length).toBeGreaterThan(10_000_000);
    expectLinear(
      (n) => text.slice(0, n),
      text.length >> 2,
      (part) => parseSave(part),
    );
  });

  it('is short for a word of 10 MB and a million options', () => {
    // a reader that gave up late would still be linear
    const rule = cost(() => orRefused(() => parseRule('-s 1.1.1.1 '.repeat(1_000_000))));
    const word = cost(() => orRefused(() => parseRule(`-j ${'x'.repeat(10_000_000)}`)));
    expect(rule).toBeLessThan(0.1);
    expect(word).toBeLessThan(1);
  });
});
