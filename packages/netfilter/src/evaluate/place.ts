import type { Backend } from '../print/dialect.ts';
import { type Packet, stateBits } from './packet.ts';

/** Which way a packet takes: to this machine, through it, or from it. */
export type PacketPath = 'input' | 'forward' | 'output';

type InterfaceSource = 'packet' | 'none' | 'unknown';

/** One built-in chain on a packet's way, with what the kernel knows of the packet there. */
export interface Place {
  readonly table: string;
  readonly chain: string;
  /** the interface that `-i` is compared with: the packet's, none (an empty name), or not to be said */
  readonly in: InterfaceSource;
  readonly out: InterfaceSource;
  /** in raw no connection is looked up yet */
  readonly beforeTracking: boolean;
}

function place(table: string, chain: string): Place {
  const incoming = chain === 'PREROUTING' || chain === 'INPUT';
  return {
    table,
    chain,
    // since Linux 5.5 a forwarded packet still has its incoming interface in POSTROUTING, before it had none
    in: chain === 'OUTPUT' ? 'none' : chain === 'POSTROUTING' ? 'unknown' : 'packet',
    out: incoming ? 'none' : 'packet',
    beforeTracking: table === 'raw',
  };
}

const before = [place('raw', 'PREROUTING'), place('mangle', 'PREROUTING'), place('nat', 'PREROUTING')];
const after = [place('mangle', 'POSTROUTING'), place('nat', 'POSTROUTING')];
const three = (chain: string): Place[] =>
  ['mangle', 'filter', 'security'].map((table) => place(table, chain));

/** Built-in chains in the kernel's order (the priorities of its hooks), with legacy rules. */
const legacyPlaces: Readonly<Record<PacketPath, readonly Place[]>> = {
  input: [...before, ...three('INPUT'), place('nat', 'INPUT')],
  forward: [...before, ...three('FORWARD'), ...after],
  output: [
    place('raw', 'OUTPUT'),
    place('mangle', 'OUTPUT'),
    place('nat', 'OUTPUT'),
    place('filter', 'OUTPUT'),
    place('security', 'OUTPUT'),
    // a packet of this machine has no incoming interface there
    ...after.map((each): Place => ({ ...each, in: 'none' })),
  ],
};

/** As `legacyPlaces`; nft asks nat before security where packets arrive. */
export function placesOf(path: PacketPath, backend: Backend): readonly Place[] {
  const places = legacyPlaces[path];
  if (backend === 'legacy' || path !== 'input') return places;
  return [...places.slice(0, -2), ...places.slice(-2).toReversed()];
}

/** The name that a rule's interface is compared with; undefined where it is not known. */
export function interfaceAt(packet: Packet, side: 'in' | 'out', at: Place): string | undefined {
  const source = at[side];
  if (source === 'none') return '';
  if (source === 'unknown') return undefined;
  return side === 'in' ? packet.inInterface : packet.outInterface;
}

/**
 * The connection state that `state` and `conntrack` see, as a bit of `stateBits`; 0 for unknown. In raw there is no
 * connection yet and the kernel says INVALID, but for packets that came round by loopback; a `CT` target leaves a
 * template there that counts as NEW.
 */
export function stateAt(packet: Packet, at: Place): number {
  if (packet.tracking === 'untracked') return stateBits.UNTRACKED;
  if (!at.beforeTracking) return packet.state;
  if (packet.tracking === 'template') return stateBits.NEW;
  const name = interfaceAt(packet, 'in', at);
  if (name === undefined) return 0;
  return name === 'lo' ? packet.state : stateBits.INVALID;
}

/** Whether the packet has a connection that can be asked: null where that is not known. */
export function hasConnection(packet: Packet, at: Place): boolean | null {
  const state = stateAt(packet, at);
  if (state === 0) return null;
  return (state & (stateBits.INVALID | stateBits.UNTRACKED)) === 0;
}
