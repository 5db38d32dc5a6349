import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInChains } from '../model.ts';
import { printSave } from '../print/print.ts';
import { type Backend, RealIptables } from '../testing/real-tool.ts';
import { differences, measuredRules, needsObject } from '../testing/rule-table.ts';
import { parseSave } from './parse-save.ts';
import { parseRulesListing, printRulesListing } from './rules-listing.ts';

let tool: RealIptables;
beforeAll(async () => {
  tool = await RealIptables.start();
});
afterAll(async () => {
  await tool.stop();
});

const tables = Object.keys(builtInChains);
const userChains = ['mychain', 'other', 'sshguard'];
const counters = ['0:0', '773:77557', '12345678901:123456789012345', '1:18446744073709551615'];

/** All measured rules that this machine takes, in the chains they were measured in, with counters. */
function payload(): string {
  const rows = measuredRules().filter(
    ({ outcome, rule }) => outcome === 'ok' && !differences.has(rule) && !needsObject(rule),
  );
  let count = 0;
  return tables
    .map((table) => {
      const own = table === 'filter' ? userChains.map((name) => `:${name} - [0:0]\n`).join('') : '';
      const headers = (builtInChains[table] ?? []).map((name) => `:${name} ACCEPT [11:22]\n`).join('');
      const lines = rows.filter((row) => row.table === table).flatMap(({ saved }) => saved);
      const rules = lines.map((line) => `[${counters[count++ % counters.length]}] ${line}\n`).join('');
      return `*${table}\n${headers}${own}${rules}COMMIT\n`;
    })
    .join('');
}

/** Rules that nft 1.8.9 refuses or lists otherwise than it saves them. */
const refusedByNft = /! -s 0\.0\.0\.0\/0|-j QUEUE|--nflog-range|-m tcp .*-m tcp/;

describe.each<Backend>(['legacy', 'nft'])('iptables-%s -S', (backend) => {
  beforeAll(() => {
    const lines = payload().split('\n');
    const text = lines.filter((line) => backend === 'legacy' || !refusedByNft.test(line)).join('\n');
    const answer = tool.restore(backend, text, ['-c']);
    expect(answer.code, answer.stderr).toBe(0);
  });

  it.each(tables)('%s: read and printed byte for byte, with counters and without', (table) => {
    for (const options of [[], ['-v']]) {
      const text = tool.command(backend, ['-t', table, '-S', ...options]).stdout;
      const set = parseRulesListing(text, { table });
      expect(printRulesListing(set, { table, counters: options.length > 0 })).toBe(text);
    }
  });

  it('holds the same rules as iptables-save', () => {
    const saved = parseSave(tool.save(backend, ['-c']));
    for (const table of saved.tables) {
      const listed = parseRulesListing(tool.command(backend, ['-t', table.name, '-S', '-v']).stdout, {
        table: table.name,
      });
      const plain = { ...table, remarks: { before: [], inside: [], after: [] } };
      expect(printSave(listed, { counters: true })).toBe(
        printSave({ ...saved, tables: [plain] }, { counters: true }),
      );
    }
  });

  it('of one chain', () => {
    const text = tool.command(backend, ['-S', 'mychain', '-v']).stdout;
    expect(text.startsWith('-N mychain\n')).toBe(true);
    expect(printRulesListing(parseRulesListing(text), { counters: true })).toBe(text);
  });
});
