import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInChains, type Chain, type Family, type Rule, type RuleSet } from '../model.ts';
import { backendOf, type Dialect, dialectOf, parseVersion } from '../print/dialect.ts';
import { printListing } from '../print/listing.ts';
import { printRule, printSave } from '../print/print.ts';
import { dialectFindings } from './findings.ts';
import { type Release, unpackedRelease } from './testing/debian-release.ts';
import { type LoadableRule, loadableRules } from './testing/loadable-rules.ts';
import { VersionedIptables } from './testing/versioned-tool.ts';

/** Who has the version: the machine itself, or a release of Debian whose packages are unpacked for the test. */
const homes: ReadonlyArray<{ dialect: Dialect; release: Release | null }> = [
  { dialect: '1.8.7-legacy', release: 'bullseye' },
  { dialect: '1.8.7-nft', release: 'bullseye' },
  { dialect: '1.8.9-legacy', release: null },
  { dialect: '1.8.9-nft', release: null },
  { dialect: '1.8.11', release: 'trixie' },
  { dialect: '1.8.11-nft', release: 'trixie' },
];
const families: readonly Family[] = ['ipv4', 'ipv6'];
const hosts = homes.flatMap((home) => families.map((family) => ({ ...home, family })));

const tables = Object.keys(builtInChains);
const userChains = ['mychain', 'other'];

const refusing = ['dialect.option', 'dialect.value', 'dialect.kernel'];
const isRefused = (rule: Rule, dialect: Dialect): boolean =>
  dialectFindings(rule, dialect).some(({ code }) => refusing.includes(code));

/** All tables with all chains, as a host of one of these versions would hold them. */
function setOf(
  family: Family,
  rows: readonly LoadableRule[],
  { order = tables, counted = true } = {},
): RuleSet {
  const chain = (table: string, name: string, builtIn: boolean): Chain => ({
    name,
    policy: builtIn ? 'ACCEPT' : null,
    packets: 0n,
    bytes: 0n,
    rules: rows
      .filter((row) => row.table === table && row.chain === name)
      .flatMap((row) => row.rules)
      .map((rule, index) =>
        counted ? { ...rule, packets: BigInt(index) ** 5n, bytes: BigInt(index) ** 6n } : rule,
      ),
  });
  return {
    family,
    tables: order.map((name) => ({
      name,
      chains: [
        ...(builtInChains[name] ?? []).map((each) => chain(name, each, true)),
        ...(name === 'filter' ? userChains.map((each) => chain(name, each, false)) : []),
      ],
      remarks: { before: [], inside: [], after: [] },
    })),
  };
}

/**
 * Spellings that not every version reads, and that we print otherwise: 1.8.9 refuses a value in the word of its option or
 * takes it for something else, 1.8.7 takes no names for the ports of DNAT.
 */
const isUnusual = ({ given }: LoadableRule): boolean => /^(-p\w|-i\w|-s\d|--\w+=)|[:/]http$/.test(given);

const headersOf = (table: string): string => {
  const own = table === 'filter' ? userChains.map((name) => `:${name} - [0:0]\n`) : [];
  return [...(builtInChains[table] ?? []).map((name) => `:${name} ACCEPT [0:0]\n`), ...own].join('');
};

/** The rules as they were typed. */
function payloadOf(rows: readonly LoadableRule[]): string {
  return tables
    .map((table) => {
      const lines = rows.filter((row) => row.table === table).map((row) => `-A ${row.chain} ${row.given}\n`);
      return `*${table}\n${headersOf(table)}${lines.join('')}COMMIT\n`;
    })
    .join('');
}

/** 1.8.7 lists IPv6 prefixes of HMARK with what happens to stand in memory. */
const withoutLeftovers = (text: string): string => text.replaceAll(/ (src|dst)-prefix \S* /g, ' $1-prefix ');

const withoutRemarks = (text: string): string => text.replaceAll(/^#.*\n/gm, '');
const tablesOf = (text: string): string[] => [...text.matchAll(/^\*(\w+)$/gm)].map(([, name = '']) => name);

describe.each(hosts)('iptables $dialect with $family rules', ({ dialect, release, family }) => {
  const unpacked = release === null ? { tree: null } : unpackedRelease(release);
  if ('missing' in unpacked) {
    it.skip(`cannot be had here: ${unpacked.missing}`, () => {});
    return;
  }

  let tool: VersionedIptables;
  beforeAll(async () => {
    tool = await VersionedIptables.start(backendOf(dialect), family, unpacked.tree);
  });
  afterAll(async () => {
    await tool.stop();
  });

  const all = loadableRules(family);
  const taken = all.filter(({ rules }) => !rules.some((rule) => isRefused(rule, dialect)));
  // ip6tables-nft-restore of 1.8.7 and 1.8.9 sets the counters of rules to zero, whatever it is given
  const counted = !(family === 'ipv6' && ['1.8.7-nft', '1.8.9-nft'].includes(dialect));
  const load = (text: string): void => {
    const answer = tool.restore(text, text.includes('\n[') ? ['-c'] : []);
    if (answer.code === 0) return;
    // warnings of reversed ranges come first
    const line = /line:? (\d+)/.exec(answer.stderr)?.[1];
    throw new Error(`${answer.stderr.slice(-300)} ${text.split('\n')[Number(line) - 1]}`);
  };

  it('is what its version says', () => {
    const parsed = parseVersion(tool.version());
    expect(parsed && dialectOf(parsed.version, parsed.backend)).toBe(dialect);
  });

  it('saves and lists of the text as given what we say', () => {
    const given = taken.filter((row) => !isUnusual(row));
    load(payloadOf(given));
    const saved = tool.save();
    const set = setOf(family, given, { order: tablesOf(saved), counted: false });
    expect(printSave(set, { dialect, lossy: true })).toBe(withoutRemarks(saved));
    expect(saved.split('\n').length).toBeGreaterThan(1_000);
    for (const table of tables) {
      expect(withoutLeftovers(printListing(set, table, { dialect }))).toBe(
        withoutLeftovers(tool.list(table)),
      );
    }
  });

  it('saves the same of our text, counters included', () => {
    load(printSave(setOf(family, taken), { counters: true, dialect }));
    const saved = tool.save(['-c']);
    const set = setOf(family, taken, { order: tablesOf(saved), counted });
    expect(printSave(set, { counters: true, dialect, lossy: true })).toBe(withoutRemarks(saved));
  });

  it('refuses what we say it refuses', () => {
    const refused = all.filter((row) => !taken.includes(row));
    for (const { table, chain, given, rules } of refused) {
      const words = rules.map((rule) => `-A ${chain} ${printRule(rule, { dialect })}\n`).join('');
      const { code } = tool.restore(`*${table}\n${headersOf(table)}${words}COMMIT\n`);
      expect(`${given}: ${code === 0}`).toBe(`${given}: false`);
    }
    // 1.8.9 legacy is what `dialectFindings` compares with
    expect(refused.length > 0).toBe(dialect !== '1.8.9-legacy');
  });

  // only 1.8.11 shows everything that the kernel holds
  const witness = unpackedRelease('trixie');
  it.skipIf('missing' in witness)('makes another rule of the text that we say loses something', () => {
    const seen = (): string => ('tree' in witness ? withoutRemarks(tool.savedBy(witness.tree)) : '');
    const lossy = taken.filter(({ rules }) =>
      rules.some((rule) => dialectFindings(rule, dialect).some(({ code }) => code === 'dialect.saved')),
    );
    for (const row of lossy) {
      load(printSave(setOf(family, [row]), { dialect }));
      const before = seen();
      const again = tool.restore(tool.save());
      const same = again.code === 0 && seen() === before;
      expect(`${row.given}: ${same}`).toBe(`${row.given}: false`);
    }
    expect(lossy.length).toBeGreaterThan(1);
  });

  it('keeps every other rule through save and load', () => {
    const kept = taken.filter(({ rules }) =>
      rules.every((rule) => dialectFindings(rule, dialect).length === 0),
    );
    load(printSave(setOf(family, kept), { counters: true, dialect }));
    const before = tool.save(['-c']);
    load(before);
    expect(withoutRemarks(tool.save(['-c']))).toBe(withoutRemarks(before));
  });
});
