import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { findMatch } from '../extensions/catalog.ts';
import { builtInChains, type Rule } from '../model.ts';
import { printListing } from '../print/listing.ts';
import { printRule, printSave } from '../print/print.ts';
import { parseRule } from '../read/parse-rule.ts';
import { parseSave } from '../read/parse-save.ts';
import { type Backend, RealIptables } from './real-tool.ts';
import { differences, keptLines, measuredRules, needsObject } from './rule-table.ts';

let tool: RealIptables;
beforeAll(async () => {
  tool = await RealIptables.start();
});
afterAll(async () => {
  await tool.stop();
});

const backends: Backend[] = ['legacy', 'nft'];
const tables = Object.keys(builtInChains);
const empty = tables.map((table) => `*${table}\nCOMMIT\n`).join('');
const userChains = ['mychain', 'other', 'sshguard'];

/** Rows that hold everywhere; what this kernel or the nft back end does otherwise is named below. */
const rows = measuredRules().filter(
  (row) => row.outcome === 'ok' && !differences.has(row.rule) && !needsObject(row.rule),
);

/** What the nft back end of 1.8.9 refuses, changes or lists otherwise (reference/iptables.md section 1.2). */
const notOnNft = new Set([
  '! -s 0.0.0.0/0 -j DROP',
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

describe.each(backends)('iptables-%s of this machine', (backend) => {
  const usable = rows.filter((row) => backend === 'legacy' || !notOnNft.has(row.rule));

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
    expect(printSave(parseSave(saved), { counters: true })).toBe(saved);
    expect(withoutDates(printSave(parseSave(saved)))).toBe(withoutDates(tool.save(backend)));
  });

  it('lists what we list', () => {
    const set = parseSave(tool.save(backend, ['-c']));
    for (const table of tables) {
      expect(printListing(set, table)).toBe(tool.list(backend, table));
    }
  });

  it('takes our print for the same rules', () => {
    const before = tool.save(backend, ['-c']);
    load(empty);
    load(printSave(parseSave(before), { counters: true }), ['-c']);
    expect(withoutDates(tool.save(backend, ['-c']))).toBe(withoutDates(before));
  });

  it('gives the same rules from the text as given and from our print of it', () => {
    const given = usable.filter(({ rule }) => !/(^| )(-s|-d) \S+,/.test(rule) && !rule.startsWith('-c'));
    load(payload(given.map(({ table, chain, rule }) => ({ table, line: `-A ${chain} ${rule}` }))));
    const theirs = tool.save(backend);
    const ours = given.map(({ table, chain, rule }) => ({
      table,
      line: `-A ${chain} ${printRule(parseRule(rule, { oldNegation: false }))}`,
    }));
    load(payload(ours));
    expect(withoutDates(tool.save(backend))).toBe(withoutDates(theirs));
  });

  it('saves what we keep as text, byte for byte', () => {
    load(empty);
    load(payload(keptLines()));
    const saved = tool.save(backend);
    expect(saved.split('\n').length).toBeGreaterThan(keptLines().length);
    expect(printSave(parseSave(saved))).toBe(saved);
  });

  it('gives the same rules from generated text and from our print of it', () => {
    load(empty);
    const lines = fc.sample(generated, { numRuns: 400, seed: 7 });
    load(payload(lines.map((rule) => ({ table: 'filter', line: `-A INPUT ${rule}` }))));
    const theirs = tool.save(backend);
    load(payload(lines.map((rule) => ({ table: 'filter', line: `-A INPUT ${printRule(parseRule(rule))}` }))));
    expect(withoutDates(tool.save(backend))).toBe(withoutDates(theirs));
    expect(printSave(parseSave(theirs))).toBe(theirs);
    expect(printListing(parseSave(theirs))).toBe(tool.list(backend, 'filter'));
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
    const read = parseSave(saved).tables.find((table) => table.name === 'filter')?.chains[0]?.rules ?? [];
    expect(read.map((rule) => findMatch(rule, 'comment')?.comment)).toEqual(comments);
    expect(printSave(parseSave(saved))).toBe(saved);
  });
});

/** Rules of many conditions at once, all of which the tool takes. */
const generated = fc
  .tuple(
    fc.constantFrom(
      '',
      '-s 10/8',
      '! -s 192.168.1.77/255.255.255.0',
      '-s 10.1.2.3/255.0.255.0',
      '-s 8.8.8.8',
    ),
    fc.constantFrom('', '-d 172.16.5.5/12', '! -d 1.1.1.1'),
    fc.constantFrom('', '-i eth0', '! -i eth+', '-i averylongname15'),
    fc.constantFrom(
      '',
      '-p 47',
      '! -p udp',
      '-p icmp --icmp-type ping',
      '-p tcp --dport ssh',
      '-p tcp ! --sport 1024: --syn',
      '-p tcp -m multiport --dports http,443,8000:8080',
      '-p udp -m udp --sport 53 ! --dport :1023',
    ),
    fc.constantFrom('', '-f', '! -f'),
    fc.subarray([
      '-m state --state NEW,INVALID',
      '-m conntrack ! --ctstate ESTABLISHED,RELATED --ctproto tcp',
      '-m limit --limit 90/minute --limit-burst 7',
      `-m comment --comment "it\\'s \\"the\\" one"`,
      '-m mark ! --mark 16/0xff',
      '-m addrtype --dst-type LOCAL,BROADCAST',
      '-m mac --mac-source 02:AA:bb:cc:dd:01',
      '-m iprange --src-range 10.0.0.1-10.0.0.9',
    ]),
    fc.constantFrom(
      '',
      '-j ACCEPT',
      '-j DROP',
      '-j REJECT',
      '-j LOG --log-level info --log-prefix "a b"',
      '-g other',
    ),
  )
  .map((parts) => parts.flat().filter(Boolean).join(' '));

describe('restore files', () => {
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

describe('what is refused', () => {
  it.each(measuredRules().filter((row) => row.outcome !== 'ok' && !differences.has(row.rule)))(
    '$table $chain $rule',
    ({ table, chain, rule }) => {
      const headers = (builtInChains[table] ?? []).map((name) => `:${name} ACCEPT [0:0]\n`).join('');
      const answer = tool.restore('legacy', `*${table}\n${headers}-A ${chain} ${rule}\nCOMMIT\n`);
      expect(answer.code).not.toBe(0);
    },
  );
});
