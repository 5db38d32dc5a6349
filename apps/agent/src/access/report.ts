import { access as fileAccess } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type RuleSet, reachChanges } from '@moru/netfilter';
import {
  type AccessPath,
  type AccessReport,
  type AccessRequest,
  type Family,
  familySchema,
  type KeepAccessStep,
  type NetworkRoute,
  type Peer,
  type ReachChange,
} from '@moru/types';
import type { Iptables } from '../firewall/tools.ts';
import { parseAddress, printAddress } from '../routing/address.ts';
import type { RoutingFacts } from '../routing/read.ts';
import { type FamilyFilters, familyFilters } from './filters.ts';
import { createJudge, type Judge } from './judge.ts';
import { keepConsole } from './keep-console.ts';
import {
  askingPath,
  familyOf,
  isControl,
  sshguardPath,
  staysOpen,
  type Visitor,
  visitorPath,
} from './paths.ts';
import type { Surroundings } from './surroundings.ts';
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
  around: Surroundings;
  /** all routes as they are wanted; null where they stay as they are */
  routes: readonly NetworkRoute[] | null;
  request: AccessRequest;
  ends: Ends | null;
  agentPort: number;
}

/** What a trial has to know of a change, and the rest for whoever asks. */
export interface AccessJudgement extends Pick<AccessReport, 'hostname' | 'needs'> {
  report(): Promise<AccessReport>;
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

/** Who must still come in after a change: the console by every known address, and the administrator. */
function comersOf({ ends, request }: Pick<AccessInput, 'ends' | 'request'>) {
  const [remote, own] = [ends && plainAddress(ends.remote), ends && plainAddress(ends.local)];
  const consoles = [...new Set([remote, ...request.console.map(plainAddress)].flatMap((each) => each ?? []))];
  const administrator = request.administrator === null ? null : plainAddress(request.administrator);
  return { remote, own, consoles, administrator };
}

/** Families whose routes a trial has to know: a change of routes reads them all. */
function familiesAsked({ routes, ...input }: Pick<AccessInput, 'ends' | 'request' | 'routes'>): Family[] {
  const { consoles, administrator } = comersOf(input);
  const asked = [...consoles, administrator ?? []].flat().map(familyOf);
  return familySchema.options.filter((family) => routes !== null || asked.includes(family));
}

/** Begins to read what `judgeAccess` will ask for. */
export function prepareAccess(
  around: Surroundings,
  input: Pick<AccessInput, 'ends' | 'request' | 'routes'>,
): void {
  const { consoles, administrator } = comersOf(input);
  void around.routing(familiesAsked(input));
  void around.sshPorts();
  if (administrator !== null) void around.peers();
  for (const address of [...consoles, administrator ?? []].flat()) void around.otherRules(familyOf(address));
}

/**
 * What becomes of the ways by which the host is reached when rules and routes change (design/safe-change.md, step 2);
 * on demand also of the other ways that must survive, what the change opens and closes, and what keeps the console's
 * way where it would be lost. Nothing is changed.
 */
export async function judgeAccess(input: AccessInput): Promise<AccessJudgement> {
  const { families, around, agentPort } = input;
  const [facts, sshPorts] = await Promise.all([around.routing(familiesAsked(input)), around.sshPorts()]);
  const sidesOf = (facts: RoutingFacts): RouteSides => ({ facts, wanted: input.routes ?? facts.routes });
  const routes = sidesOf(facts);
  const known = new Map<Family, { filters: FamilyFilters; judge: Judge }>();
  const judged = async (family: Family) => {
    const before = known.get(family);
    if (before) return before;
    const sides = families.find(({ iptables }) => iptables.family === family);
    if (!sides) return null;
    const other = await around.otherRules(family);
    const filters = familyFilters(sides.iptables, sides, facts.interfaces, other);
    const found = { filters, judge: createJudge(filters) };
    known.set(family, found);
    return found;
  };

  const { remote, own, consoles, administrator } = comersOf(input);
  const visitors = consoles.flatMap((peer): Visitor[] => {
    const local = peer === remote ? own : localFor(routes, peer);
    const ssh = sshPorts.map((port) => ({ path: 'consoleSsh' as const, peer, local, port }));
    return [{ path: 'consoleAgent', peer, local, port: agentPort }, ...ssh];
  });
  if (administrator !== null) {
    const connections = await around.peers();
    const open = connections.find(({ kind, address }) => kind === 'ssh' && address === administrator);
    const local = open?.local ?? localFor(routes, administrator);
    for (const port of sshPorts)
      visitors.push({ path: 'administratorSsh', peer: administrator, local, port });
  }
  const judgedVisitors: { visitor: Visitor; judge: Judge }[] = [];
  for (const visitor of visitors) {
    const found = await judged(familyOf(visitor.peer));
    if (found) judgedVisitors.push({ visitor, judge: found.judge });
  }
  const controls = judgedVisitors.filter(({ visitor }) => isControl(visitor));
  const pathsOf = (list: typeof judgedVisitors) =>
    list.map(({ visitor, judge }) => visitorPath(visitor, judge, routes));

  const open = controls.every(({ visitor, judge }) => staysOpen(visitor, judge, routes));
  const needs = open ? { lost: [], unknown: [] } : needsOf(pathsOf(controls));
  const report = async (): Promise<AccessReport> => {
    const whole: RouteSides = input.routes ? routes : sidesOf(await around.routing());
    const judges = new Map<Family, Judge>();
    const filters = new Map<Family, FamilyFilters>();
    for (const { iptables } of families) {
      const found = await judged(iptables.family);
      if (!found) continue;
      judges.set(iptables.family, found.judge);
      filters.set(iptables.family, found.filters);
    }
    const device = own === null ? null : holderOf(facts, own);
    const paths = [
      ...pathsOf(judgedVisitors),
      ...askingPaths(await around.peers(), await keepsTime(), judges, whole),
      ...sshguardPaths(judges, sshPorts[0] ?? 22, device),
    ];
    const reach = reachOf(filters, judges, whole);
    const keep = keepOf(families, paths, judges, whole);
    return { hostname: hostname(), sshPorts, paths, needs, reach, keepConsole: keep };
  };
  return { hostname: hostname(), needs, report };
}

/** Whether the host asks others for the time. */
function keepsTime(): Promise<boolean> {
  return Promise.any(timeClients.map((path) => fileAccess(path))).then(
    () => true,
    () => false,
  );
}

/** The name servers that the host asks, and the time. */
function askingPaths(
  peers: readonly Peer[],
  hasClock: boolean,
  judges: ReadonlyMap<Family, Judge>,
  routes: RouteSides,
): AccessPath[] {
  const servers = peers.filter(({ kind }) => kind === 'dns');
  const paths = servers.flatMap(({ address }) => {
    const judge = judges.get(familyOf(address));
    const server = { peer: address, family: familyOf(address), port: dnsPort };
    return judge ? [askingPath('dns', server, judge, routes)] : [];
  });
  const ipv4 = judges.get('ipv4');
  if (hasClock && ipv4) {
    paths.push(askingPath('time', { peer: null, family: 'ipv4', port: ntpPort }, ipv4, routes));
  }
  return paths;
}

function sshguardPaths(
  judges: ReadonlyMap<Family, Judge>,
  port: number,
  device: string | null,
): AccessPath[] {
  return [...judges]
    .map(([family, judge]) => sshguardPath(family, port, judge, device))
    .filter(({ now, draft }) => now.state !== 'none' || draft.state !== 'none');
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

function reachOf(
  families: ReadonlyMap<Family, FamilyFilters>,
  judges: ReadonlyMap<Family, Judge>,
  { facts }: RouteSides,
): ReachChange[] {
  return [...families].flatMap(([family, { filters }]) => {
    const [first, ...others] = filters;
    if (!first || first.now === first.draft) return [];
    const places = facts.interfaces.flatMap(({ name, addresses }) => {
      const own = addresses.find((each) => each.family === family && each.scope === 'global');
      return own && name !== 'lo' ? [{ device: name, local: own.address }] : [];
    });
    const beside = others.map(({ now, evaluate }) => ({ set: now, evaluate }));
    const compile = judges.get(family)?.compile;
    const changes = reachChanges(first.now, first.draft, {
      places,
      beside,
      evaluate: first.evaluate,
      ...(compile && { compile }),
    });
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
