import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { parseCommand } from '../read/parse-command.ts';
import { parsePayload } from '../read/parse-payload.ts';
import { parseRulesListing } from '../read/rules-listing.ts';
import { measuredRules } from '../testing/rule-table.ts';
import { dashes } from './plain-text.ts';
import { repairCommand } from './repair.ts';
import { repairSaved } from './repair-saved.ts';
import { readSteps } from './steps.ts';

const words = [
  ...[
    'sudo',
    'iptables',
    'iptables-save',
    'iptables-A',
    'route',
    'ip',
    'cat',
    '-A',
    '-I',
    '-D',
    'INPUT',
    'sshguard',
    '3',
  ],
  ...[
    '-t',
    'nat',
    '–dport',
    '-dport',
    '—p',
    'tcp',
    '22',
    '-j',
    'ACCEPT',
    '–',
    '-',
    '--',
    '!',
    '“a',
    'b”',
    '‘',
    '"',
    "'",
  ],
  ...[
    '\\',
    '\n',
    '\r\n',
    ';',
    '&&',
    '|',
    '>',
    '<',
    '<<',
    '2>&1',
    '#',
    '$HOME',
    '`',
    '\u00a0',
    '\u200b',
    '－',
    'etc/x',
    '한국',
  ],
  ...[
    'default',
    'gw',
    'dev',
    'via',
    'del',
    'add',
    '*filter',
    ':INPUT',
    'COMMIT',
    '[1:2]',
    '-P',
    '-N',
    '-c',
    '\0',
    '\ud800',
  ],
];

const hostile = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 20 }).map((parts) => parts.join(' ')),
  fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 16 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** The given text with the repairs made. */
function mended(text: string, repairs: readonly { from: string; to: string; offset: number }[]): string {
  return repairs
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((out, { from, to, offset }) => out.slice(0, offset) + to + out.slice(offset + from.length), text);
}

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
  }
}

describe('what people type', () => {
  it('never breaks a reader', () => {
    let read = 0;
    fc.assert(
      fc.property(hostile, (text) => {
        const { steps } = readSteps(text);
        read += steps.filter(({ command }) => command !== null).length;
        for (const step of steps) expect((step.command === null) === (step.error !== null)).toBe(true);
        attempt(() => parseCommand(text, { dialect: '1.8.9-legacy' }));
        attempt(() => parsePayload(`*filter\n${text}\nCOMMIT\n`));
        attempt(() => parseRulesListing(text));
        repairSaved(text);
      }),
      { numRuns: 3_000 },
    );
    expect(read).toBeGreaterThan(20);
  }, 30_000);

  it('is repaired once for all, and every repair is told', () => {
    let repaired = 0;
    fc.assert(
      fc.property(hostile, (text) => {
        const once = repairCommand(text);
        for (const { from, offset } of once.repairs)
          expect(text.slice(offset, offset + from.length)).toBe(from);
        if (once.repairs.length > 0) repaired++;
        // a repair within another (a dash in a word that also held a zero-width character) is told by both
        const ends = once.repairs.map(({ from, offset }) => offset + from.length);
        const apart = once.repairs.every(({ offset }, i) => offset >= (ends[i - 1] ?? 0));
        if (apart) expect(mended(text, once.repairs)).toBe(once.text);
      }),
      { numRuns: 3_000 },
    );
    expect(repaired).toBeGreaterThan(300);
  }, 30_000);

  it('is left alone when it reads as it stands', () => {
    const lines = measuredRules().map(({ table, chain, rule }) => `iptables -t ${table} -A ${chain} ${rule}`);
    for (const line of [
      ...lines,
      'iptables -A INPUT-s -j DROP',
      'iptables -N f2b-j',
      'iptables -F t',
      'iptables -L s',
    ]) {
      let reads = true;
      try {
        parseCommand(line);
      } catch {
        reads = false;
      }
      if (reads) expect(repairCommand(line)).toEqual({ text: line, repairs: [], incomplete: null });
    }
  });

  it('keeps the text in quotes and comments', () => {
    const quoted = `"a – b\u00a0“c”\u200b －d"`;
    const line = `iptables –A INPUT -m comment --comment ${quoted} –j DROP # e – f`;
    expect(repairCommand(line).text).toBe(`iptables -A INPUT -m comment --comment ${quoted} -j DROP # e – f`);
  });

  it.each(['서버（웹）', '점검；iptables', '관리자＇s', '＄x', 'a＼b', '１호기', '5”-disk', '👨\u200d👩'])(
    'keeps %s, which a shell takes as it stands and mended for something else',
    (comment) => {
      const text = `iptables -D INPUT -m comment --comment ${comment} -j ACCEPT`;
      expect(repairCommand(text)).toMatchObject({ text, repairs: [] });
    },
  );

  it('mends full-width forms of what a shell knows where they stand alone', () => {
    expect(repairCommand('iptables-save ＞ /etc/x').text).toBe('iptables-save > /etc/x');
    expect(repairCommand('iptables －A INPUT －s １０.0.0.1 ； iptables -X').text).toBe(
      'iptables -A INPUT -s 10.0.0.1 ; iptables -X',
    );
    expect(repairCommand('iptables -A INPUT -m comment --comment=“a b”').text).toContain('--comment="a b"');
  });

  it.each([...dashes])('takes %j for a dash', (dash) => {
    const { text } = repairCommand(
      `iptables ${dash}A INPUT ${dash}p tcp ${dash}${dash}dport 22 ${dash}j DROP`,
    );
    expect(text).toBe('iptables -A INPUT -p tcp --dport 22 -j DROP');
  });

  it.each([
    ['iptables\u00a0-L', 'iptables -L', 'blank'],
    ['iptables -\u200bL', 'iptables -L', 'invisible'],
    ['iptables -A INPUT -m comment --comment “a b”', 'iptables -A INPUT -m comment --comment "a b"', 'quote'],
    ['iptables -A INPUT -m comment --comment ‘a b’', "iptables -A INPUT -m comment --comment 'a b'", 'quote'],
    ['iptables -A INPUT ！ -s 10.0.0.1', 'iptables -A INPUT ! -s 10.0.0.1', 'fullWidth'],
    ['iptables -L\r\n', 'iptables -L\n', 'lineEnd'],
    ['$ iptables -L', 'iptables -L', 'prompt'],
    ['[root@bm-1 ~]# iptables -L', 'iptables -L', 'prompt'],
    ['ubuntu@bm-1:~$ sudo iptables -L', 'sudo iptables -L', 'prompt'],
    ['iptables-A    INPUT', 'iptables -A    INPUT', 'missingBlank'],
    ['sudoiptables -L', 'sudo iptables -L', 'missingBlank'],
    ['iptables -A INPUT-s 10.0.0.1', 'iptables -A INPUT -s 10.0.0.1', 'missingBlank'],
    [
      'iptables -A INPUT -p tcp --dport 22-j DROP',
      'iptables -A INPUT -p tcp --dport 22 -j DROP',
      'missingBlank',
    ],
    ['iptables - L', 'iptables -L', 'dash'],
    ['iptables –nvL', 'iptables -nvL', 'dash'],
    ['iptables --A INPUT', 'iptables -A INPUT', 'dash'],
    ['iptables–save', 'iptables-save', 'dash'],
  ])('%j', (given, text, kind) => {
    const { text: repaired, repairs } = repairCommand(given);
    expect(repaired).toBe(text);
    expect(repairs.every((repair) => repair.kind === kind)).toBe(true);
    expect(repairs.length).toBeGreaterThan(0);
  });

  it.each([
    ['sudo iptables', 'command', null],
    ['iptables -t', 'table', '-t'],
    ['iptables -A', 'chain', '-A'],
    ['iptables -P INPUT', 'policy', '-P'],
    ['iptables -R INPUT', 'position', '-R'],
    ['iptables -E a', 'newChain', '-E'],
    ['iptables -A INPUT -p', 'protocol', '-p'],
    ['iptables -A INPUT -p tcp --dport', 'value', '--dport'],
    ['iptables -A INPUT -s', 'address', '-s'],
    ['iptables -A INPUT -j', 'target', '-j'],
    ['iptables -A INPUT -m', 'match', '-m'],
    ['iptables -A INPUT -i', 'interface', '-i'],
  ])('%s is cut short', (text, wants, option) => {
    expect(readSteps(text).steps[0]).toMatchObject({
      command: null,
      incomplete: { wants, option, offset: text.length },
    });
  });

  it('one bad line does not spoil the others', () => {
    const { steps } = readSteps('iptables -L\niptables -A INPUT -s $A\n# note\niptables -S\niptables -A "x');
    expect(
      steps.map(({ command, error, notes }) => [command?.kind, error?.code, error?.line, notes]),
    ).toEqual([
      ['list', undefined, undefined, []],
      [undefined, 'shell.expansion', 2, []],
      ['listRules', undefined, undefined, ['note']],
      [undefined, 'text.quote', 5, []],
    ]);
  });

  it('takes time in proportion to its length', () => {
    const time = (text: string) => {
      const from = performance.now();
      readSteps(text);
      return performance.now() - from;
    };
    // ten times the text: a quadratic reader takes a hundred times as long; the best of five, as others use the machine
    const growth = (make: (n: number) => string) => {
      const [small, large] = [make(200), make(2000)];
      time(small);
      const least = (text: string) => Math.min(...[1, 2, 3, 4, 5].map(() => time(text)));
      return least(large) / (least(small) + 1);
    };
    const shapes: ((n: number) => string)[] = [
      (n) => 'iptables –A INPUT –p tcp –dport 22 –j ACCEPT\n'.repeat(n),
      (n) => `iptables -A INPUT ${'–m comment –comment x '.repeat(n)}`,
      (n) => '“'.repeat(n * 10),
      (n) => 'a@b:'.repeat(n * 5),
      (n) => `${'#'.repeat(n)}\n`.repeat(3),
      (n) => `"${'\\"'.repeat(n * 10)}`,
      (n) => '$A\n'.repeat(n),
      (n) => 'iptables -L |'.repeat(n),
    ];
    for (const make of shapes) expect(growth(make), make(2)).toBeLessThan(60);
  }, 60_000);
});
