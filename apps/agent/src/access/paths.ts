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
const TCP = 6;
const UDP = 17;
const root = { user: 0, group: 0 };

export interface Visitor {
  path: 'consoleAgent' | 'consoleSsh' | 'administratorSsh';
  peer: string;
  local: string | null;
  port: number;
}

export const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');

const both = (of: (side: 'now' | 'draft') => Judgement) => {
  const [now, draft] = sides.map(of);
  return { now: now ?? nothing, draft: draft ?? nothing };
};

/** Somebody who opens TCP connections to a port of this host: the first packet, the others, and the answers. */
export function visitorPath(visitor: Visitor, judge: Judge, routes: RouteSides): AccessPath {
  const { path, peer, local, port } = visitor;
  const device = holderOf(routes.facts, local);
  const way = wayOf(routes, peer);
  const incoming: PacketFields = {
    ...{ source: peer, protocol: TCP, destinationPort: port, mark: 0, packetType: 'unicast' },
    ...(local !== null && { destination: local }),
    ...(device !== null && { inInterface: device }),
  };
  const arrives = (packet: PacketFields, side: 'now' | 'draft'): Judgement =>
    dropsReversePath(routes, device, way[side])
      ? because('lost', 'reversePath')
      : judge.judge(packet, 'input', side);
  const opening: PacketFields = { ...incoming, tcpFlags: ['SYN'], state: 'NEW', connectionMark: 0 };
  const going: PacketFields = { ...incoming, tcpFlags: ['ACK'], state: 'ESTABLISHED' };
  return pathOf(
    {
      ...{ path, family: familyOf(peer), peer, local, protocol: 'tcp', port },
      control: path !== 'consoleSsh',
    },
    [
      { packet: 'new', direction: 'in', ...both((side) => arrives(opening, side)) },
      { packet: 'established', direction: 'in', ...both((side) => arrives(going, side)) },
      { packet: 'reply', direction: 'out', ...both((side) => answer(visitor, judge, way, side)) },
    ],
  );
}

function answer({ peer, local, port }: Visitor, judge: Judge, way: Way, side: 'now' | 'draft'): Judgement {
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
  const fields = (side: 'now' | 'draft', out: boolean): PacketFields => {
    const device = deviceOf(way[side]);
    return {
      ...{ protocol: UDP, mark: 0, [out ? 'destinationPort' : 'sourcePort']: port },
      ...(peer !== null && { [out ? 'destination' : 'source']: peer }),
      ...(device !== null && { [out ? 'outInterface' : 'inInterface']: device }),
      state: out ? 'NEW' : 'ESTABLISHED',
    };
  };
  const judged = (side: 'now' | 'draft', out: boolean): Judgement => {
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
