import { type Family, isModelled, parseSave, printRule, type Rule, type RuleSet } from '@moru/netfilter';
import { ownerOf } from '../foreign/ownership.ts';

/** Matches that load on every kernel: what else a rule tests may be why the rules did not load. */
const plainMatches = ['tcp', 'udp', 'multiport', 'comment', 'conntrack', 'state'];

/**
 * Rule sets for a host whose saved rules do not load, the most wanted first: SSH, the agent and what the last good
 * generation let in go on, everything else is dropped (design/safe-change.md, At boot). Never an open host.
 */
export function minimalSets(
  family: Family,
  ports: { ssh: readonly number[]; agent: number },
  last: string | null,
): string[] {
  const opened = last === null ? [] : openedBy(last, family);
  const access = [...ports.ssh, ports.agent].map(
    (port) => `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`,
  );
  const answers = '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
  return [[...opened, answers], [answers], []].map((more) => textOf(family, [...access, ...more]));
}

function textOf(family: Family, rules: string[]): string {
  const jumps = rules.filter((line) => ownerOf(line.split(' ').at(-1) ?? '') !== null);
  const chains = jumps.map((line) => `:${line.split(' ').at(-1)} - [0:0]`);
  return [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...new Set(chains),
    // what another program blocks stays blocked
    ...jumps,
    '-A INPUT -i lo -j ACCEPT',
    `-A INPUT -p ${family === 'ipv4' ? 'icmp' : 'ipv6-icmp'} -j ACCEPT`,
    ...rules.filter((line) => !jumps.includes(line)),
    'COMMIT',
    '',
  ].join('\n');
}

/** Plain rules of INPUT that let something in, and the jumps to other programs' chains. */
function openedBy(text: string, family: Family): string[] {
  let set: RuleSet;
  try {
    set = parseSave(text, { family, unreadable: 'keep' });
  } catch {
    return [];
  }
  const filter = set.tables.find((table) => table.name === 'filter');
  const input = filter?.chains.find((chain) => chain.name === 'INPUT');
  return (input?.rules ?? [])
    .filter((rule) => isModelled(rule) && (lets(rule) || isForeignJump(rule)))
    .map((rule) => `-A INPUT ${printRule(rule)}`);
}

const lets = ({ target, protocol, matches }: Rule): boolean =>
  target?.name === 'ACCEPT' &&
  protocol !== null &&
  !protocol.negated &&
  [6, 17].includes(protocol.value) &&
  matches.every((match) => plainMatches.includes(match.name));

const isForeignJump = ({ target, matches }: Rule): boolean =>
  target?.kind === 'chain' &&
  !target.goto &&
  ownerOf(target.name) !== null &&
  matches.every((match) => plainMatches.includes(match.name));
