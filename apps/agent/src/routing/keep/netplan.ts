import type { KeepPlan, NetworkRoute } from '@moru/types';
import { parseDestination, parsePrefix, printDestination } from '../address.ts';
import type { BootFile } from './boot-files.ts';
import { type HandWork, judgeEach, type RouteChange } from './kept.ts';
import { type Definition, type NetplanRoute, ownPath, printOwn, readDefinitions } from './netplan-file.ts';

const isTrue = (value: string | undefined) => /^(?:true|yes|on|y)$/i.test(value ?? '');

/** `eth*` of a match, as fnmatch(3) reads it without brackets. */
function fits(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}

function describes(definition: Definition, device: string, mac: string | null): boolean {
  const { id, setName, matchName, matchMac } = definition;
  if (setName !== undefined) return setName === device;
  if (matchName === undefined && matchMac === undefined) return id === device;
  if (matchMac !== undefined && matchMac.toLowerCase() !== mac?.toLowerCase()) return false;
  return matchName === undefined || fits(matchName, device);
}

function makes(configured: NetplanRoute, route: NetworkRoute): boolean {
  const to =
    configured.to === 'default' ? parseDestination('default', route.family) : parsePrefix(configured.to);
  if (to?.family !== route.family || printDestination(to) !== route.destination) return false;
  return (configured.via ?? null) === route.gateway;
}

/** netplan knows more than these, but not under the same names everywhere. */
const expressible = (route: NetworkRoute) =>
  Object.keys(route.options).length === 0 && /^[\w.:@-]+$/.test(route.device ?? '');

/**
 * What has to be written into our own file beside the host's, and what a person has to do. Leases are told apart by
 * `dhcp4` of their interface: `use-routes: false` keeps all routes of a lease away, and its default gateway with them.
 */
export function planNetplan(files: readonly BootFile[], change: RouteChange): KeepPlan {
  const own = files.find(({ path }) => path === ownPath);
  const read = files.map((file) => ({ file, definitions: readDefinitions(file.text) }));
  const definitions = read.flatMap(({ file, definitions: list }) =>
    (list ?? []).map((definition) => ({ ...definition, file })),
  );
  const mine = new Map((own ? (readDefinitions(own.text) ?? []) : []).map((one) => [one.id, one]));
  const byHand: HandWork[] = read.flatMap(({ file, definitions: list }) =>
    list === null
      ? [{ path: file.path, line: 1, text: file.text.split('\n')[0] ?? '', code: 'unclear' as const }]
      : [],
  );
  // a file of ours that somebody has worked in is theirs now
  if (own && printOwn([...mine.values()]) !== own.text) {
    const work = { path: ownPath, line: 1, text: own.text.split('\n')[0] ?? '', code: 'unclear' as const };
    return { files: [], byHand: [work], routes: judgeEach(change, () => 'byHand') };
  }

  const macOf = (device: string | null) => change.interfaces.find(({ name }) => name === device)?.mac ?? null;
  const of = (route: NetworkRoute) =>
    definitions.filter((one) => describes(one, route.device ?? '', macOf(route.device)));
  const edited = ({ id, section }: Definition): Definition => {
    const found = mine.get(id) ?? { id, section, routes: [] };
    mine.set(id, found);
    return found;
  };

  const routes = judgeEach(change, (route, kind) => {
    const found = of(route);
    const [first] = found.filter(({ file, id }) => file !== own && /^[\w.:@-]+$/.test(id));
    if (!first) return byHand.length > 0 ? 'byHand' : 'unsupported';
    if (kind === 'added') {
      if (found.some((one) => one.routes.some((item) => makes(item, route)))) return 'already';
      const leased =
        route.family === 'ipv4' && route.protocol === 'dhcp' && mine.get(first.id)?.useRoutes === 'false';
      if (leased) delete edited(first).useRoutes;
      else if (!expressible(route)) return 'unsupported';
      else edited(first).routes.push(configuredRoute(route));
      return 'file';
    }
    const elsewhere = found
      .filter(({ file }) => file !== own)
      .flatMap(({ file, routes: items }) =>
        items.filter((item) => makes(item, route)).map(({ line }) => ({ file, line })),
      );
    for (const { file, line } of elsewhere) {
      const text = file.text.split('\n')[line - 1] ?? '';
      if (!byHand.some((work) => work.path === file.path && work.line === line)) {
        byHand.push({ path: file.path, line, text: text.trim(), code: 'static' });
      }
    }
    const ours = mine.get(first.id);
    const kept = ours?.routes.filter((item) => !makes(item, route)) ?? [];
    const taken = ours !== undefined && kept.length < ours.routes.length;
    if (ours && taken) ours.routes = kept;
    if (elsewhere.length > 0) return 'byHand';
    const leased =
      route.family === 'ipv4' && route.destination === 'default' && found.some(({ dhcp4 }) => isTrue(dhcp4));
    if (leased) edited(first).useRoutes = 'false';
    if (taken || leased) return 'file';
    return route.protocol === 'dhcp' || route.protocol === 'ra' ? 'unsupported' : 'already';
  });

  const after = printOwn([...mine.values()]);
  const changed = own ? own.text !== after : mine.size > 0;
  return { files: changed ? [{ path: ownPath, before: own?.text ?? null, after }] : [], byHand, routes };
}

function configuredRoute(route: NetworkRoute): NetplanRoute {
  const everything = route.family === 'ipv4' ? '0.0.0.0/0' : '::/0';
  return {
    // older ones do not know `default`
    to: route.destination === 'default' ? everything : route.destination,
    ...(route.gateway !== null && { via: route.gateway }),
    ...(route.metric > 0 && { metric: String(route.metric) }),
    ...(route.source !== null && { from: route.source }),
    ...(route.flags.includes('onlink') && { onLink: 'true' }),
    ...(route.scope === 'link' && { scope: 'link' }),
    line: 0,
  };
}
