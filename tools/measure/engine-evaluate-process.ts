// One measurement of engine-evaluate.ts in a process of its own: `short RUNS` or `long RUNS`, packets per second.
import { compileRuleSet, type Evaluator, evaluate, type Packet, packetOf, parseSave } from '@moru/netfilter';
import { median } from './figures.ts';

const packetCount = 256;
const batchSize = 1_024;
const longCount = 5_000;
const warmUpTime = 1_000;
/** long enough for the clock, short enough that the machine has no time for much else in between */
const sliceTime = 20;

const [task = '', runs = '1'] = process.argv.slice(2);
const sets = task === 'short' ? [shortSet()] : longSets();
console.log(Math.min(...sets.map((rules) => packetsPerSecond(rules, Number(runs)))));

function packetsPerSecond(rules: readonly string[], count: number): number {
  const heads = ':INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n';
  const text = `*filter\n${heads}${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`;
  const evaluator = compileRuleSet(parseSave(text));
  const packets = Array.from({ length: packetCount }, (_, i) => packet(i));
  slice(evaluator, packets, warmUpTime);
  return median(Array.from({ length: count }, () => slice(evaluator, packets, sliceTime)));
}

/** Packets per second over so many milliseconds. */
function slice(evaluator: Evaluator, packets: readonly Packet[], time: number): number {
  const began = performance.now();
  let batches = 0;
  let passed = 0;
  do {
    batch(evaluator, packets);
    batches++;
    passed = performance.now() - began;
  } while (passed < time);
  return (batches * batchSize * 1000) / passed;
}

/** A function called often, as the program's callers are: one long loop would be compiled while it runs, and worse. */
function batch(evaluator: Evaluator, packets: readonly Packet[]): void {
  let steps = 0;
  for (let i = 0; i < batchSize; i++) {
    const given = packets[i % packetCount];
    if (!given) break;
    const { path, verdict } = evaluate(evaluator, given, 'input');
    if (verdict === 'unknown') throw new Error('not judged');
    steps += path[path.length - 1]?.number ?? 0;
  }
  if (steps === 0) throw new Error('no paths');
}

function packet(i: number): Packet {
  return packetOf({
    source: `198.51.${i & 255}.${(i * 7) & 255}`,
    destination: '203.0.113.9',
    protocol: i % 3 === 0 ? 17 : 6,
    sourcePort: 32_768 + i * 5,
    // ports that the long sets do not name, so that their last rule decides
    destinationPort: 60_000 + (i % 20),
    tcpFlags: ['SYN'],
    inInterface: i % 2 === 0 ? 'eth0' : 'eth1',
    state: 'NEW',
    length: 60,
    ttl: 64,
    tos: 0,
    mac: '02:00:00:00:00:01',
  });
}

/** A host's own rules: loopback, known connections, some services, some of them for some networks only. */
function shortSet(): string[] {
  return [
    '-i lo -j ACCEPT',
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-m conntrack --ctstate INVALID -j DROP',
    '-p icmp -m icmp --icmp-type 8 -j ACCEPT',
    '-s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT',
    '-p udp -m udp --dport 60000:60009 -j ACCEPT',
    ...Array.from(
      { length: 13 },
      (_, i) => `-s 198.51.${i * 16}.0/20 -p tcp -m tcp --dport ${60_000 + i} -j ACCEPT`,
    ),
    '-p tcp -j REJECT --reject-with tcp-reset',
  ];
}

/** Sets of which the last rule decides: hosts with ports as a banning tool leaves them, and many kinds by turns. */
function longSets(): string[][] {
  const host = (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
  const kinds: readonly ((i: number) => string)[] = [
    (i) => `-s ${host(i)}/32 -p tcp -m tcp --dport ${i + 1} -j DROP`,
    (i) => `-p tcp -m tcp --dport ${i + 1}:${i + 20} -j ACCEPT`,
    (i) => `! -s 198.51.0.0/16 -p tcp -m tcp --dport ${i + 1}:${i + 30} -j DROP`,
    (i) => `-p tcp -m multiport --dports 22,80,443,${i + 1} -j ACCEPT`,
    (i) => `-m iprange --src-range ${host(i)}-${host(i + 20)} -j DROP`,
    (i) => `-i wan${i % 8} -p udp -m udp --dport ${i + 1} -j ACCEPT`,
    (i) => `-d ${host(i)}/32 -m conntrack --ctstate NEW,RELATED -j ACCEPT`,
    (i) => `-p icmp -m icmp --icmp-type ${i % 19} -j ACCEPT`,
    (i) => `-s ${host(i & ~255)}/24 -m length --length ${i % 1000}:65535 -j DROP`,
    (i) => `-m mac --mac-source 02:00:00:00:${hex(i >> 8)}:${hex(i | 2)} -p tcp -j DROP`,
  ];
  const last = '-j ACCEPT';
  const uniform = Array.from({ length: longCount - 1 }, (_, i) => kinds[0]?.(i) ?? '');
  const mixed = Array.from({ length: longCount - 1 }, (_, i) => kinds[i % kinds.length]?.(i) ?? '');
  return [
    [...uniform, last],
    [...mixed, last],
  ];
}

function hex(value: number): string {
  return (value & 255).toString(16).padStart(2, '0');
}
