import type { EvaluateOptions } from '../evaluate.ts';
import type { Verdict } from '../evaluation.ts';
import type { PacketFields } from '../packet.ts';
import type { PacketPath } from '../place.ts';

/** One packet with what the kernel did with it: seen with TRACE, legacy unless `options` says nft. */
export interface KnownCase {
  what: string;
  rules: string;
  packet: PacketFields;
  path: PacketPath;
  verdict: Verdict;
  way: string;
  options?: EvaluateOptions;
}

const packet: PacketFields = {
  source: '10.1.2.3',
  destination: '10.1.2.200',
  protocol: 6,
  sourcePort: 40000,
  destinationPort: 80,
  tcpFlags: ['SYN'],
  tcpOptions: new Uint8Array([]),
  ttl: 64,
  length: 60,
  tos: 0,
  mark: 0,
  inInterface: 'eth0',
  outInterface: 'wan0',
  state: 'NEW',
};

function filter(rules: readonly string[], chains: readonly string[] = []): string {
  const heads = [':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT DROP [0:0]'];
  const users = chains.map((name) => `:${name} - [0:0]`);
  return ['*filter', ...heads, ...users, ...rules.map((rule) => `-A ${rule}`), 'COMMIT\n'].join('\n');
}

const input = (
  what: string,
  rules: readonly string[],
  fields: PacketFields,
  verdict: Verdict,
  way: string,
): KnownCase => ({
  what,
  rules: filter(rules, ['A', 'B']),
  packet: { ...packet, ...fields },
  path: 'input',
  verdict,
  way,
});

/** First those of reference/iptables.md section 7.3, then every difference that the comparison has found. */
export const knownCases: readonly KnownCase[] = [
  input(
    'the end of a chain that was gone to leads behind the jump before',
    ['INPUT -j A', 'INPUT -j ACCEPT', 'A -g B', 'A -j DROP', 'B'],
    {},
    'accept',
    'filter:INPUT:1 filter:A:1 filter:B:1 filter:B:2 filter:INPUT:2',
  ),
  input(
    'the end of a chain that a built-in chain went to is the policy',
    ['INPUT -g A', 'INPUT -j ACCEPT', 'A'],
    {},
    'drop',
    'filter:INPUT:1 filter:A:1 filter:A:2 filter:INPUT:3',
  ),
  input(
    'RETURN in a built-in chain is the policy',
    ['INPUT -j RETURN', 'INPUT -j ACCEPT'],
    {},
    'drop',
    'filter:INPUT:1 filter:INPUT:3',
  ),
  input(
    'a TCP header cut short is dropped without a trace',
    ['INPUT', 'INPUT -p tcp -m tcp --dport 22 -j ACCEPT'],
    { transportBytes: 19 },
    'drop',
    'filter:INPUT:1',
  ),
  input(
    'a cut header meets the policy where nothing reads it',
    ['INPUT -p tcp'],
    { transportBytes: 19 },
    'drop',
    'filter:INPUT:1 filter:INPUT:2',
  ),
  input(
    'an ICMP header is eight bytes',
    ['INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT'],
    { protocol: 1, icmpType: 8, icmpCode: 0, transportBytes: 7 },
    'drop',
    '',
  ),
  input(
    '-f never holds where packets arrive',
    ['INPUT -f -j ACCEPT', 'INPUT'],
    { fragmentOffset: 3 },
    'drop',
    'filter:INPUT:2 filter:INPUT:3',
  ),
  input(
    '! --syn passes SYN with congestion bits by',
    ['INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT'],
    { tcpFlags: ['SYN', 'ECE', 'CWR'] },
    'drop',
    'filter:INPUT:2',
  ),
  input(
    '--tcp-option finds the MSS',
    ['INPUT -p tcp -m tcp --tcp-option 2 -j ACCEPT'],
    { tcpOptions: new Uint8Array([2, 4, 5, 180]) },
    'accept',
    'filter:INPUT:1',
  ),
  input('-i with + takes an empty rest', ['INPUT -i eth0+ -j ACCEPT'], {}, 'accept', 'filter:INPUT:1'),
  input(
    'a mask with holes compares bit by bit',
    ['INPUT -s 10.1.0.3/255.255.0.255 -j ACCEPT'],
    {},
    'accept',
    'filter:INPUT:1',
  ),
  input(
    '--ports is either port',
    ['INPUT -p tcp -m multiport --ports 40000 -j ACCEPT'],
    {},
    'accept',
    'filter:INPUT:1',
  ),
  input('! -s 0.0.0.0/0 takes nothing', ['INPUT ! -s 0.0.0.0/0 -j ACCEPT'], {}, 'drop', 'filter:INPUT:2'),
  {
    what: 'raw has no connection yet: INVALID',
    rules: `*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n`,
    packet,
    path: 'input',
    verdict: 'drop',
    way: 'raw:PREROUTING:1',
  },
  input(
    'without a connection the states alone decide',
    ['INPUT -m conntrack --ctstate INVALID --ctproto 17 -j ACCEPT'],
    { state: 'INVALID' },
    'accept',
    'filter:INPUT:1',
  ),
  {
    what: 'FORWARD sees a time to live that is one less',
    rules: filter(['FORWARD -m ttl --ttl-eq 63 -j ACCEPT']),
    packet,
    path: 'forward',
    verdict: 'accept',
    way: 'filter:FORWARD:1',
  },
  {
    what: 'without a hop left nothing is passed on',
    rules: filter(['FORWARD -j ACCEPT']),
    packet: { ...packet, ttl: 1 },
    path: 'forward',
    verdict: 'drop',
    way: '',
  },
  input(
    'an option that a lying header hides drops the packet before the states are asked',
    ['INPUT -p tcp -m tcp --tcp-option 4 -m conntrack --ctstate NEW -j LOG', 'INPUT -j ACCEPT'],
    { dataOffset: 16, state: 'INVALID' },
    'drop',
    '',
  ),
  {
    what: 'a translation to the same address is none',
    rules: `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j NETMAP --to 10.1.2.0/24\nCOMMIT\n${filter(['FORWARD -m conntrack --ctstate DNAT -j ACCEPT'])}`,
    packet,
    path: 'forward',
    verdict: 'drop',
    way: 'nat:PREROUTING:1 filter:FORWARD:2',
  },
  input(
    'a protocol without ports has zeros in its connection',
    ['INPUT -m conntrack --ctproto 253 --ctorigdstport 0 -j ACCEPT'],
    { protocol: 253 },
    'accept',
    'filter:INPUT:1',
  ),
  {
    ...input(
      'nft passes a cut header by',
      ['INPUT -p tcp -m tcp --tcp-flags SYN SYN -j ACCEPT', 'INPUT'],
      { transportBytes: 12 },
      'drop',
      'filter:INPUT:2 filter:INPUT:3',
    ),
    options: { backend: 'nft' },
  },
  {
    ...input(
      'nft leaves a match for TCP without tests to the old match',
      ['INPUT -p tcp -m tcp -j ACCEPT', 'INPUT'],
      { transportBytes: 12 },
      'drop',
      '',
    ),
    options: { backend: 'nft' },
  },
  {
    ...input(
      'nft has no test for no flags',
      ['INPUT -p tcp -m tcp ! --tcp-flags NONE NONE -j ACCEPT'],
      {},
      'accept',
      'filter:INPUT:1',
    ),
    options: { backend: 'nft' },
  },
  {
    ...input(
      'nft 1.8.9 takes two negated ports as not both',
      ['INPUT -p tcp -m tcp ! --sport 1 ! --dport 80 -j ACCEPT'],
      {},
      'unknown',
      '',
    ),
    options: { backend: 'nft' },
  },
  {
    what: 'nft asks nat before security',
    rules: `*security\n:INPUT ACCEPT [0:0]\nCOMMIT\n*nat\n:INPUT ACCEPT [0:0]\nCOMMIT\n`,
    packet,
    path: 'input',
    verdict: 'accept',
    way: 'nat:INPUT:1 security:INPUT:1',
    options: { backend: 'nft' },
  },
];
