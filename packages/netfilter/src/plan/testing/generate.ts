import type { Family } from '../../model.ts';
import { type Backend, backendOf, type Dialect } from '../../print/dialect.ts';
import { differencesOf, measuredRules, needsObject } from '../../testing/rule-table.ts';
import { Random } from './random.ts';

/** A rule set as text: table, chain, and the chain's rules in save form. */
export interface TextChain {
  name: string;
  policy: 'ACCEPT' | 'DROP' | null;
  counters: string;
  rules: TextRule[];
}

export interface TextRule {
  text: string;
  counters: string;
}

export type TextSet = Map<string, TextChain[]>;

/** Chains that the generator takes for another program's. */
export const foreignChains = ['sshguard', 'f2b-sshd'];

export const ownedChain = (_table: string, chain: string): boolean => !foreignChains.includes(chain);

/** Refused or changed by 1.8.9 nft (reference/iptables.md section 1.2). */
const notOnNft = [
  /^! -s (0\.0\.0\.0|::)\/0/,
  /-j QUEUE$/,
  /(^| )-i \+/,
  /-m (\S+) .*-m \1 /,
  /--nflog-range/,
];

/**
 * For which hook a user chain is: it is only jumped to from there, so that the kernel takes in it what it takes at
 * that hook. The last one of each table is empty of jumps.
 */
const userChains: Record<string, Record<string, string>> = {
  filter: { web: 'INPUT', 'web-limits': 'INPUT', Out: 'OUTPUT', forward_1: 'FORWARD' },
  nat: { publish: 'PREROUTING', leave: 'POSTROUTING' },
  mangle: { marks: 'PREROUTING', sizes: 'FORWARD' },
  raw: { untracked: 'PREROUTING' },
  security: {},
};

const hooks: Record<string, readonly string[]> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

const inside: Readonly<Record<Family, string>> = { ipv4: '10.0.0.0/8', ipv6: 'fd00::/8' };
const server: Readonly<Record<Family, string>> = { ipv4: '192.0.2.1/32', ipv6: '2001:db8::1/128' };

/** Texts that twins and near twins are made of: quotes, blanks, negations, and rules that differ by one sign. */
const extra = (family: Family): string[] => [
  `-s ${inside[family]} -j ACCEPT`,
  `! -s ${inside[family]} -j ACCEPT`,
  `-s ${inside[family]} -d ${server[family]} -j ACCEPT`,
  '-m comment --comment "it\\\'s \\"the\\" one" -j ACCEPT',
  '-m comment --comment "-A INPUT -j ACCEPT" -j RETURN',
  '-m comment --comment "a  b\\\\" -j ACCEPT',
  '-m comment --comment "한국어" -j ACCEPT',
  '-m comment --comment COMMIT -j RETURN',
  '-p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m limit --limit 3/min --limit-burst 9 -j ACCEPT',
  '-p tcp -m tcp ! --dport 22 -m multiport --sports 1,2:3 -j ACCEPT',
  '-m helper --helper ftp -j ACCEPT',
  '-m helper ! --helper ftp -j ACCEPT',
  '-m helper --helper "a b" -j ACCEPT',
  '-p tcp',
  '',
];

const pools = new Map<string, Map<string, string[]>>();

/** Rules in save form by `TABLE CHAIN`, all of which this back end takes and saves as they are. */
function poolOf(backend: Backend, family: Family): Map<string, string[]> {
  const known = pools.get(`${backend} ${family}`);
  if (known) return known;
  const pool = new Map<string, string[]>();
  const add = (table: string, line: string) => {
    const [, chain = '', text = ''] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
    if (backend === 'nft' && notOnNft.some((refused) => refused.test(text))) return;
    // jumps are made below, to chains that are there
    if (/-[jg] (mychain|other)/.test(text)) return;
    const key = `${table} ${chain}`;
    pool.set(key, [...(pool.get(key) ?? []), text]);
  };
  for (const { table, rule, saved, outcome } of measuredRules(family)) {
    if (outcome !== 'ok' || differencesOf(family).has(rule) || needsObject(rule)) continue;
    for (const line of saved) add(table, line);
  }
  for (const [table, chains] of Object.entries(hooks)) {
    for (const chain of chains) for (const text of extra(family)) add(table, `-A ${chain} ${text}`);
  }
  pools.set(`${backend} ${family}`, pool);
  return pool;
}

/** What rules are made of. */
interface Pool {
  rules: ReadonlyMap<string, readonly string[]>;
  family: Family;
}

const stranger = (random: Random, family: Family): string =>
  family === 'ipv4'
    ? `198.51.100.${random.below(250)}/32`
    : `2001:db8::${(1 + random.below(250)).toString(16)}/128`;

const countersFrom = (random: Random): string =>
  random.chance(0.3) ? '[0:0]' : `[${1 + random.below(99_999)}:${random.below(2 ** 31)}]`;

/** A rule set and what an administrator may have made of it, both of which the tool takes. */
export function generatePair(
  seed: number,
  dialect: Dialect,
  family: Family = 'ipv4',
): { current: TextSet; wanted: TextSet } {
  const random = new Random(seed);
  const pool: Pool = { rules: poolOf(backendOf(dialect), family), family };
  const tables = Object.keys(hooks).filter((table) => table === 'filter' || random.chance(0.3));
  const current: TextSet = new Map(tables.map((table) => [table, generateTable(random, pool, table)]));
  const wanted: TextSet = new Map(
    tables.map((table) => [table, editTable(random, pool, table, current.get(table) ?? [])]),
  );
  return { current, wanted };
}

/** How long chains are; long ones show what short ones hide, but take time. */
const lengths = [0, 1, 2, 4, 8, 12, 30];

function generateTable(random: Random, pool: Pool, table: string): TextChain[] {
  const chains: TextChain[] = (hooks[table] ?? []).map((name) => ({
    name,
    // the tool refuses to drop in nat, for its own good
    policy: table !== 'nat' && random.chance(0.3) ? 'DROP' : 'ACCEPT',
    counters: countersFrom(random),
    rules: [],
  }));
  for (const name of [
    ...Object.keys(userChains[table] ?? {}),
    ...(table === 'filter' ? foreignChains : []),
  ]) {
    if (foreignChains.includes(name) || random.chance(0.6)) {
      chains.push({ name, policy: null, counters: '[0:0]', rules: [] });
    }
  }
  const names = chains.map(({ name }) => name);
  for (const chain of chains) {
    const length = random.pick(lengths);
    for (let i = 0; i < length; i++) chain.rules.push(generateRule(random, pool, table, chain, names));
  }
  return chains;
}

function generateRule(
  random: Random,
  pool: Pool,
  table: string,
  chain: TextChain,
  names: readonly string[],
): TextRule {
  const counters = countersFrom(random);
  if (foreignChains.includes(chain.name)) {
    return { text: `-s ${stranger(random, pool.family)} -j DROP`, counters };
  }
  if (chain.rules.length > 0 && random.chance(0.15)) return { ...random.pick(chain.rules), counters };
  const jumps = jumpsFrom(table, chain.name, names);
  if (jumps.length > 0 && random.chance(0.2)) {
    const before = random.pick(['', '-p tcp -m tcp --dport 22 ', `-s ${inside[pool.family]} `]);
    return { text: `${before}${random.pick(['-j', '-j', '-g'])} ${random.pick(jumps)}`, counters };
  }
  const hook = userChains[table]?.[chain.name] ?? chain.name;
  return { text: random.pick(pool.rules.get(`${table} ${hook}`) ?? extra(pool.family)), counters };
}

/** From a hook to its chains and the foreign ones; from a user chain to those of its hook that come later. */
function jumpsFrom(table: string, chain: string, names: readonly string[]): string[] {
  const own = Object.entries(userChains[table] ?? {}).filter(([name]) => names.includes(name));
  const hook = userChains[table]?.[chain] ?? chain;
  const place = own.findIndex(([name]) => name === chain);
  const later = own.filter(([, at], index) => at === hook && index > place).map(([name]) => name);
  return hook === 'INPUT' && table === 'filter' ? [...later, ...foreignChains] : later;
}

function editTable(random: Random, pool: Pool, table: string, chains: readonly TextChain[]): TextChain[] {
  const created = Object.keys(userChains[table] ?? {})
    .filter((name) => !chains.some((chain) => chain.name === name) && random.chance(0.4))
    .map((name): TextChain => ({ name, policy: null, counters: '[0:0]', rules: [] }));
  const stay = [...chains, ...created].filter(
    ({ name, policy }) => policy !== null || foreignChains.includes(name) || random.chance(0.8),
  );
  const names = stay.map(({ name }) => name);
  return stay.map((chain) => {
    if (foreignChains.includes(chain.name)) return chain;
    const flip = chain.policy !== null && table !== 'nat' && random.chance(0.2);
    const policy = flip ? (chain.policy === 'DROP' ? 'ACCEPT' : 'DROP') : chain.policy;
    const rules = editRules(random, chain, () => generateRule(random, pool, table, chain, names));
    // a jump to a chain that goes has to go with it
    const lost = ({ text }: TextRule) => {
      const target = /-[jg] (\S+)$/.exec(text)?.[1] ?? '';
      return target in (userChains[table] ?? {}) && !names.includes(target);
    };
    return { ...chain, policy, rules: rules.filter((rule) => !lost(rule)) };
  });
}

function editRules(random: Random, chain: TextChain, fresh: () => TextRule): TextRule[] {
  const added = (): TextRule => {
    const again = chain.rules.length > 0 && random.chance(0.2);
    const rule = again ? random.pick(chain.rules) : fresh();
    return { ...rule, counters: random.chance(0.8) ? '[0:0]' : rule.counters };
  };
  if (random.chance(0.25)) return chain.rules;
  if (random.chance(0.08)) return [];
  if (random.chance(0.08)) return Array.from({ length: random.below(9) }, added);
  const rules = [...chain.rules];
  if (random.chance(0.1)) rules.reverse();
  const edits = random.chance(0.5) ? 1 : 1 + random.below(8);
  for (let i = 0; i < edits; i++) {
    const at = random.below(rules.length + 1);
    const kind = random.below(4);
    if (kind === 0 || rules.length === 0) rules.splice(at, 0, added());
    else if (kind === 1) rules.splice(Math.min(at, rules.length - 1), 1);
    else if (kind === 2) rules.splice(Math.min(at, rules.length - 1), 1, added());
    else {
      const [moved] = rules.splice(Math.min(at, rules.length - 1), 1);
      if (moved) rules.splice(random.below(rules.length + 1), 0, moved);
    }
  }
  return rules;
}

/** The set as a restore file that, with `-c`, makes it from nothing. */
export function textOf(set: TextSet): string {
  return [...set]
    .map(([table, chains]) => {
      const headers = chains.map(({ name, policy, counters }) => `:${name} ${policy ?? '-'} ${counters}\n`);
      const rules = chains.flatMap(({ name, rules: all }) =>
        all.map(({ text, counters }) => `${counters} -A ${name} ${text}`.trimEnd().concat('\n')),
      );
      return `*${table}\n${headers.join('')}${rules.join('')}COMMIT\n`;
    })
    .join('');
}
