import { describe, expect, it } from 'vitest';
import type { Dialect } from '../print/dialect.ts';
import { parseSave } from '../read/parse-save.ts';
import { withForeignChains } from './chain-pairs.ts';
import { type PlanOptions, planChange } from './plan-change.ts';
import { generatePair, ownedChain, textOf } from './testing/generate.ts';
import { type Held, hold, restore, textOfHeld } from './testing/interpreter.ts';

const legacy: PlanOptions = { dialect: '1.8.9-legacy', owns: ownedChain };
const nft: PlanOptions = { dialect: '1.8.9-nft', owns: ownedChain };

/** A dump of filter: INPUT with these rules, and what else is given. */
const dump = (
  rules: readonly string[],
  more: { policy?: string; chains?: readonly string[]; lines?: readonly string[] } = {},
) =>
  [
    '*filter',
    `:INPUT ${more.policy ?? 'ACCEPT'} [5:6]`,
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [7:8]',
    ...(more.chains ?? []).map((name) => `:${name} - [0:0]`),
    ...rules.map((rule, index) => `[${index + 1}:${index + 10}] -A INPUT ${rule}`.trimEnd()),
    ...(more.lines ?? []),
    'COMMIT\n',
  ].join('\n');

const parse = (text: string) => parseSave(text, { unreadable: 'keep' });
const plan = (before: string, after: string, options: PlanOptions) =>
  planChange(parse(before), parse(after), options);
/** Lines of the payload without `*filter`, headers and COMMIT. */
const lines = (text: string) => text.split('\n').filter((line) => /^(-|\[)/.test(line));

const ssh = '-p tcp -m tcp --dport 22 -j ACCEPT';
const web = '-p tcp -m tcp --dport 80 -j ACCEPT';
const lo = '-i lo -j ACCEPT';
const drop = '-j DROP';
const zero = (text: string) => text.replaceAll(/^\[\d+:\d+\] -A/gm, '[0:0] -A');

describe('planChange', () => {
  it('says nothing when nothing changes', () => {
    const same = plan(dump([ssh, drop]), zero(dump([ssh, drop])), legacy);
    expect(same).toMatchObject({
      payload: { text: '', tables: [] },
      revert: { text: '' },
      changes: [],
      findings: [],
    });
    expect(same.checks).toEqual({
      underLock: false,
      compareAfter: false,
      rewritten: [],
      countersLost: false,
    });
  });

  it.each([
    ['append', [ssh], [ssh, web], [`-A INPUT ${web}`], [`-A INPUT ${web}`]],
    ['insert first', [ssh], [web, ssh], [`-I INPUT ${web}`], [`-I INPUT ${web}`]],
    ['insert', [ssh, lo], [ssh, web, lo], [`-I INPUT 2 ${web}`], [`-I INPUT 2 ${web}`]],
    ['delete', [ssh, web, lo], [ssh, lo], ['-D INPUT 2'], [`-D INPUT ${web}`]],
    [
      'edit',
      [ssh, web, lo],
      [ssh, drop, lo],
      [`-R INPUT 2 ${drop}`],
      [`-D INPUT ${web}`, `-I INPUT 2 ${drop}`],
    ],
    [
      'move down',
      [ssh, web, lo],
      [web, lo, ssh],
      ['-D INPUT 1', `[1:10] -A INPUT ${ssh}`],
      [`-D INPUT ${ssh}`, `[1:10] -A INPUT ${ssh}`],
    ],
    [
      'move up',
      [ssh, web, lo],
      [lo, ssh, web],
      ['-D INPUT 3', `[3:12] -I INPUT ${lo}`],
      [`-D INPUT ${lo}`, `[3:12] -I INPUT ${lo}`],
    ],
    [
      'delete from the end',
      [ssh, web, lo, drop],
      [ssh, drop],
      ['-D INPUT 3', '-D INPUT 2'],
      [`-D INPUT ${web}`, `-D INPUT ${lo}`],
    ],
    ['empty', [ssh, web, lo], [], ['-F INPUT'], [`-D INPUT ${ssh}`, `-D INPUT ${web}`, `-D INPUT ${lo}`]],
    [
      'delete the second of two twins',
      [ssh, web, ssh, drop],
      [ssh, web, drop],
      ['-D INPUT 3'],
      [`-D INPUT ${ssh}`, `-D INPUT ${ssh}`, `[1:10] -I INPUT ${ssh}`],
    ],
    [
      'delete the first of two twins',
      [ssh, web, ssh, drop],
      [web, ssh, drop],
      ['-D INPUT 1'],
      [`-D INPUT ${ssh}`],
    ],
    [
      'delete both twins',
      [ssh, web, ssh],
      [web],
      ['-D INPUT 3', '-D INPUT 1'],
      [`-D INPUT ${ssh}`, `-D INPUT ${ssh}`],
    ],
    ['a rule without words', [ssh, ''], [ssh], ['-D INPUT 2'], ['-D INPUT']],
  ])('%s', (_name, before, after, byNumber, byText) => {
    expect(lines(plan(dump(before), zero(dump(after)), legacy).payload.text)).toEqual(byNumber);
    expect(lines(plan(dump(before), zero(dump(after)), nft).payload.text)).toEqual(byText);
  });

  it('keeps policy counters: by headers of all built-in chains on old legacy, of changed ones elsewhere', () => {
    const headers = (dialect: Dialect, after: string) =>
      plan(dump([ssh]), after, { dialect, owns: ownedChain })
        .payload.text.split('\n')
        .filter((line) => line.startsWith(':'));
    const rule = dump([ssh, drop]);
    const policy = dump([ssh], { policy: 'DROP' });
    const rest = [':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [7:8]'];
    for (const dialect of ['1.6.1', '1.8.4', '1.8.9-legacy'] as const) {
      expect(headers(dialect, rule)).toEqual([':INPUT ACCEPT [5:6]', ...rest]);
      expect(headers(dialect, policy)).toEqual([':INPUT DROP [5:6]', ...rest]);
    }
    for (const dialect of ['1.8.9-nft', '1.8.11', '1.8.11-nft'] as const) {
      expect(headers(dialect, rule)).toEqual([]);
      expect(headers(dialect, policy)).toEqual([':INPUT DROP [5:6]']);
    }
  });

  it('creates chains first and deletes them last, those that jump to each other too', () => {
    const before = dump(['-j old'], {
      chains: ['old', 'older'],
      lines: ['-A old -j older', '-A older -j DROP'],
    });
    const after = dump(['-j new'], { chains: ['new', 'newer'], lines: ['-A new -j newer'] });
    expect(plan(before, after, nft).payload.text.split('\n').slice(1, -2)).toEqual([
      '-N new',
      '-N newer',
      '-D INPUT -j old',
      '[1:10] -A INPUT -j new',
      '-A new -j newer',
      '-F old',
      '-F older',
      '-X old',
      '-X older',
    ]);
  });

  it('writes filter last, and turns it back first', () => {
    const raw = (rule: string) =>
      `*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT ${rule}\nCOMMIT\n`;
    const { payload, revert } = plan(dump([ssh]) + raw('-j TRACE'), dump([web]) + raw('-j NOTRACK'), nft);
    expect(payload.tables.map(({ table }) => table)).toEqual(['raw', 'filter']);
    expect(revert.tables.map(({ table }) => table)).toEqual(['filter', 'raw']);
    expect(payload.tables.map(({ text }) => text).join('')).toBe(payload.text);
  });

  it('leaves tables alone that are not wanted, and that nobody has used', () => {
    const nat = '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n';
    expect(plan(dump([ssh]) + nat, dump([ssh]), legacy).payload.text).toBe('');
    expect(plan(dump([ssh]), dump([ssh]) + nat.replace(/^-A.*\n/m, ''), legacy).payload.text).toBe('');
    expect(plan('', nat, legacy).payload.text).toBe('*nat\n-A PREROUTING -j ACCEPT\nCOMMIT\n');
  });

  it('says what the payload relies on', () => {
    expect(plan(dump([ssh]), dump([web]), legacy).checks).toEqual({
      underLock: true,
      compareAfter: false,
      rewritten: [],
      countersLost: false,
    });
    expect(plan(dump([ssh]), dump([web]), nft).checks).toEqual({
      underLock: false,
      compareAfter: true,
      rewritten: [],
      countersLost: false,
    });
    expect(plan(dump([ssh, web, lo]), dump([]), legacy).checks.rewritten).toEqual([
      { table: 'filter', chain: 'INPUT' },
    ]);
  });

  it('tells what becomes of each rule', () => {
    const { changes } = plan(
      dump([ssh, web, lo, drop]),
      zero(dump([web, '-j LOG', drop, ssh, '-j RETURN'])),
      legacy,
    );
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      ...{ table: 'filter', chain: 'INPUT', fate: 'kept', policy: null },
      kept: [
        { from: 2, to: 1, count: 1 },
        { from: 4, to: 3, count: 1 },
      ],
      moved: [{ from: 1, to: 4 }],
      replaced: [{ from: 3, to: 2 }],
      added: [{ to: 5 }],
      removed: [],
    });
  });
});

describe('rules that text does not name', () => {
  const escaped = '-m comment --comment "a\\\\x1b[2J" -j ACCEPT';
  const ftp = '-m helper --helper ftp -j ACCEPT';
  const noFtp = '-m helper ! --helper ftp -j ACCEPT';

  it('nft takes one helper for another, so all up to the one that goes are lifted', () => {
    expect(lines(plan(dump([noFtp, ssh, ftp]), dump([noFtp, ssh]), nft).payload.text)).toEqual([
      `-D INPUT ${noFtp}`,
      `-D INPUT ${ftp}`,
      `[1:10] -I INPUT ${noFtp}`,
    ]);
    expect(
      lines(plan(dump([noFtp, ssh, ftp]), dump([ssh, ftp]).replace('[2:11]', '[3:12]'), nft).payload.text),
    ).toEqual([`-D INPUT ${noFtp}`]);
  });

  it('a rule with escaped control characters goes with its chain on nft, by number on legacy', () => {
    const [before, after] = [dump([ssh, escaped]), dump([ssh])];
    expect(lines(plan(before, after, nft).payload.text)).toEqual(['-F INPUT', `[1:10] -A INPUT ${ssh}`]);
    expect(plan(before, after, nft).checks.rewritten).toEqual([{ table: 'filter', chain: 'INPUT' }]);
    expect(plan(before, after, nft).findings).toEqual([
      {
        ...{ field: 'match', code: 'plan.notRestorable', severity: 'warning' },
        params: { table: 'filter', chain: 'INPUT', number: 2 },
      },
    ]);
    expect(lines(plan(before, after, legacy).payload.text)).toEqual(['-D INPUT 2']);
  });

  it('a rule that could not be read goes with its chain on nft', () => {
    const unread = '--no-such-option';
    expect(lines(plan(dump([unread, ssh]), zero(dump([ssh])), nft).payload.text)).toEqual([
      '-F INPUT',
      `[2:11] -A INPUT ${ssh}`,
    ]);
  });

  it.each([
    ['moved', [escaped, ssh, web], [ssh, web, escaped], legacy],
    ['written anew with its chain', [escaped, '--no-such', ssh], [escaped, ssh], nft],
  ])('such a rule is never written again: %s', (_name, before, after, options) => {
    const { payload, revert, findings } = plan(dump(before), dump(after), options);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['plan.escapedRule', 'error']]);
    expect(payload.text + revert.text).toBe('');
  });

  it('a kept one stays where it is, also when the change is taken back', () => {
    const { payload, revert, findings } = plan(dump([escaped, ssh]), dump([escaped, web]), legacy);
    expect(findings).toEqual([]);
    expect(lines(payload.text)).toEqual([`[2:11] -R INPUT 2 ${web}`]);
    expect(lines(revert.text)).toEqual([`[2:11] -R INPUT 2 ${ssh}`]);
  });
});

describe('foreign chains', () => {
  const guarded = (bans: readonly string[], rules = ['-j sshguard', ssh]) =>
    dump(rules, { chains: ['sshguard'], lines: bans.map((ban) => `-A sshguard -s ${ban} -j DROP`) });

  it('are not mentioned', () => {
    const { payload, revert } = plan(
      guarded(['1.1.1.1']),
      guarded(['1.1.1.1'], ['-j sshguard', web]),
      legacy,
    );
    expect(payload.text).not.toMatch(/[: ]sshguard [^-]|1\.1\.1\.1|-j sshguard/);
    expect(revert.text).not.toMatch(/^:sshguard|-[AFX] sshguard|1\.1\.1\.1/m);
  });

  it.each([
    ['changed', guarded(['1.1.1.1']), guarded(['2.2.2.2'])],
    ['deleted', guarded(['1.1.1.1']), dump([ssh])],
    ['created', dump([ssh]), guarded([], [ssh])],
  ])('%s: refused', (change, before, after) => {
    const { findings, payload } = plan(before, after, legacy);
    expect(findings).toContainEqual({
      ...{ field: 'chain', code: 'plan.foreignChain', severity: 'error' },
      params: { table: 'filter', chain: 'sshguard', change },
    });
    expect(payload.text).toBe('');
  });

  it('an older draft is planned with those of now', () => {
    const live = parse(guarded(['1.1.1.1', '3.3.3.3']));
    const draft = withForeignChains(parse(guarded(['2.2.2.2'], ['-j sshguard', web])), live, ownedChain);
    expect(planChange(live, draft, legacy)).toMatchObject({ findings: [], checks: { underLock: true } });
  });

  it.each([
    ['jump to what is not there', dump([ssh]), dump(['-j nowhere']), 'chain.missing'],
    [
      'delete what another program jumps to',
      dump([ssh], { chains: ['mine', 'sshguard'], lines: ['-A sshguard -j mine'] }),
      dump([ssh], { chains: ['sshguard'], lines: ['-A sshguard -j mine'] }),
      'chain.inUse',
    ],
  ])('%s: refused', (_name, before, after, code) => {
    const { findings, payload } = plan(before, after, legacy);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(payload.text).toBe('');
  });
});

describe('a name that is no name', () => {
  it.each(['-x', '!x', ':x', 'a b', 'a"', 'x'.repeat(29), 'a\nCOMMIT'])('%j: refused', (name) => {
    const wanted = parse(dump([ssh], { chains: ['mine'] }));
    for (const chain of wanted.tables[0]?.chains ?? []) if (chain.name === 'mine') chain.name = name;
    const { findings, payload } = planChange(parse(dump([ssh])), wanted, legacy);
    expect(findings.map(({ code }) => code)).toEqual(['chain.name']);
    expect(payload.text).toBe('');
  });
});

describe('the revert', () => {
  const before = dump([ssh, web], { chains: ['old'], lines: ['[8:9] -A old -j DROP'] });
  const after = dump([ssh, drop], { chains: ['new'], policy: 'DROP' });

  it('does not rely on what the touched chains hold', () => {
    expect(plan(before, after, nft).revert.text).toBe(
      [
        '*filter',
        ':INPUT ACCEPT [5:6]',
        ':old - [0:0]',
        ':new - [0:0]',
        '-F INPUT',
        `[1:10] -A INPUT ${ssh}`,
        `[2:11] -A INPUT ${web}`,
        '[8:9] -A old -j DROP',
        '-X new',
        'COMMIT\n',
      ].join('\n'),
    );
  });
});

describe('generated changes, on rules in memory', () => {
  const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
  it.each<[Dialect, 'legacy' | 'nft']>([
    ['1.8.9-legacy', 'legacy'],
    ['1.8.9-nft', 'nft'],
  ])('%s: gives what was wanted and back, and tells of every rule', (dialect, backend) => {
    for (const seed of seeds) {
      const { current, wanted } = generatePair(seed, dialect);
      const { payload, revert, findings, changes } = planChange(
        parse(textOf(current)),
        parse(textOf(wanted)),
        {
          dialect,
          owns: ownedChain,
        },
      );
      expect(findings, `seed ${seed}`).toEqual([]);
      const held = hold(current);
      run(held, payload.text, backend, seed);
      const plain = { counters: false };
      expect(textOfHeld(held, plain), `seed ${seed}`).toBe(textOfHeld(hold(wanted), plain));
      if (payload.text === '') continue;
      for (const { kept, added, moved, removed, replaced, table, chain } of changes) {
        const count = kept.reduce((sum, run) => sum + run.count, 0);
        const [was, will] = [current, wanted].map(
          (set) => set.get(table)?.find(({ name }) => name === chain)?.rules.length ?? 0,
        );
        expect(count + moved.length + removed.length + replaced.length, `seed ${seed} ${chain}`).toBe(was);
        expect(count + moved.length + added.length + replaced.length, `seed ${seed} ${chain}`).toBe(will);
      }
      run(held, revert.text, backend, seed);
      expect(textOfHeld(held, { counters: true }), `seed ${seed}`).toBe(
        textOfHeld(hold(current), { counters: true }),
      );
    }
  });
});

function run(held: Held, payload: string, backend: 'legacy' | 'nft', seed: number): void {
  try {
    restore(held, payload, backend);
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}\n${payload}`);
  }
}
