import { foreignChains, type TextRule, type TextSet } from './generate.ts';

interface HeldChain {
  policy: string;
  counters: string;
  rules: TextRule[];
}

/** Rules of a host in memory: by table, by chain. Enough of `iptables-restore -n -c` for payloads of a plan. */
export type Held = Map<string, Map<string, HeldChain>>;

export function hold(set: TextSet): Held {
  return new Map(
    [...set].map(([table, chains]) => [
      table,
      new Map(
        chains.map(({ name, policy, counters, rules }) => [
          name,
          { policy: policy ?? '-', counters, rules: [...rules] },
        ]),
      ),
    ]),
  );
}

/** Policies, chains and rules of ours, with counters; user chains by name. */
export function textOfHeld(held: Held, options: { counters: boolean }): string {
  const show = (counters: string) => (options.counters ? `${counters} ` : '');
  return [...held]
    .flatMap(([table, chains]) =>
      [...chains]
        .filter(([name]) => !foreignChains.includes(name))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, { policy, counters, rules }]) => [
          `${show(counters)}${table}:${name} ${policy}`,
          ...rules.map((rule) => `${show(rule.counters)}${table} ${name} ${rule.text}`),
        ]),
    )
    .join('\n');
}

/** Takes the payload for what the tool would; throws where it would refuse. Legacy zeroes policy counters. */
export function restore(held: Held, payload: string, backend: 'legacy' | 'nft'): void {
  let chains = new Map<string, HeldChain>();
  let said = new Set<string>();
  for (const line of payload.split('\n')) {
    if (line.startsWith('*')) {
      chains = held.get(line.slice(1)) ?? new Map();
      said = new Set();
    } else if (line === 'COMMIT') {
      for (const [name, chain] of chains)
        if (backend === 'legacy' && !said.has(name)) chain.counters = '[0:0]';
    } else if (line.startsWith(':')) {
      header(chains, line, said);
    } else if (line !== '') {
      command(chains, line);
    }
  }
}

function header(chains: Map<string, HeldChain>, line: string, said: Set<string>): void {
  const [name = '', policy = '', counters = ''] = line.slice(1).split(' ');
  said.add(name);
  const chain = chains.get(name);
  if (!chain) chains.set(name, { policy, counters, rules: [] });
  else if (policy === '-') chain.rules = [];
  else Object.assign(chain, { policy, counters });
}

function command(chains: Map<string, HeldChain>, line: string): void {
  const [, counters = '[0:0]', verb = '', name = '', rest = ''] =
    /^(?:(\[\d+:\d+\]) )?(-[A-Z]) (\S+) ?(.*)$/.exec(line) ?? [];
  const refuse = (why: string) => new Error(`${why}: ${line}`);
  const chain = chains.get(name);
  if (verb === '-N') {
    if (chain) throw refuse('chain exists');
    chains.set(name, { policy: '-', counters: '[0:0]', rules: [] });
    return;
  }
  if (!chain) throw refuse('no chain');
  const [, digits, text = ''] = /^(?:(\d+)(?: |$))?(.*)$/.exec(rest) ?? [];
  const at = Number(digits ?? 1) - 1;
  const { rules } = chain;
  if (verb === '-F') chain.rules = [];
  else if (verb === '-X') {
    if (rules.length > 0 || isJumpedTo(chains, name)) throw refuse('chain in use');
    chains.delete(name);
  } else if (verb === '-A') rules.push({ text: rest, counters });
  else if (verb === '-I' && at <= rules.length) rules.splice(at, 0, { text, counters });
  else if (verb === '-R' && at < rules.length) rules[at] = { text, counters };
  else if (verb === '-D') {
    const found = digits === undefined ? rules.findIndex((rule) => isEqual(rule.text, rest)) : at;
    if (found < 0 || found >= rules.length) throw refuse('no rule');
    rules.splice(found, 1);
  } else throw refuse('no place');
}

const isJumpedTo = (chains: Map<string, HeldChain>, name: string): boolean =>
  [...chains.values()].some(({ rules }) => rules.some(({ text }) => new RegExp(`-[jg] ${name}$`).test(text)));

/** nft does not look at the values of these two matches, nor at the masks of IPv6. */
const isEqual = (a: string, b: string): boolean => compared(a) === compared(b);
const compared = (text: string): string =>
  text
    .replace(/(! )?--(helper|label) ("[^"]*"|\S+)( --set)?/, '')
    .replaceAll(/(-[sd] [0-9a-f:]*:[0-9a-f:]*)\/\S+/g, '$1')
    .replaceAll(/(?<!! )-[sd] :: /g, '');
