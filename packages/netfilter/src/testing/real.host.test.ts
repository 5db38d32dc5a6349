import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { findMatch } from '../extensions/catalog.ts';
import { builtInChains, type Rule, type RuleSet } from '../model.ts';
import { printListing } from '../print/listing.ts';
import { printRule, printSave } from '../print/print.ts';
import { parseRule } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';
import { generatedRules } from './generated-rules.ts';
import { type Backend, RealIptables } from './real-tool.ts';
import { differencesOf, type MeasuredRule, measuredRules } from './rule-table.ts';

const backends: Backend[] = ['legacy', 'nft'];
const tables = Object.keys(builtInChains);
const empty = tables.map((table) => `*${table}\nCOMMIT\n`).join('');
const userChains = ['mychain', 'other', 'sshguard'];
const hosts = (['ipv4', 'ipv6'] as const).flatMap((family) =>
  backends.map((backend) => ({ family, backend })),
);

/** What the nft back end of 1.8.9 refuses, changes or lists otherwise (reference/iptables.md section 1.2). */
const notOnNft = new Set([
  '! -s 0.0.0.0/0 -j DROP',
  '! -s ::/0 -j DROP',
  '-j QUEUE',
  '-i + -j DROP',
  // of two matches of one name only the last is kept
  '-p tcp -m tcp --dport 22 -m tcp --dport 23 -j ACCEPT',
  // dropped without a word
  '-j NFLOG --nflog-range 64',
]);

function payload(lines: readonly { table: string; line: string }[]): string {
  return tables
    .map((table) => {
      const own = table === 'filter' ? userChains.map((name) => `:${name} - [0:0]\n`).join('') : '';
      const headers = (builtInChains[table] ?? []).map((name) => `:${name} ACCEPT [0:0]\n`).join('');
      const rules = lines.filter((one) => one.table === table).map((one) => `${one.line}\n`);
      return `*${table}\n${headers}${own}${rules.join('')}COMMIT\n`;
    })
    .join('');
}

/** Counters as of a host that has been up for years, one of each size. */
const counters = [
  '0:0',
  '773:77557',
  '99999:100000',
  '12345678901:123456789012345',
  '1:18446744073709551615',
];

function counted(text: string): string {
  let index = 0;
  return text.replaceAll(/^-A /gm, () => `[${counters[index++ % counters.length]}] -A `);
}

const withoutDates = (text: string): string => text.replaceAll(/^# .*$/gm, '#');

describe.each(hosts)('$family rules of this machine, $backend', ({ family, backend }) => {
  let tool: RealIptables;
  beforeAll(async () => {
    tool = await RealIptables.start({ family, objects: true });
  });
  afterAll(async () => {
    await tool.stop();
  });

  const dialect = `1.8.9-${backend}` as const;
  const differences = differencesOf(family);
  const rows = measuredRules(family).filter((row) => !differences.has(row.rule));
  /** Rows that hold everywhere; what the nft back end does otherwise is named above. */
  const usable = rows.filter(
    (row) => row.outcome === 'ok' && (backend === 'legacy' || !notOnNft.has(row.rule)),
  );
  const read = (text: string): RuleSet => parseSave(text, { family });
  const reprinted = (rule: string): string => printRule(parseRule(rule, { family, oldNegation: false }));

  const load = (text: string, args: readonly string[] = []): void => {
    const answer = tool.restore(backend, text, args);
    // on success the tool may still warn, as of a reversed range
    if (answer.code !== 0) throw new Error(`exit ${answer.code}: ${answer.stderr}`);
  };

  it('saves what we print, byte for byte, counters and header lines included', () => {
    load(counted(payload(usable.flatMap(({ table, saved }) => saved.map((line) => ({ table, line }))))), [
      '-c',
    ]);
    const saved = tool.save(backend, ['-c']);
    expect(saved.split('\n').length).toBeGreaterThan(usable.length);
    expect(printSave(read(saved), { counters: true })).toBe(saved);
    expect(withoutDates(printSave(read(saved)))).toBe(withoutDates(tool.save(backend)));
  });

  it('lists what we list', () => {
    const set = read(tool.save(backend, ['-c']));
    for (const table of tables) {
      expect(printListing(set, table, { dialect })).toBe(tool.list(backend, table));
    }
  });

  it('takes our print for the same rules', () => {
    const before = tool.save(backend, ['-c']);
    load(empty);
    load(printSave(read(before), { counters: true }), ['-c']);
    expect(withoutDates(tool.save(backend, ['-c']))).toBe(withoutDates(before));
  });

  it('gives the same rules from the text as given and from our print of it', () => {
    const given = usable.filter(({ rule }) => !/(^| )(-s|-d) \S+,/.test(rule) && !rule.startsWith('-c'));
    load(payload(given.map(({ table, chain, rule }) => ({ table, line: `-A ${chain} ${rule}` }))));
    const theirs = tool.save(backend);
    const ours = given.map(({ table, chain, rule }) => ({
      table,
      line: `-A ${chain} ${reprinted(rule)}`,
    }));
    load(payload(ours));
    expect(withoutDates(tool.save(backend))).toBe(withoutDates(theirs));
  });

  it('gives the same rules from generated text and from our print of it', () => {
    load(empty);
    const lines = fc.sample(generatedRules(family), { numRuns: 400, seed: 7 });
    load(payload(lines.map((rule) => ({ table: 'filter', line: `-A INPUT ${rule}` }))));
    const theirs = tool.save(backend);
    load(payload(lines.map((rule) => ({ table: 'filter', line: `-A INPUT ${reprinted(rule)}` }))));
    expect(withoutDates(tool.save(backend))).toBe(withoutDates(theirs));
    expect(printSave(read(theirs))).toBe(theirs);
    expect(printListing(read(theirs), 'filter', { dialect })).toBe(tool.list(backend, 'filter'));
  });

  it('gives every comment back as it was, one rule for one', () => {
    load(empty);
    const comments = fc
      .sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), { numRuns: 600, seed: 11 })
      .filter((text) => text.isWellFormed() && !/[\n\0]/.test(text) && Buffer.byteLength(text) <= 200)
      .concat('COMMIT', '*nat', '-A INPUT -j DROP', '#', ' ', '"', '\\', "'", '!', '--', '\r', '\u001b[2J');
    const rules = comments.map((comment): Rule => {
      const match = { name: 'comment' as const, modelled: true as const, comment };
      return { ...parseRule('-j ACCEPT'), matches: [match] };
    });
    load(payload(rules.map((rule) => ({ table: 'filter', line: `-A INPUT ${printRule(rule)}` }))));
    const saved = tool.save(backend);
    const found = read(saved).tables.find((table) => table.name === 'filter')?.chains[0]?.rules ?? [];
    expect(found.map((rule) => findMatch(rule, 'comment')?.comment)).toEqual(comments);
    expect(printSave(read(saved))).toBe(saved);
  });

  const alone = ({ table, chain }: MeasuredRule, rule: string): string => {
    const own = table === 'filter' ? ':mychain - [0:0]\n:other - [0:0]\n' : '';
    return `*${table}\n${own}-A ${chain} ${rule}\nCOMMIT\n`;
  };

  it('refuses what we refuse', () => {
    const refusing = backend === 'legacy' ? ['refused', 'kernel'] : ['refused'];
    const wrong = rows.filter((row) => refusing.includes(row.outcome));
    const taken = tool.restoreEach(
      backend,
      wrong.map((row) => alone(row, row.rule)),
    );
    expect(taken).toHaveLength(wrong.length);
    expect(wrong.filter((_, index) => taken[index]).map((row) => alone(row, row.rule))).toEqual([]);
  });

  it.runIf(backend === 'legacy')(
    'parses what this kernel has no module for, as given and as we print it',
    () => {
      const texts = rows
        .filter((row) => row.outcome === 'absent')
        .flatMap((row) => [alone(row, row.rule), alone(row, reprinted(row.rule))]);
      const taken = tool.restoreEach(backend, texts, ['--test']);
      expect(texts.filter((_, index) => !taken[index])).toEqual([]);
    },
  );
});

describe('restore files', () => {
  let tool: RealIptables;
  beforeAll(async () => {
    tool = await RealIptables.start();
  });
  afterAll(async () => {
    await tool.stop();
  });

  const body = ':INPUT ACCEPT [0:0]\n';
  it.each([
    ['', true],
    ['*filter\nCOMMIT\n', true],
    [`*filter\n${body}COMMIT\n`, true],
    [`# note\n\n*filter\n${body}# note\n\nCOMMIT\n# note\n`, true],
    [`*filter\n${body}-A INPUT -j ACCEPT\t \nCOMMIT\n`, true],
    [`*filter\n${body}[1:2] -A INPUT -j ACCEPT\nCOMMIT\n`, true],
    [`*filter\n${body}-A INPUT -m comment --comment "a"b\nCOMMIT\n`, false],
    [`filter\n${body}COMMIT\n`, false],
    [`*filter\n${body}`, false],
    [`*filter\r\n${body}COMMIT\r\n`, false],
    [`*filter\n${body}COMMIT \n`, false],
    [`*filter\n${body} # indented\nCOMMIT\n`, false],
    [`*filter\n${body}-A INPUT -j ACCEPT # trailing\nCOMMIT\n`, false],
    ['*filter\n:INPUT REJECT [0:0]\nCOMMIT\n', false],
    ['*filter\n:mine ACCEPT [0:0]\nCOMMIT\n', false],
    ['*filter\n:mine - [0:0]\n:mine - [0:0]\nCOMMIT\n', false],
    [`*filter\n:${'x'.repeat(28)} - [0:0]\nCOMMIT\n`, true],
    [`*filter\n:${'x'.repeat(29)} - [0:0]\nCOMMIT\n`, false],
    ['*nosuch\nCOMMIT\n', false],
    [`*filter\n${body}-A gone -j ACCEPT\nCOMMIT\n`, false],
    [`*filter\n${body}-A INPUT ${'-m comment --comment x '.repeat(62)}\nCOMMIT\n`, true],
    [`*filter\n${body}-A INPUT ${'-m comment --comment x '.repeat(63)}\nCOMMIT\n`, false],
    [`*filter\n${body}-A INPUT -m string --algo bm --string ${'x'.repeat(1100)}\nCOMMIT\n`, false],
  ])('%j: %s', (text, taken) => {
    expect(tool.restore('legacy', text, ['--test']).code === 0).toBe(taken);
    let ours = true;
    try {
      parseSave(text);
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
      ours = false;
    }
    expect(ours).toBe(taken);
  });
});
