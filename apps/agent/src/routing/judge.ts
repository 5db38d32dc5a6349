import type { DefaultGateway, Family, HostInterface, NetworkRoute, RoutingProblem } from '@moru/types';
import { contains, networkOf, type Prefix, parseAddress, printDestination } from './address.ts';
import { isStandard } from './parse-rules.ts';
import type { RoutingFacts } from './read.ts';

/** The networks that an interface is in by its addresses. */
export function subnetsOf(link: HostInterface, family: Family): Prefix[] {
  return link.addresses.flatMap(({ address, prefix }) => {
    const parsed = parseAddress(address);
    return parsed?.family === family ? [networkOf({ ...parsed, length: prefix })] : [];
  });
}

/** The default gateways of the main table, in the kernel's order. */
export function defaultRoutes(routes: readonly NetworkRoute[], family: Family): NetworkRoute[] {
  return routes.filter(
    (route) =>
      route.family === family &&
      route.table === 'main' &&
      route.type === 'unicast' &&
      route.destination === 'default',
  );
}

function subnetOf(route: NetworkRoute, interfaces: readonly HostInterface[]): string | null {
  const link = interfaces.find(({ name }) => name === route.device);
  const gateway = route.gateway === null ? null : parseAddress(route.gateway);
  if (!link || !gateway) return null;
  const subnet = subnetsOf(link, route.family).find((prefix) => contains(prefix, gateway));
  return subnet ? printDestination(subnet) : null;
}

/** Which default gateway carries what no other route does (reference/guide-traps.md: of equal metrics the first). */
export function judgeDefaults(facts: RoutingFacts, family: Family): DefaultGateway[] {
  const routes = defaultRoutes(facts.routes, family);
  const lowest = Math.min(...routes.map(({ metric }) => metric));
  const equals = routes.filter(({ metric }) => metric === lowest);
  return routes.map((route) => {
    const shares = family === 'ipv6' && equals.length > 1 && equals.includes(route);
    const wins = route === equals[0];
    return {
      route,
      standing: shares ? 'shares' : wins ? 'wins' : 'loses',
      subnet: subnetOf(route, facts.interfaces),
    };
  });
}

const strict = 1;

/** What is wrong with the routes of one family; the codes are explained in the contract. */
export function judgeProblems(facts: RoutingFacts, family: Family): RoutingProblem[] {
  const problems: RoutingProblem[] = [];
  const report = (code: RoutingProblem['code'], more: Partial<RoutingProblem> = {}) =>
    problems.push({ code, family, device: null, gateway: null, by: null, ...more });

  if (!isStandard(facts.rules, family)) report('policyRules');
  const defaults = judgeDefaults(facts, family);
  const links = facts.interfaces.filter((link) => hasGlobal(link, family));
  if (defaults.length > 1) report('severalDefaults');
  if (defaults.length === 0 && links.length > 0) report('noDefault');
  for (const { route, subnet } of defaults) {
    const { device, gateway } = route;
    // a link-local router (IPv6) is on the link by its nature
    if (gateway !== null && subnet === null && !/^fe[89ab]/.test(gateway)) {
      report('gatewayOffLink', { device, gateway });
    }
    const link = facts.interfaces.find(({ name }) => name === device);
    if (link && !(link.up && link.carrier)) report('interfaceDown', { device, gateway });
  }

  const winner = defaults.find(({ standing }) => standing === 'wins');
  if (!winner?.route.device) return problems;
  for (const link of links) {
    if (link.name === winner.route.device || !link.up) continue;
    report('repliesElsewhere', { device: link.name, by: winner.route.device });
    if (family === 'ipv4' && link.reversePathFilter === strict)
      report('reversePathDrops', { device: link.name });
  }
  return problems;
}

const hasGlobal = (link: HostInterface, family: Family) =>
  link.addresses.some((address) => address.family === family && address.scope === 'global');
