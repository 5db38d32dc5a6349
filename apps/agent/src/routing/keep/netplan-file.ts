import { scanYaml } from './yaml-lines.ts';

/** Read after the files of installers and of cloud-init, which begin with smaller numbers. */
export const ownPath = '/etc/netplan/90-moru.yaml';

export interface NetplanRoute {
  to: string;
  via?: string;
  metric?: string;
  from?: string;
  onLink?: string;
  scope?: string;
  /** where it stands, from 1 */
  line: number;
}

/** What one file says of one interface. */
export interface Definition {
  id: string;
  /** `ethernets`, `bonds`, `vlans`, `bridges` … */
  section: string;
  dhcp4?: string;
  useRoutes?: string;
  setName?: string;
  matchName?: string;
  matchMac?: string;
  routes: NetplanRoute[];
}

/** The definitions of a file; null where it is written in a way that is not read here. */
export function readDefinitions(text: string): Definition[] | null {
  const values = scanYaml(text);
  if (!values) return null;
  const found = new Map<string, Definition>();
  /** routes by their place in a list */
  const items = new Map<string, NetplanRoute>();
  for (const { path, value, line } of values) {
    const [network, section, id, ...below] = path;
    if (network !== 'network' || section === undefined || id === undefined || below.length === 0) continue;
    const definition = found.get(`${section}/${id}`) ?? { id, section, routes: [] };
    found.set(`${section}/${id}`, definition);
    const key = below.join('/');
    if (key === 'dhcp4') definition.dhcp4 = value;
    else if (key === 'dhcp4-overrides/use-routes') definition.useRoutes = value;
    else if (key === 'set-name') definition.setName = value;
    else if (key === 'match/name') definition.matchName = value;
    else if (key === 'match/macaddress') definition.matchMac = value;
    else if (key === 'gateway4') definition.routes.push({ to: '0.0.0.0/0', via: value, line });
    else if (key === 'gateway6') definition.routes.push({ to: '::/0', via: value, line });
    else if (below[0] === 'routes' && below.length === 3) {
      const item = [section, id, below[1]].join('/');
      const route = items.get(item) ?? { to: '', line };
      if (!items.has(item)) definition.routes.push(route);
      items.set(item, route);
      setRoute(route, below[2] ?? '', value);
    }
  }
  return [...found.values()];
}

const routeKeys: Record<string, Exclude<keyof NetplanRoute, 'line'>> = {
  to: 'to',
  via: 'via',
  metric: 'metric',
  from: 'from',
  'on-link': 'onLink',
  scope: 'scope',
};

function setRoute(route: NetplanRoute, name: string, value: string): void {
  const key = routeKeys[name];
  if (key) route[key] = value;
}

const header = `# Written by Moru, anew with every change that is kept for the next boot.
# Once edited by hand it is left alone.
`;

/** Our own file. Everything that comes from outside is quoted. */
export function printOwn(definitions: readonly Definition[]): string {
  const lines = ['network:', '  version: 2'];
  const used = definitions.filter(({ useRoutes, routes }) => useRoutes !== undefined || routes.length > 0);
  for (const section of [...new Set(used.map((one) => one.section))].sort()) {
    lines.push(`  ${section}:`);
    for (const one of used.filter((definition) => definition.section === section)) {
      lines.push(`    "${one.id}":`);
      if (one.useRoutes !== undefined)
        lines.push('      dhcp4-overrides:', `        use-routes: ${one.useRoutes}`);
      if (one.routes.length > 0) lines.push('      routes:', ...one.routes.flatMap(printRoute));
    }
  }
  return `${header}${lines.join('\n')}\n`;
}

function printRoute({ to, via, metric, from, onLink, scope }: NetplanRoute): string[] {
  const lines = [`        - to: "${to}"`];
  const put = (key: string, value: string | undefined, quote = '') => {
    if (value !== undefined) lines.push(`          ${key}: ${quote}${value}${quote}`);
  };
  put('via', via, '"');
  put('metric', metric);
  put('from', from, '"');
  put('on-link', onLink);
  put('scope', scope);
  return lines;
}
