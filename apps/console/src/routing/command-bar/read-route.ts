import {
  explainRoute,
  type HostRoute,
  holdsAddress,
  type NetfilterError,
  type Repair,
  type RouteAdvice,
  type RouteChange,
  type RouteCommand,
  readSteps,
  type Step,
} from '@moru/netfilter';
import type { NetworkRoute, RouteEdit, RoutingState } from '@moru/types';
import { whyKept } from '../edits.ts';
import type { RoutesView } from '../routing-search.ts';

/**
 * Why a command that can be read is not carried out from here:
 * - `missing` no such route; `kernel`, `strange` it is not ours to delete (`whyKept`)
 * - `noDevice` no interface is named, and no subnet of the host holds the gateway
 * - `rules` it is a command of iptables; `nothing` no command at all
 */
export type RouteRefusal = 'missing' | 'kernel' | 'strange' | 'noDevice' | 'rules' | 'nothing';

export type RouteMeaning =
  | { kind: 'edits'; edits: RouteEdit[] }
  | { kind: 'view'; view: RoutesView }
  | { kind: 'refused'; why: RouteRefusal }
  | { kind: 'error'; error: NetfilterError };

/** One command of what was typed or pasted. */
export interface TypedRoute {
  text: string;
  meaning: RouteMeaning;
  advice: RouteAdvice[];
  incomplete: Step['incomplete'];
}

export interface TypedRoutes {
  /** the whole as repaired */
  text: string;
  repairs: Repair[];
  commands: TypedRoute[];
  /** of all commands, in their order; empty where one of them cannot be done */
  edits: RouteEdit[];
}

/** Reads `route …` and `ip route …` upon the routes of a host. Nothing is done: changes go to the review. */
export function readRoutes(text: string, state: RoutingState): TypedRoutes {
  const { text: repaired, repairs, steps } = readSteps(text);
  const gone = new Set<NetworkRoute>();
  const commands = steps.map((step) => read(step, state, gone));
  const done = commands.every(({ meaning }) => meaning.kind === 'edits' || meaning.kind === 'view');
  const edits = commands.flatMap(({ meaning }) => (meaning.kind === 'edits' ? meaning.edits : []));
  return { text: repaired, repairs, commands, edits: done ? edits : [] };
}

/** @param gone routes that the commands before delete; those of this one are added */
function read(
  { text, command, error, incomplete }: Step,
  state: RoutingState,
  gone: Set<NetworkRoute>,
): TypedRoute {
  const said = (meaning: RouteMeaning, advice: RouteAdvice[] = []) => ({ text, meaning, advice, incomplete });
  if (error) return said({ kind: 'error', error });
  if (command === null) return said({ kind: 'refused', why: 'nothing' });
  if (!isRoute(command)) return said({ kind: 'refused', why: 'rules' });
  const { family } = command;
  const routes = state.routes.filter(
    (route) => route.family === family && route.table === 'main' && !gone.has(route),
  );
  const advice = explainRoute(command, routes.map(hostRoute));
  if (command.kind === 'showRoutes') {
    const netTools = /^\s*(sudo\s+)?(route|netstat)\b/.test(text);
    return said({ kind: 'view', view: family === 'ipv6' ? 'ip6' : netTools ? 'route' : 'ip' }, advice);
  }
  const meaning = change(command, routes, state, gone);
  return said(
    meaning,
    meaning.kind === 'refused' ? [] : advice.filter(({ code }) => code !== 'route.missing'),
  );
}

type AnyCommand = NonNullable<Step['command']>;
const kinds: readonly string[] = [
  'showRoutes',
  'addRoute',
  'appendRoute',
  'replaceRoute',
  'deleteRoute',
] satisfies RouteCommand['kind'][];
const isRoute = (command: AnyCommand): command is RouteCommand => kinds.includes(command.kind);

const everywhere = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

/** As commands are compared: the default route as a prefix. */
function hostRoute({ family, destination, gateway, device, metric }: NetworkRoute): HostRoute {
  return {
    ...{ gateway, device, metric },
    destination: destination === 'default' ? everywhere[family] : destination,
  };
}

function change(
  command: RouteChange,
  routes: readonly NetworkRoute[],
  state: RoutingState,
  gone: Set<NetworkRoute>,
): RouteMeaning {
  if (command.kind === 'deleteRoute') {
    const route = routes.find((each) => fits(each, command));
    if (!route) return { kind: 'refused', why: 'missing' };
    const kept = whyKept(route);
    if (kept) return { kind: 'refused', why: kept };
    gone.add(route);
    return { kind: 'edits', edits: [deletion(route)] };
  }
  const device = command.device ?? deviceOf(command, state);
  if (device === null) return { kind: 'refused', why: 'noDevice' };
  const { family, destination, gateway, metric, source } = command;
  const added: RouteEdit = {
    ...{ type: 'add', family, gateway, device, metric, source },
    destination: destination === everywhere[family] ? 'default' : destination,
    // of equals the newest is the first, unless it is appended
    place: command.kind === 'appendRoute' ? 'last' : 'first',
  };
  if (command.kind !== 'replaceRoute') return { kind: 'edits', edits: [added] };
  // what `replace` takes the place of: the first of the same destination and metric
  const replaced = routes.find((each) =>
    fits(each, { ...command, gateway: null, device: null, metric: metric ?? 0 }),
  );
  const kept = replaced ? whyKept(replaced) : null;
  if (kept) return { kind: 'refused', why: kept };
  if (replaced) gone.add(replaced);
  return { kind: 'edits', edits: [...(replaced ? [deletion(replaced)] : []), added] };
}

const deletion = ({ family, specification }: NetworkRoute): RouteEdit => ({
  ...{ type: 'delete', family, specification },
});

function fits(route: NetworkRoute, { destination, gateway, device, metric }: RouteChange): boolean {
  return (
    hostRoute(route).destination === destination &&
    (gateway === null || gateway === route.gateway) &&
    (device === null || device === route.device) &&
    (metric === null || metric === route.metric)
  );
}

/** As the kernel finds it where no interface is named: the one whose subnet holds the gateway. */
function deviceOf({ family, gateway }: RouteChange, { routes }: RoutingState): string | null {
  if (gateway === null) return null;
  const connected = routes.filter(
    (route) =>
      route.family === family && route.table === 'main' && route.gateway === null && route.device !== null,
  );
  return connected.find(({ destination }) => holdsAddress(destination, gateway))?.device ?? null;
}
