import { access as fileAccess } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type RuleSet, reachChanges } from '@moru/netfilter';
import type {
  AccessPath,
  AccessReport,
  AccessRequest,
  Family,
  KeepAccessStep,
  NetworkRoute,
  ReachChange,
} from '@moru/types';
import { sshdPorts } from '../boot/sshd-ports.ts';
import type { Iptables } from '../firewall/tools.ts';
import { parseAddress, printAddress } from '../routing/address.ts';
import { findPeers } from '../routing/peers.ts';
import type { RoutingFacts } from '../routing/read.ts';
import { type FamilyFilters, familyFilters } from './filters.ts';
import { createJudge, type Judge } from './judge.ts';
import { keepConsole } from './keep-console.ts';
import { askingPath, familyOf, sshguardPath, type Visitor, visitorPath } from './paths.ts';
import { holderOf, localFor, type RouteSides } from './ways.ts';

/** Both ends of the connection that the request came by. */
export interface Ends {
  remote: string;
  local: string;
}

/** The rules of a family as they run, and as they are wanted. */
export interface FamilySides {
  iptables: Iptables;
  now: RuleSet;
  draft: RuleSet;
}

export interface AccessInput {
  families: readonly FamilySides[];
  facts: RoutingFacts;
  /** all routes as they are wanted; those of now where they stay */
  routes: readonly NetworkRoute[];
  request: AccessRequest;
  ends: Ends | null;
  agentPort: number;
}

const timeClients = ['/lib/systemd/systemd-timesyncd', '/usr/sbin/chronyd', '/usr/sbin/ntpd'];
const ntpPort = 123;
const dnsPort = 53;

/** IPv4 in IPv6 clothes is IPv4. */
function plainAddress(text: string): string | null {
  const address = parseAddress(text.replace(/%.*$/, ''));
  if (!address) return null;
  const mapped = address.family === 'ipv6' && address.bits >> 32n === 0xffffn;
  return printAddress(mapped ? { family: 'ipv4', bits: address.bits & 0xffffffffn } : address);
}

/**
 * What becomes of the ways that must survive a change (design/safe-change.md, step 2), what it opens and closes, and
 * what keeps the console's way where it would be lost. Nothing is changed.
 */
export async function reportAccess(input: AccessInput): Promise<AccessReport> {
  const { families, facts, request, ends, agentPort } = input;
  const routes: RouteSides = { facts, wanted: input.routes };
  const [sshPorts, peers, hasClock] = await Promise.all([
    sshdPorts(),
    findPeers(agentPort),
    Promise.any(timeClients.map((path) => fileAccess(path))).then(
      () => true,
      () => false,
    ),
  ]);
  const filters = new Map<Family, FamilyFilters>();
  const judges = new Map<Family, Judge>();
  for (const { iptables, now, draft } of families) {
    const found = await familyFilters(iptables, { now, draft }, facts.interfaces);
    filters.set(iptables.family, found);
    judges.set(iptables.family, createJudge(found));
  }
  const paths: AccessPath[] = [];
  const visit = (visitor: Visitor) => {
    const judge = judges.get(familyOf(visitor.peer));
    if (judge) paths.push(visitorPath(visitor, judge, routes));
  };

  const [remote, own] = [ends && plainAddress(ends.remote), ends && plainAddress(ends.local)];
  const consoles = [...new Set([remote, ...request.console.map(plainAddress)].flatMap((each) => each ?? []))];
  for (const peer of consoles) {
    const local = peer === remote ? own : localFor(routes, peer);
    visit({ path: 'consoleAgent', peer, local, port: agentPort });
    for (const port of sshPorts) visit({ path: 'consoleSsh', peer, local, port });
  }
  const administrator = request.administrator === null ? null : plainAddress(request.administrator);
  if (administrator !== null) {
    const known = peers.find(({ kind, address }) => kind === 'ssh' && address === administrator);
    const local = known?.local ?? localFor(routes, administrator);
    for (const port of sshPorts) visit({ path: 'administratorSsh', peer: administrator, local, port });
  }
  for (const { kind, address } of peers) {
    const judge = judges.get(familyOf(address));
    const server = { peer: address, family: familyOf(address), port: dnsPort };
    if (kind === 'dns' && judge) paths.push(askingPath('dns', server, judge, routes));
  }
  const ipv4 = judges.get('ipv4');
  if (hasClock && ipv4) {
    paths.push(askingPath('time', { peer: null, family: 'ipv4', port: ntpPort }, ipv4, routes));
  }
  const device = own === null ? null : holderOf(facts, own);
  for (const [family, judge] of judges) {
    const path = sshguardPath(family, sshPorts[0] ?? 22, judge, device);
    if (path.now.state !== 'none' || path.draft.state !== 'none') paths.push(path);
  }
  return {
    hostname: hostname(),
    sshPorts,
    paths,
    needs: needsOf(paths),
    reach: reachOf(filters, routes),
    keepConsole: keepOf(families, paths, judges, routes),
  };
}

/** One of several SSH ports is enough; and what is lost already is not lost by the change. */
function needsOf(paths: readonly AccessPath[]): AccessReport['needs'] {
  const control = paths.filter((path) => path.control);
  const elsewhere = (path: AccessPath) =>
    control.some(
      (other) => other.path === path.path && other.peer === path.peer && other.draft.state === 'kept',
    );
  const open = control.filter((path) => !elsewhere(path) && path.now.state !== 'lost');
  const of = (state: string) => open.filter(({ draft }) => draft.state === state).map(({ id }) => id);
  return { lost: of('lost'), unknown: of('unknown') };
}

function reachOf(families: ReadonlyMap<Family, FamilyFilters>, { facts }: RouteSides): ReachChange[] {
  return [...families].flatMap(([family, { filters }]) => {
    const [first, ...others] = filters;
    if (!first || first.now === first.draft) return [];
    const places = facts.interfaces.flatMap(({ name, addresses }) => {
      const own = addresses.find((each) => each.family === family && each.scope === 'global');
      return own && name !== 'lo' ? [{ device: name, local: own.address }] : [];
    });
    const beside = others.map(({ now, evaluate }) => ({ set: now, evaluate }));
    const changes = reachChanges(first.now, first.draft, { places, beside, evaluate: first.evaluate });
    return changes.map((change) => ({ family, ...change }));
  });
}

/** Steps that keep the console's way, where they do. */
function keepOf(
  families: readonly FamilySides[],
  paths: readonly AccessPath[],
  judges: ReadonlyMap<Family, Judge>,
  routes: RouteSides,
): KeepAccessStep[] {
  const endangered = paths.filter(
    ({ path, draft }) => path === 'consoleAgent' && draft.state !== 'kept' && draft.cause === 'rules',
  );
  return endangered.flatMap((path) => {
    const sides = families.find(({ iptables }) => iptables.family === path.family);
    if (!sides || !judges.has(path.family) || path.peer === null || path.port === null) return [];
    const { steps, draft } = keepConsole(sides.draft, path);
    const filters = [
      { backend: sides.iptables.version.backend, now: sides.now, draft, evaluate: {} },
    ] satisfies FamilyFilters['filters'];
    const visitor = { path: 'consoleAgent', peer: path.peer, local: path.local, port: path.port } as const;
    const after = visitorPath(visitor, createJudge({ filters, cause: null }), routes);
    return after.draft.state === 'kept' ? steps : [];
  });
}
