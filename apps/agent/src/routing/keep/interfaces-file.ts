import type { KeepPlan, NetworkRoute } from '@moru/types';
import { parseAddress, parseDestination, printAddress, printDestination } from '../address.ts';
import type { BootFile } from './boot-files.ts';
import { type HandWork, judgeEach, type KeptRoute, type RouteChange } from './kept.ts';

interface Line {
  text: string;
  /** of the stanza that it stands in */
  device: string | null;
  inet: 'inet' | 'inet6' | null;
  method: string | null;
  /** the line goes on below, or goes on one from above */
  continued: boolean;
}

const stanzaStart =
  /^\s*(?:iface|auto|allow-\S+|mapping|source|source-directory|rename|no-auto-down|no-scripts|template)\b/;

/** The lines of a file of interfaces(5), each with the stanza that it stands in. */
function linesOf(text: string): Line[] {
  let stanza: Pick<Line, 'device' | 'inet' | 'method'> = { device: null, inet: null, method: null };
  let goesOn = false;
  return text.split('\n').map((line) => {
    const continued = goesOn || line.endsWith('\\');
    goesOn = line.endsWith('\\');
    const iface = /^\s*iface\s+(\S+)\s+(inet6?)\s+(\S+)/.exec(line);
    if (iface?.[1] && (iface[2] === 'inet' || iface[2] === 'inet6')) {
      stanza = { device: iface[1], inet: iface[2], method: iface[3] ?? null };
    } else if (stanzaStart.test(line)) stanza = { device: null, inet: null, method: null };
    return { text: line, ...stanza, continued };
  });
}

const same = (text: string | undefined, address: string | null) => {
  const parsed = text === undefined ? null : parseAddress(text);
  return parsed === null ? address === null && text === undefined : printAddress(parsed) === address;
};

/** The word after `name`. */
const after = (words: readonly string[], name: string) =>
  words.includes(name) ? words[words.indexOf(name) + 1] : undefined;

/** Whether an `up` line runs `ip route add …` or `route add …` for the very route. */
function commandMakes(command: string, route: NetworkRoute, device: string | null): boolean {
  const words = command.trim().split(/\s+/);
  const ip = /^(?:\S*\/)?ip$/.test(words[0] ?? '');
  const options = ip ? words.slice(1).filter((word) => word !== '-4' && word !== '-6') : words;
  const verb = options[1] ?? '';
  if (ip && options[0] !== 'route' && options[0] !== 'r' && options[0] !== 'ro') return false;
  if (!ip && !/^(?:\S*\/)?route$/.test(options[0] ?? '')) return false;
  if (!(ip ? ['add', 'append', 'prepend', 'replace'] : ['add']).includes(verb)) return false;
  const rest = options.slice(2).filter((word) => word !== '-net' && word !== '-host');
  const destination = parseDestination(rest[0] ?? '', route.family);
  if (!destination || printDestination(destination) !== route.destination) return false;
  if (!same(after(rest, ip ? 'via' : 'gw'), route.gateway)) return false;
  return (after(rest, 'dev') ?? device) === route.device;
}

function makes(line: Line, route: NetworkRoute): boolean {
  const inet = route.family === 'ipv4' ? 'inet' : 'inet6';
  const gateway = /^\s*gateway\s+(\S+)/.exec(line.text)?.[1];
  if (gateway !== undefined) {
    const here = line.device === route.device && line.inet === inet;
    return here && route.destination === 'default' && same(gateway, route.gateway);
  }
  const command = /^\s*(?:pre-up|up|post-up)\s+(.+)$/.exec(line.text)?.[1];
  return command !== undefined && commandMakes(command, route, line.device);
}

/** Where a new line of a device's stanza goes: after its last one that is not empty. */
function endOfStanza(lines: readonly Line[], route: NetworkRoute): number | null {
  const inet = route.family === 'ipv4' ? 'inet' : 'inet6';
  const last = lines.findLastIndex(
    (line) => line.device === route.device && line.inet === inet && line.text.trim() !== '',
  );
  return last < 0 ? null : last + 1;
}

const addition = (route: NetworkRoute) =>
  `    up ip ${route.family === 'ipv4' ? '' : '-6 '}route append ${route.specification}`;

/**
 * The `gateway` and `up ip route` lines that make deleted routes go, those of added ones come. A lease's gateway is
 * for a person: ifupdown leaves it to the DHCP client.
 */
export function planInterfaces(files: readonly BootFile[], change: RouteChange): KeepPlan {
  const edited = files.map((file) => ({ ...file, lines: linesOf(file.text) }));
  const byHand: HandWork[] = [];
  const hand = (path: string, line: number, text: string, code: HandWork['code']) => {
    if (!byHand.some((work) => work.path === path && work.line === line)) {
      byHand.push({ path, line, text: text.trim(), code });
    }
    return 'byHand' as const;
  };

  const remove = (route: NetworkRoute): KeptRoute['outcome'] => {
    let outcome: KeptRoute['outcome'] = 'already';
    for (const file of edited) {
      for (const [at, line] of file.lines.entries()) {
        if (!makes(line, route)) continue;
        if (line.continued) outcome = hand(file.path, at + 1, line.text, 'unclear');
        else if (outcome === 'already') outcome = 'file';
      }
      file.lines = file.lines.filter((line) => line.continued || !makes(line, route));
    }
    if (outcome !== 'already' || route.destination !== 'default') return outcome;
    for (const file of files) {
      const leased = linesOf(file.text).findIndex(
        ({ device, method, inet }) =>
          device === route.device &&
          method === 'dhcp' &&
          inet === (route.family === 'ipv4' ? 'inet' : 'inet6'),
      );
      if (leased >= 0) return hand(file.path, leased + 1, file.text.split('\n')[leased] ?? '', 'dhcp');
    }
    return outcome;
  };

  const add = (route: NetworkRoute): KeptRoute['outcome'] => {
    if (edited.some(({ lines }) => lines.some((line) => makes(line, route)))) return 'already';
    for (const file of edited) {
      const at = endOfStanza(file.lines, route);
      if (at === null) continue;
      const { device, inet, method } = file.lines[at - 1] ?? { device: null, inet: null, method: null };
      file.lines.splice(at, 0, { text: addition(route), device, inet, method, continued: false });
      return 'file';
    }
    return 'unsupported';
  };

  const routes = judgeEach(change, (route, kind) => (kind === 'deleted' ? remove(route) : add(route)));
  return {
    files: edited.flatMap(({ path, text, lines }) => {
      const now = lines.map((line) => line.text).join('\n');
      return now === text ? [] : [{ path, before: text, after: now }];
    }),
    byHand,
    routes,
  };
}
