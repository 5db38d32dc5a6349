import { defaultDialect, parseSave, printSave, type RuleSet } from '@moru/netfilter';
import { type Backend, RealIptables } from '@moru/netfilter/testing/real-tool';
import type { FirewallState } from '@moru/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ruleSetOf } from '../drafts/draft-rules.ts';
import { openSession } from '../drafts/session.ts';
import { stateOf } from '../testing/state.ts';
import { guideOptions } from './guide-options.ts';
import { readTyped } from './read-typed.ts';

/** One host on which a command is typed, and one that gets what the command bar makes of it. */
let typed: RealIptables;
let console: RealIptables;
beforeAll(async () => {
  [typed, console] = await Promise.all([RealIptables.start(), RealIptables.start()]);
});
afterAll(() => Promise.all([typed.stop(), console.stop()]));

const rules = {
  INPUT: ['-j sshguard', '-p tcp -m tcp --dport 22 -j ACCEPT', '-p tcp -m tcp --dport 80 -j ACCEPT'],
  web: [],
  sshguard: ['-s 192.0.2.66/32 -j DROP'],
};

/** Each row of the guide's table, long and short, with what it is for: changes of the owned chains. */
const edits: Partial<Record<(typeof guideOptions)[number]['option'], string[]>> = {
  '-A': ['-A INPUT -p tcp --dport 443 -j ACCEPT', '–append INPUT -p tcp --dport 443 -j ACCEPT'],
  '-D': ['-D INPUT 2', '–delete INPUT -p tcp --dport 80 -j ACCEPT'],
  '-R': ['-R INPUT 2 -p tcp --dport 2222 -j ACCEPT', '–replace INPUT 3 -j DROP'],
  '-I': ['-I INPUT -i lo -j ACCEPT', '–insert INPUT 2 -p icmp -j ACCEPT'],
  '-F': ['-F INPUT', '–flush web'],
  '-N': ['-N db', '–new db'],
  '-X': ['-X web', '–delete-chain web'],
  '-P': ['-P FORWARD DROP', '–policy INPUT DROP'],
  '-s': ['-A INPUT -s 10.0.0.0/8 -j ACCEPT', '-A INPUT –source 10.1.2.3 -j DROP'],
  '-d': [
    '-A INPUT -d 198.168.0.10 -p tcp --dport 22 -j ACCEPT',
    '-A INPUT –destination 198.168.0.0/24 -j DROP',
  ],
  '--sport': ['-A INPUT -p udp –sport 53 -j ACCEPT', '-A INPUT -p tcp --sport 1024:65535 -j ACCEPT'],
  '--dport': ['-A INPUT -p tcp –dport 8080 -j ACCEPT', '-A INPUT -p udp --dport 53 -j DROP'],
  '-j': ['-A INPUT -j REJECT', '-A INPUT –jump web'],
  '-p': ['-A INPUT -p icmp -j ACCEPT', '-A INPUT –protocol udp -j DROP'],
  '-i': ['-A INPUT -i eth0 -j ACCEPT', '-A INPUT –in-interface eth+ -j DROP'],
  '-o': ['-A OUTPUT -o eth0 -j ACCEPT', '-A FORWARD –out-interface eth1 -j DROP'],
  '-t': ['-t filter -A INPUT -j ACCEPT', '–table nat -A POSTROUTING -o eth0 -j MASQUERADE'],
};

const start = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
:sshguard - [0:0]
${Object.entries(rules)
  .flatMap(([chain, all]) => all.map((rule) => `-A ${chain} ${rule}\n`))
  .join('')}COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
`;

const host: FirewallState = (() => {
  const state = stateOf(rules);
  const chain = (name: string) => ({
    ...{ name, builtIn: true, policy: 'ACCEPT' as const, packets: '0', bytes: '0', owner: 'moru' as const },
    rules: [],
  });
  const nat = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map(chain);
  return { ...state, tables: [...state.tables, { name: 'nat', chains: nat }] };
})();

/** In one shape: chains by name, without comments and counters. */
function shape(set: RuleSet): string {
  const tables = set.tables
    .filter(({ name }) => name === 'filter' || name === 'nat')
    .map((table) => ({
      ...table,
      remarks: { before: [], inside: [], after: [] },
      chains: table.chains
        .map((chain) => ({ ...chain, packets: 0n, bytes: 0n }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    }));
  return printSave({ ...set, tables: tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)) });
}

const read = (line: string) => {
  const { draft } = openSession(host);
  return readTyped(`sudo iptables ${line}`, draft, () => ruleSetOf(draft.rules), defaultDialect);
};

const backends: Backend[] = ['legacy', 'nft'];
const changing = guideOptions.flatMap(({ option }) => (edits[option] ?? []).map((line) => [option, line]));

describe.each(backends)('each row of the guide’s command table (%s)', (backend) => {
  test.each(changing)('%s: %s', (_option, line) => {
    for (const tool of [typed, console]) expect(tool.restore(backend, start).code).toBe(0);
    const meant = line.replaceAll('–', '--');
    expect(typed.command(backend, meant.split(' ')).stderr).toBe('');
    const { commands, draft, repairs } = read(line);
    expect(commands).toMatchObject([{ meaning: { kind: 'edits' } }]);
    expect(repairs.length > 0).toBe(line.includes('–'));
    expect(console.restore(backend, printSave(ruleSetOf(draft.rules))).stderr).toBe('');
    expect(shape(parseSave(console.save(backend)))).toBe(shape(parseSave(typed.save(backend))));
  });
});

describe('rows that ask', () => {
  test.each([
    ['-C', '-C INPUT -p tcp --dport 80 -j ACCEPT', { kind: 'found', number: 3 }],
    ['-C', '–check INPUT -p tcp --dport 81 -j ACCEPT', { kind: 'found', number: null }],
    ['-L', '-nL --line-numbers --verbose', { kind: 'output', output: 'list' }],
    ['-L', '–list INPUT', { kind: 'answer' }],
    ['-S', '-S -v', { kind: 'output', output: 'rules' }],
    ['-S', '–list-rules INPUT', { kind: 'answer' }],
    ['-Z', '-Z', { kind: 'zero', chain: null }],
    ['-Z', '–zero INPUT 2', { kind: 'zero', chain: 'INPUT', number: 2 }],
  ])('%s: %s', (_option, line, meaning) => {
    expect(read(line).commands).toMatchObject([{ meaning }]);
    expect(read(line).draft.steps).toEqual([]);
  });

  test('together with those that change something they are the whole table', () => {
    const asked = ['-C', '-L', '-S', '-Z'];
    expect([...Object.keys(edits), ...asked].sort()).toEqual(guideOptions.map(({ option }) => option).sort());
  });

  test('-C says what the tool says', () => {
    expect(typed.restore('legacy', start).code).toBe(0);
    for (const port of ['80', '81']) {
      const words = `-C INPUT -p tcp --dport ${port} -j ACCEPT`;
      const [command] = read(words).commands;
      const found = command?.meaning.kind === 'found' && command.meaning.number !== null;
      expect(found).toBe(typed.command('legacy', words.split(' ')).code === 0);
    }
  });
});
