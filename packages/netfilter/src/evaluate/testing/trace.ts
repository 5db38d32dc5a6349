import type { Backend } from '../../testing/real-tool.ts';
import { attributesOf, type NetlinkMessage, type TestKernel, type WirePacket } from './kernel.ts';

const prefixAttribute = 10;
const payloadAttribute = 9;

/** One rule of the trace, or the end of a chain, as `table:chain:number`. */
interface TracedStep {
  /** IP id of the packet */
  id: number;
  name: string;
}

/**
 * Sends packets and gathers the way of each through the rules as the kernel tells it, by IP id: every rule that
 * matched, and the ends of chains.
 */
export async function readTrace(
  kernel: TestKernel,
  backend: Backend,
  packets: readonly WirePacket[],
  lastId: number,
): Promise<Map<number, string[]>> {
  const read = backend === 'legacy' ? readLegacy : nftReader(await kernel.nftRules());
  const paths = new Map<number, string[]>();
  await kernel.traced(packets, (message) => {
    const step = read(message);
    if (!step) return false;
    const path = paths.get(step.id);
    if (path) path.push(step.name);
    else paths.set(step.id, [step.name]);
    return step.id === lastId;
  });
  return paths;
}

/** `TRACE: table:chain:rule:3`, written into the log group. */
function readLegacy({ body }: NetlinkMessage): TracedStep | null {
  const attributes = attributesOf(body);
  const id = attributes.get(payloadAttribute)?.readUInt16BE(4);
  const prefix = attributes.get(prefixAttribute)?.toString('latin1') ?? '';
  const step = /^TRACE: (\w+):([^:]+):\w+:(\d+)/.exec(prefix);
  return id === undefined || !step ? null : { id, name: `${step[1]}:${step[2]}:${step[3]}` };
}

/** `NFTA_TRACE_…` and `NFTA_RULE_…` */
const trace = { table: 1, chain: 2, handle: 3, type: 4, packet: 6, networkHeader: 8 };
const rule = { table: 1, chain: 2, handle: 3 };
const policyType = 1;
const baseChains: readonly string[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/** nft names rules by handle and packets by a number of its own, with their header in the first message only. */
function nftReader(rules: readonly NetlinkMessage[]): (message: NetlinkMessage) => TracedStep | null {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { body } of rules) {
    const attributes = attributesOf(body);
    const handle = attributes.get(rule.handle);
    if (!handle) continue;
    const chain = `${nameIn(attributes, rule.table)}:${nameIn(attributes, rule.chain)}`;
    const count = (counts.get(chain) ?? 0) + 1;
    counts.set(chain, count);
    numbers.set(`${chain}:${handle.readBigUInt64BE()}`, count);
  }
  const ids = new Map<number, number>();
  return ({ body }) => {
    const attributes = attributesOf(body);
    const packet = attributes.get(trace.packet)?.readUInt32BE(0) ?? 0;
    const header = attributes.get(trace.networkHeader);
    if (header) ids.set(packet, header.readUInt16BE(4));
    const id = ids.get(packet);
    const chain = nameIn(attributes, trace.chain);
    const place = `${nameIn(attributes, trace.table)}:${chain}`;
    const handle = attributes.get(trace.handle);
    const type = attributes.get(trace.type)?.readUInt32BE(0);
    if (id === undefined) return null;
    if (handle) return { id, name: `${place}:${numbers.get(`${place}:${handle.readBigUInt64BE()}`)}` };
    // the end of a built-in chain is told twice
    if (type !== policyType && baseChains.includes(chain)) return null;
    return { id, name: `${place}:${(counts.get(place) ?? 0) + 1}` };
  };
}

function nameIn(attributes: ReadonlyMap<number, Buffer>, number: number): string {
  return attributes.get(number)?.toString('latin1').replace(/\0.*$/s, '') ?? '';
}
