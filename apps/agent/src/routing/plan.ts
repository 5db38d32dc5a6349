import type { Family, FieldError, NetworkRoute, RouteCommand, RouteEdit, RouteWarning } from '@moru/types';
import { parseAddress, printAddress } from './address.ts';
import { shownCommands } from './commands.ts';
import { defaultRoutes } from './judge.ts';
import { type Addition, applyLines, groupOf, includes, mistakable, revertLines } from './lines.ts';
import type { RoutingFacts } from './read.ts';
import { revisionOf } from './revision.ts';
import { checkNew, routeOf, untouchable } from './validate.ts';

export interface RoutePlan {
  /** revisions of the routes that it was made from, and of those that it leads to */
  from: string;
  to: string;
  deleted: NetworkRoute[];
  added: NetworkRoute[];
  /** all routes as they are to be; their order counts within a group only */
  wanted: NetworkRoute[];
  /** input of `ip -4|-6 -batch -`; empty for a family that stays as it is */
  apply: Record<Family, string>;
  /** input of `ip -4|-6 -force -batch FILE`, whose exit code says nothing; empty for a family that stays as it is */
  revert: Record<Family, string>;
  /** the same change as the guide types it */
  commands: RouteCommand[];
  warnings: RouteWarning[];
}

export type PlanOutcome = { errors: FieldError[] } | { plan: RoutePlan };

const sameAddress = (a: string | null, b: string) => {
  const [one, other] = [a === null ? null : parseAddress(a), parseAddress(b)];
  return one !== null && other !== null && printAddress(one) === printAddress(other);
};

/** The list while edits work on it, one after another. */
class Draft {
  routes: NetworkRoute[];
  readonly errors: FieldError[] = [];
  private readonly facts: RoutingFacts;

  constructor(facts: RoutingFacts) {
    this.facts = facts;
    this.routes = [...facts.routes];
  }

  edit(edit: RouteEdit, at: number): void {
    const fault = (field: string, code: string, detail?: string) =>
      this.errors.push({ field: `edits.${at}.${field}`, code, ...(detail !== undefined && { detail }) });
    if (edit.type === 'keepDefault') this.keepDefault(edit, fault);
    else if (edit.type === 'delete') this.delete(edit, fault);
    else this.add(edit.type === 'add' ? routeOf(edit) : edit.route, edit.place, fault);
  }

  private keepDefault(edit: Extract<RouteEdit, { type: 'keepDefault' }>, fault: FaultSink): void {
    const defaults = defaultRoutes(this.routes, edit.family);
    const kept = defaults.find(
      ({ gateway, device }) => device === edit.device && sameAddress(gateway, edit.gateway),
    );
    if (!kept) fault('gateway', 'route.notFound');
    else for (const route of defaults) if (route !== kept) this.remove(route, 'gateway', fault);
  }

  private delete(edit: Extract<RouteEdit, { type: 'delete' }>, fault: FaultSink): void {
    const route = this.routes.find(
      ({ family, specification }) => family === edit.family && specification === edit.specification,
    );
    if (route) this.remove(route, 'specification', fault);
    else fault('specification', 'route.notFound');
  }

  private remove(route: NetworkRoute, field: string, fault: FaultSink): void {
    const reason = untouchable(route);
    if (reason) fault(field, reason, route.specification);
    else this.routes = this.routes.filter((other) => other !== route);
  }

  private add(given: NetworkRoute, place: Addition['place'], fault: FaultSink): void {
    const checked = checkNew(given, { ...this.facts, routes: this.routes });
    if ('faults' in checked) {
      for (const { field, code } of checked.faults) fault(field, code);
      return;
    }
    const { route } = checked;
    if (includes(this.routes, route)) {
      fault('route', 'route.exists', route.specification);
      return;
    }
    const equals = this.routes.filter((other) => groupOf(other) === groupOf(route));
    const neighbour = place === 'first' ? equals[0] : equals.at(-1);
    const at = neighbour ? this.routes.indexOf(neighbour) + (place === 'first' ? 0 : 1) : this.routes.length;
    this.routes.splice(at, 0, route);
  }
}

type FaultSink = (field: string, code: string, detail?: string) => void;

/** Where a new route stands among its equals that stay. */
function placeOf(route: NetworkRoute, wanted: readonly NetworkRoute[], before: readonly NetworkRoute[]) {
  const equals = wanted.filter((other) => groupOf(other) === groupOf(route));
  const kept = equals.findIndex((other) => includes(before, other));
  return kept >= 0 && equals.indexOf(route) < kept ? 'first' : 'last';
}

/** What cannot be done exactly: a member of a touched group that must not be deleted and made again, or is not told apart. */
function inexact(
  before: readonly NetworkRoute[],
  touched: readonly NetworkRoute[],
): NetworkRoute | undefined {
  const groups = new Set(touched.map(groupOf));
  const all = [...before, ...touched];
  return all.find(
    (route) =>
      groups.has(groupOf(route)) &&
      (untouchable(route) !== null || all.some((other) => mistakable(route, other))),
  );
}

/** What stays keeps its order: an edit that deletes a route and adds it elsewhere cannot be made without a gap. */
function keepsOrder(before: readonly NetworkRoute[], wanted: readonly NetworkRoute[]): boolean {
  const order = (routes: readonly NetworkRoute[], others: readonly NetworkRoute[]) =>
    revisionOf(routes.filter((route) => includes(others, route)));
  return order(before, wanted) === order(wanted, before);
}

function warningsOf(plan: Pick<RoutePlan, 'deleted' | 'wanted'>): RoutePlan['warnings'] {
  const families = [...new Set(plan.deleted.map(({ family }) => family))];
  return [
    ...families.flatMap((family) =>
      plan.deleted.some((route) => route.family === family && route.destination === 'default') &&
      defaultRoutes(plan.wanted, family).length === 0
        ? [{ code: 'noDefaultLeft' as const, family, specification: null }]
        : [],
    ),
    ...plan.deleted
      .filter(({ protocol }) => protocol === 'dhcp')
      .map(({ family, specification }) => ({ code: 'leased' as const, family, specification })),
  ];
}

/** The whole change and its way back, or what is wrong with the edits; nothing is read and nothing is run. */
export function planRoutes(facts: RoutingFacts, edits: readonly RouteEdit[]): PlanOutcome {
  const draft = new Draft(facts);
  for (const [at, edit] of edits.entries()) draft.edit(edit, at);
  if (draft.errors.length > 0) return { errors: draft.errors };

  const wanted = draft.routes;
  const deleted = facts.routes.filter((route) => !includes(wanted, route));
  const added = wanted.filter((route) => !includes(facts.routes, route));
  const touched = [...deleted, ...added];
  const odd = inexact(facts.routes, touched);
  if (!keepsOrder(facts.routes, wanted)) return { errors: [{ field: 'edits', code: 'route.order' }] };
  if (odd) return { errors: [{ field: 'edits', code: 'route.inexact', detail: odd.specification }] };

  const of = (routes: readonly NetworkRoute[], family: Family) =>
    routes.filter((route) => route.family === family);
  const apply = (family: Family) => {
    // those that go first are put there one by one, each before the one that is there
    const first = of(added, family).filter((route) => placeOf(route, wanted, facts.routes) === 'first');
    const last = of(added, family).filter((route) => !first.includes(route));
    return applyLines(of(deleted, family), [
      ...first.reverse().map((route) => ({ route, place: 'first' as const })),
      ...last.map((route) => ({ route, place: 'last' as const })),
    ]);
  };
  const revert = (family: Family) => revertLines(of(facts.routes, family), of(touched, family));
  return {
    plan: {
      from: revisionOf(facts.routes),
      to: revisionOf(wanted),
      deleted,
      added,
      wanted,
      apply: { ipv4: apply('ipv4'), ipv6: apply('ipv6') },
      revert: { ipv4: revert('ipv4'), ipv6: revert('ipv6') },
      commands: shownCommands(deleted, added, facts.routes),
      warnings: warningsOf({ deleted, wanted }),
    },
  };
}
