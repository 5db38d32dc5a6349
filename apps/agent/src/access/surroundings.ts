import { type Family, familySchema } from '@moru/types';
import { sshdPorts } from '../boot/sshd-ports.ts';
import type { Tools } from '../firewall/tools.ts';
import { findPeers } from '../routing/peers.ts';
import { type RoutingFacts, readRouting } from '../routing/read.ts';
import { readOtherRules } from './filters.ts';

/**
 * What a judgement needs of the host beside the rules that change. Each is read when it is first asked for, and once;
 * whoever will need it asks before the rules are read, so that it comes meanwhile.
 */
export function lookAround(tools: Tools, agentPort: number) {
  const other = {
    ipv4: once(async () => readOtherRules(await tools.of('ipv4'))),
    ipv6: once(async () => readOtherRules(await tools.of('ipv6'))),
  };
  const routing = new Map<string, () => Promise<RoutingFacts>>();
  return {
    /** with the routes of these families alone: those of another one are another program to start */
    routing: (families: readonly Family[] = familySchema.options) => {
      const key = families.join();
      const read = routing.get(key) ?? once(() => readRouting(families));
      routing.set(key, read);
      return read();
    },
    sshPorts: once(() => sshdPorts()),
    peers: once(() => findPeers(agentPort)),
    otherRules: (family: Family) => other[family](),
  };
}

export type Surroundings = ReturnType<typeof lookAround>;

function once<Found>(read: () => Promise<Found>): () => Promise<Found> {
  let found: Promise<Found> | null = null;
  return () => {
    if (!found) {
      found = read();
      // whoever asked early may give up for another reason before it looks at this
      found.catch(() => {});
    }
    return found;
  };
}
