import { parseSave } from '../../read/parse-save.ts';
import type { Backend } from '../../testing/real-tool.ts';
import { compileRuleSet, type Evaluator, evaluate } from '../evaluate.ts';
import type { Doubt, Evaluation } from '../evaluation.ts';
import type { PacketFields } from '../packet.ts';
import { placesOf } from '../place.ts';
import type { Step } from '../steps.ts';
import type { TestKernel, WirePacket } from './kernel.ts';
import { type MadePacket, makePackets } from './make-packet.ts';
import { type MadeSet, makeSet } from './make-set.ts';
import { Random } from './random.ts';
import { readTrace } from './trace.ts';
import { ethernetFrame, ipv4Packet } from './wire.ts';

/** One case in which model and kernel do not agree. */
export interface Difference {
  seed: number;
  backend: Backend;
  what: string;
  rules: string;
  packet: MadePacket;
  model: string;
  kernel: string;
}

/** What a run has shown. */
export interface Tally {
  packets: number;
  /** in which the model named one verdict and the whole path */
  judged: number;
  unknown: number;
  differences: Difference[];
  /** rule sets that the tool refused */
  refused: string[];
}

export const newTally = (): Tally => ({ packets: 0, judged: 0, unknown: 0, differences: [], refused: [] });

/**
 * Of the packet that ends a set's: when it is seen, all before it has been. Another one for each set, as the last
 * messages of one may come when the next has begun.
 */
const lastIdOf = (seed: number): number => 60_000 + (seed % 5000);

export async function compareSet(
  kernel: TestKernel,
  backend: Backend,
  seed: number,
  packets: number,
  tally: Tally,
): Promise<void> {
  const random = new Random(seed);
  const made = makeSet(random);
  const refusal = await kernel.load(backend, made.text);
  if (refusal !== null) {
    tally.refused.push(`seed ${seed}: ${refusal}\n${made.text}`);
    return;
  }
  const sent = makePackets(random, made, packets);
  const last = lastIdOf(seed);
  const paths = await readTrace(kernel, backend, [...sent, lastPacket(last)].map(toWire), last);
  const evaluator = compileRuleSet(parseSave(made.text), {
    backend,
    addresses: { local: [], broadcast: [] },
  });
  for (const packet of sent) {
    const seen = (paths.get(packet.wire.id) ?? []).filter((step) => !traceRules.includes(step));
    const judgement = evaluate(evaluator, packet.told, packet.path);
    tally.packets++;
    if (judgement.verdict === 'unknown' || judgement.doubts.length > 0) tally.unknown++;
    else tally.judged++;
    const what = differs(evaluator, backend, made, packet, judgement, seen);
    if (what !== null) {
      const model = judgement.ways
        .map((way) => `${way.verdict}: ${way.path.map(nameOf).join(' ')}`)
        .join(' | ');
      tally.differences.push({
        seed,
        backend,
        what,
        rules: made.text,
        packet,
        model,
        kernel: seen.join(' '),
      });
    }
  }
}

function lastPacket(id: number): MadePacket {
  const sent = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 254 };
  return { path: 'input', line: 0, sent, told: sent, wire: { id, payload: 4 } };
}

function toWire({ line, path, sent, wire }: MadePacket): WirePacket {
  const packet = ipv4Packet(sent, wire);
  const user = sent.owner?.user ?? 0;
  if (path === 'output') return { line, user, mark: sent.mark ?? 0, bytes: packet };
  const to =
    sent.packetType === 'broadcast'
      ? 'ff:ff:ff:ff:ff:ff'
      : sent.packetType === 'multicast'
        ? '01:00:5e:00:00:01'
        : `02:00:00:00:00:0${line}`;
  return { line, user: 0, mark: 0, bytes: ethernetFrame(packet, to, sent.mac ?? '02:aa:00:00:00:01') };
}

const nameOf = ({ table, chain, number }: Step): string => `${table}:${chain}:${number}`;

/** The rules that begin the trace; legacy leaves them out of it. */
const traceRules: readonly string[] = ['raw:PREROUTING:1', 'raw:OUTPUT:1'];

const withoutTrace = (path: readonly Step[]): string[] =>
  path.map(nameOf).filter((step) => !traceRules.includes(step));

/**
 * Kernels differ in whether a packet that is passed on still has its incoming interface in POSTROUTING. Some matches
 * read a later fragment as if it began with a header, nft's own tests of ports among them, and nft's tool installs two
 * negated ports wrongly in some versions.
 */
function isKnownDoubt({ conditions }: Doubt, backend: Backend, { fragmentOffset }: PacketFields): boolean {
  const known = ['inInterface'];
  if (backend === 'nft') known.push('tcp', 'udp');
  if (fragmentOffset !== undefined) known.push('ecn', 'tcpmss');
  return conditions.every((name) => known.includes(name));
}

/** What is wrong, or null. */
function differs(
  evaluator: Evaluator,
  backend: Backend,
  made: MadeSet,
  packet: MadePacket,
  judgement: Evaluation,
  seen: readonly string[],
): string | null {
  const { ways, verdict, doubts, complete } = judgement;
  const only = ways[0];
  if (doubts.length === 0 && ways.length === 1 && only) {
    const path = withoutTrace(only.path);
    // nft tells the rule at which it drops a malformed packet, legacy does not
    const told = backend === 'nft' && only.mishap === 'malformed' ? seen.slice(0, -1) : seen;
    return path.join(' ') === told.join(' ') ? null : 'path';
  }
  if (!complete) return 'incomplete';
  if (
    packet.told === packet.sent &&
    !made.unjudged &&
    !doubts.every((doubt) => isKnownDoubt(doubt, backend, packet.sent))
  ) {
    return `unknown for no reason: ${JSON.stringify(doubts.map(({ conditions }) => conditions))}`;
  }
  const certain = withoutTrace(judgement.path);
  if (certain.some((step, i) => step !== seen[i])) return 'certain path';
  const fate = fateOf(evaluator, packet, seen);
  // nft tells the rule at which it drops a malformed packet: its target did nothing
  const malformed = backend === 'nft' && ways.some(({ mishap }) => mishap === 'malformed');
  if (malformed) return null;
  if (verdict !== 'unknown' && verdict !== fate) return `verdict ${verdict}, kernel ${fate}`;
  return judgement.possible.includes(fate) ? null : `none of ${judgement.possible.join(', ')}, but ${fate}`;
}

/** Targets with which a packet leaves a built-in chain for the next. */
const endings: readonly string[] = ['ACCEPT', 'DNAT', 'SNAT', 'NETMAP'];

/** What the kernel did, by the last rule that it told of. */
function fateOf(
  evaluator: Evaluator,
  packet: MadePacket,
  seen: readonly string[],
): 'accept' | 'drop' | 'reject' {
  const last = seen.at(-1)?.split(':') ?? [];
  const [table = '', chain = '', number = '0'] = last;
  const placed = evaluator.program.chains.find((each) => each.table === table && each.chain.name === chain);
  const rule = placed?.chain.rules[Number(number) - 1];
  if (rule?.target?.name === 'REJECT') return 'reject';
  if (rule?.target?.name === 'DROP') return 'drop';
  const accepts = endings.includes(rule?.target?.name ?? '');
  const passes = accepts || (rule === undefined && placed?.chain.policy === 'ACCEPT');
  return passes && isLast(evaluator, packet, seen) ? 'accept' : 'drop';
}

/** Whether the packet came to the last built-in chain of its way; nat is passed by where it has nothing to do. */
function isLast({ program }: Evaluator, packet: MadePacket, seen: readonly string[]): boolean {
  const places = placesOf(packet.path, 'legacy').filter((place) => program.find(place.table, place.chain));
  const last = places.findLast(({ table }) => table !== 'nat');
  const name = (step: string): string => step.slice(0, step.lastIndexOf(':'));
  return last !== undefined && seen.some((step) => name(step) === `${last.table}:${last.chain}`);
}
