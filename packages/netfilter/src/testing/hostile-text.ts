import type { Random } from '../plan/testing/random.ts';
import { keptLines, measuredRules } from './rule-table.ts';

/** Rules that the tool takes, as people give them and as it saves them. */
const real: readonly string[] = [
  ...new Set([
    ...measuredRules().flatMap(({ rule, saved }) => [rule, ...saved.map(withoutChain)]),
    ...keptLines().map(({ line }) => withoutChain(line)),
  ]),
];

function withoutChain(line: string): string {
  return line.replace(/^-A \S+ ?/, '');
}

const realWords: readonly string[] = [...new Set(real.flatMap((rule) => rule.split(' ')))];

/** What ends, quotes, escapes or hides a word somewhere: in the tool, a shell, a terminal or a JavaScript function. */
const characters: readonly string[] = [
  ...' \t\n\r\0"\'\\!-#;$`&|<>()[]{}*?~^%=,:./+_@0189aAzZ',
  ...[
    '\u0001',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u200b',
    '\u2028',
    '\ufeff',
    '\u0661',
    'ſ',
    'İ',
    'ß',
  ],
  ...['한', '🔥', '\ud800', '\udc00', '\ufffd', '０', '–', '\u202e', '\u0301'],
];

/** Words that mean something to a restore file, to the program or to nobody. */
const words: readonly string[] = [
  ...[
    '*nat',
    '*filter',
    ':INPUT',
    ':mine',
    'COMMIT',
    '-A INPUT',
    '[1:2]',
    '#',
    '-',
    '--',
    '!',
    '! !',
    '""',
    '"',
    '"\\"',
  ],
  ...[
    '-A',
    '-D',
    '-I',
    '-F',
    '-X',
    '-N',
    '-P',
    '-E',
    '-Z',
    '-L',
    '-S',
    '-R',
    '-t',
    '-M',
    '-w',
    '-n',
    '-v',
    '-h',
    '-4',
  ],
  ...[
    '--append',
    '--flush',
    '--table',
    '--modprobe=/bin/sh',
    '--wait',
    '--jump=DROP',
    '--protocol=tcp',
    '-jDROP',
    '-s1.1',
  ],
  ...[
    '-j',
    '-j ACCEPT',
    '-g mine',
    '-j mine',
    '-j -F',
    '-j !',
    '-m',
    '-m comment',
    '-m nosuch --x',
    '-p',
    '-p tcp',
    '-f',
  ],
  ...[
    '--comment',
    '--comment -j',
    '-c',
    '-c 1 2',
    '--d',
    '--dport',
    '--comment "a\\nb"',
    '--comment "-A INPUT"',
  ],
  ...[
    '$(id)',
    '`id`',
    '$\u007bIFS}',
    '%s%n',
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    'NaN',
    'null',
    'true',
  ],
  ...[
    '\n-A INPUT -j ACCEPT',
    '\r\n-F',
    '\n*nat\n',
    '\nCOMMIT\n',
    '\\\n',
    '\0-j DROP',
    '"\n"',
    '\\"',
    '\\\\',
    "'",
    "\\'",
  ],
];

const numbers: readonly string[] = [
  ...[
    '0',
    '-1',
    '+1',
    '00',
    '07',
    '08',
    '0x',
    '0x0',
    '0xffffffff',
    '0x100000000',
    '255',
    '256',
    '65535',
    '65536',
  ],
  ...[
    '4294967295',
    '4294967296',
    '18446744073709551615',
    '18446744073709551616',
    '9'.repeat(40),
    '1e9',
    '1.5',
    ' 1',
    '1 ',
  ],
  ...['1'.repeat(400), '٣', '1_000', '0b1', '0o7', 'Infinity', '1:2', ':', '2:1', '1-', '0/0', '1/', '/1'],
];

type Mutation = (text: string, random: Random) => string;

const cut = (text: string, random: Random): [from: number, to: number] => {
  const from = random.below(text.length + 1);
  return [from, Math.min(text.length, from + random.below(8))];
};

function editWords(text: string, random: Random, edit: (words: string[], at: number) => void): string {
  const list = text.split(' ');
  edit(list, random.below(list.length));
  return list.join(' ');
}

const mutations: readonly Mutation[] = [
  // one character for another, one more, and bits of one turned round
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.pick(characters) + text.slice(at + 1);
  },
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.pick(characters) + text.slice(at);
  },
  (text, random) => {
    const at = random.below(text.length + 1);
    const code = (text.charCodeAt(at) | 0) ^ (1 << random.below(random.chance(0.9) ? 8 : 16));
    return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
  },
  // pieces removed, repeated, moved
  (text, random) => {
    const [from, to] = cut(text, random);
    return text.slice(0, from) + text.slice(to);
  },
  (text, random) => {
    const [from, to] = cut(text, random);
    return text.slice(0, to) + text.slice(from, to).repeat(1 + random.below(4)) + text.slice(to);
  },
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => {
    const other = random.pick(real);
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  },
  (text, random) => `${text} ${random.pick(real)}`,
  (text, random) =>
    editWords(text, random, (list, at) => list.splice(random.below(list.length), 0, ...list.splice(at, 2))),
  // words for words
  (text, random) => editWords(text, random, (list, at) => list.splice(at, 1, random.pick(realWords))),
  (text, random) => editWords(text, random, (list, at) => list.splice(at, 0, random.pick(realWords))),
  (text, random) => editWords(text, random, (list, at) => list.splice(at, 0, random.pick(words))),
  (text, random) => editWords(text, random, (list, at) => list.splice(at, 1, random.pick(words))),
  (text, random) => editWords(text, random, (list, at) => list.splice(at, 1)),
  (text, random) => editWords(text, random, (list, at) => list.splice(at, 0, '!')),
  // words in another dress
  (text, random) =>
    editWords(text, random, (list, at) => {
      const word = list[at] ?? '';
      list[at] = random.pick([
        `"${word}"`,
        `"${word}`,
        `${word}"`,
        `'${word}'`,
        `\\${word}`,
        `"${word.split('').join('\\')}"`,
      ]);
    }),
  (text, random) =>
    editWords(text, random, (list, at) => {
      const word = list[at] ?? '';
      list[at] = random.pick([
        word.toUpperCase(),
        word.toLowerCase(),
        `${word}=`,
        word.replaceAll('-', '–'),
        word + word,
      ]);
    }),
  (text, random) => {
    const found = [...text.matchAll(/\d+/g)];
    const one = found[random.below(found.length)];
    return one
      ? text.slice(0, one.index) + random.pick(numbers) + text.slice(one.index + one[0].length)
      : text;
  },
  (text, random) => text.replaceAll(' ', random.pick(['  ', '\t', ' \t ', '\u00a0'])),
  (text, random) => text + random.pick(['\n', '\r\n', '\r', ' ', '\0', '\\', '"', '\n\n', ' !', ' -']),
];

/** A rule as somebody might give it to break the reader: a real one with a few things done to it. */
export function hostileRule(random: Random): string {
  let text = random.pick(real);
  for (let left = random.below(5); left > 0; left--) text = random.pick(mutations)(text, random);
  return text;
}

/** A restore file likewise: whole lines, headers and rules are mutated. */
export function hostileSave(random: Random): string {
  const rules = Array.from({ length: random.below(5) }, () => {
    const counters = random.chance(0.3) ? `[${random.pick(numbers)}:${random.pick(numbers)}] ` : '';
    return `${counters}-A ${random.pick(['INPUT', 'INPUT', 'mine', 'FORWARD'])} ${hostileRule(random)}`;
  });
  const lines = [
    ...(random.chance(0.2) ? [`# ${random.pick(words)}`] : []),
    `*${random.pick(['filter', 'filter', 'filter', 'nat', 'mangle'])}`,
    ':INPUT ACCEPT [0:0]',
    ':FORWARD DROP [5:6]',
    `:mine - [0:0]`,
    ...rules,
    'COMMIT',
  ];
  for (let left = random.below(3); left > 0; left--) {
    const at = random.below(lines.length);
    if (random.chance(0.5)) lines[at] = random.pick(mutations)(lines[at] ?? '', random);
    else if (random.chance(0.3)) lines.splice(at, 1);
    else lines.splice(random.below(lines.length + 1), 0, lines[at] ?? '');
  }
  return `${lines.join(random.chance(0.05) ? '\r\n' : '\n')}\n`;
}

/** A value for a field of a form: a piece of a rule, or of the lists above. */
export function hostileValue(random: Random): string {
  const value = random.pick(random.pick([realWords, realWords, words, numbers, characters]));
  return random.chance(0.3) ? random.pick(mutations)(value, random) : value;
}
