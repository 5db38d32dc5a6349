import type { Packet } from './packet.ts';

/** What a target did to a packet or to its connection. Null: changed, but to what cannot be said. */
export type Effect =
  | { kind: 'source' | 'destination'; address: string | null; port: number | null }
  | { kind: 'mark' | 'connectionMark' | 'tos' | 'ttl'; value: number | null }
  | { kind: 'untracked' | 'tcpOptions' };

/** The packet changed by `change`, with the effect noted. */
export function changed(packet: Packet, effect: Effect | null, change: (copy: Packet) => void): Packet {
  const copy = packet.copy();
  change(copy);
  if (effect) copy.effects = { effect, before: packet.effects };
  return copy;
}

/** In the order in which they happened. */
export function effectsOf(packet: Packet): Effect[] {
  const effects: Effect[] = [];
  for (let each = packet.effects; each; each = each.before) effects.unshift(each.effect);
  return effects;
}
