import type { PacketFields } from '@moru/netfilter';
import type { AccessPath, Family, Judgement } from '@moru/types';
import { because, type Judge, nothing, pathOf, worst } from './judge.ts';
import {
  deviceOf,
  dropsReversePath,
  holderOf,
  type RouteSides,
  routeTrouble,
  type Way,
  wayOf,
} from './ways.ts';

const sides = ['now', 'draft'] as const;
type Side = (typeof sides)[number];
const TCP = 6;
const UDP = 17;
const root = { user: 0, group: 0 };

export interface Visitor {
  path: 'consoleAgent' | 'consoleSsh' | 'administratorSsh';
  peer: string;
  local: string | null;
  port: number;
}

/** Whether the host is managed by this way: losing it takes an acknowledgement. */
export const isControl = ({ path }: Pick<Visitor, 'path'>) => path !== 'consoleSsh';

export const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');

const both = (of: (side: Side) => Judgement) => {
  const [now, draft] = sides.map(of);
  return { now: now ?? nothing, draft: draft ?? nothing };
};

/** The packets of somebody who opens TCP connections to a port of this host: the first, the others, and the answers. */
function visitorPackets(visitor: Visitor, judge: Judge, routes: RouteSides) {
  const { peer, local, port } = visitor;
  const device = holderOf(routes.facts, local);
  const way = wayOf(routes, peer);
  const incoming: PacketFields = {
    ...{ source: peer, protocol: TCP, destinationPort: port, mark: 0, packetType: 'unicast' },
    ...(local !== null && { destination: local }),
    ...(device !== null && { inInterface: device }),
  };
  const arrives = (packet: PacketFields, side: Side): Judgement =>
    dropsReversePath(routes, device, way[side])
      ? because('lost', 'reversePath')
      : judge.judge(packet, 'input', side);
  const opening: PacketFields = { ...incoming, tcpFlags: ['SYN'], state: 'NEW', connectionMark: 0 };
  const going: PacketFields = { ...incoming, tcpFlags: ['ACK'], state: 'ESTABLISHED' };
  return [
    { packet: 'new', direction: 'in', of: (side: Side) => arrives(opening, side) },
    { packet: 'established', direction: 'in', of: (side: Side) => arrives(going, side) },
    { packet: 'reply', direction: 'out', of: (side: Side) => answer(visitor, judge, way, side) },
  ] as const;
}

/** What becomes of a visitor's way. */
export function visitorPath(visitor: Visitor, judge: Judge, routes: RouteSides): AccessPath {
  const { path, peer, local, port } = visitor;
  return pathOf(
    { path, family: familyOf(peer), peer, local, protocol: 'tcp', port, control: isControl(visitor) },
    visitorPackets(visitor, judge, routes).map(({ packet, direction, of }) => ({
      packet,
      direction,
      ...both(of),
    })),
  );
}

/** Whether the way is open once the change is made, which takes a look at the wanted side alone. */
export const staysOpen = (visitor: Visitor, judge: Judge, routes: RouteSides): boolean =>
  visitorPackets(visitor, judge, routes).every(({ of }) => of('draft').state === 'kept');

function answer({ peer, local, port }: Visitor, judge: Judge, way: Way, side: Side): Judgement {
  const trouble = routeTrouble(way, side, true);
  if (trouble?.[0]) return because('lost', trouble[1]);
  const device = deviceOf(way[side]);
  const packet: PacketFields = {
    ...{ destination: peer, protocol: TCP, sourcePort: port, tcpFlags: ['SYN', 'ACK'], mark: 0 },
    ...{ state: 'ESTABLISHED', owner: root },
    ...(local !== null && { source: local }),
    ...(device !== null && { outInterface: device }),
  };
  const judged = judge.judge(packet, 'output', side);
  return trouble ? worst([judged, because('unknown', trouble[1])]) : judged;
}

/** A question that this host asks over UDP, and its answer. `peer` null: a server that is known by name only. */
export function askingPath(
  path: 'dns' | 'time',
  { peer, family, port }: { peer: string | null; family: Family; port: number },
  judge: Judge,
  routes: RouteSides,
): AccessPath {
  const anywhere = family === 'ipv4' ? '198.51.100.1' : '2001:db8::1';
  const way = wayOf(routes, peer ?? anywhere);
  const fields = (side: Side, out: boolean): PacketFields => {
    const device = deviceOf(way[side]);
    return {
      ...{ protocol: UDP, mark: 0, [out ? 'destinationPort' : 'sourcePort']: port },
      ...(peer !== null && { [out ? 'destination' : 'source']: peer }),
      ...(device !== null && { [out ? 'outInterface' : 'inInterface']: device }),
      state: out ? 'NEW' : 'ESTABLISHED',
    };
  };
  const judged = (side: Side, out: boolean): Judgement => {
    const trouble = routeTrouble(way, side, false);
    if (trouble?.[0]) return because('lost', trouble[1]);
    const found = judge.judge(fields(side, out), out ? 'output' : 'input', side);
    return trouble ? worst([found, because('unknown', trouble[1])]) : found;
  };
  return pathOf({ path, family, peer, local: null, protocol: 'udp', port, control: false }, [
    { packet: 'new', direction: 'out', ...both((side) => judged(side, true)) },
    { packet: 'reply', direction: 'in', ...both((side) => judged(side, false)) },
  ]);
}

/** Whether strangers who knock at SSH meet SSHGUARD's chain before anything lets them in. */
export function sshguardPath(family: Family, port: number, judge: Judge, device: string | null): AccessPath {
  const packet: PacketFields = {
    ...{ protocol: TCP, destinationPort: port, tcpFlags: ['SYN'], state: 'NEW', mark: 0 },
    ...(device !== null && { inInterface: device }),
  };
  return pathOf(
    { path: 'sshguard', family, peer: null, local: null, protocol: 'tcp', port, control: false },
    [{ packet: 'new', direction: 'in', ...both((side) => judge.strangers(packet, side)) }],
  );
}
