import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { run } from '@moru/hosts';

/**
 * What an installation must leave alone on the machine, as text to compare before and after: interfaces,
 * addresses, routes, rules of every back end, mounts, units, init scripts.
 */
export async function machineState(): Promise<string> {
  const parts: Record<string, string> = {
    links: await run('ip', ['-o', 'link']),
    addresses: (await run('ip', ['-o', 'address'])).replace(/(valid|preferred)_lft \S+/g, ''),
    routes: `${await run('ip', ['route', 'show', 'table', 'all'])}${await run('ip', ['rule'])}`,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    legacyTables: readIfThere('/proc/net/ip_tables_names'),
    nftRules: existsSync('/usr/sbin/iptables-nft-save') ? await run('iptables-nft-save', []) : '',
    units: ['/etc/systemd/system', '/lib/systemd/system', '/etc/init.d'].map(listTree).join('\n'),
    policy: String(existsSync('/usr/sbin/policy-rc.d')),
  };
  return Object.entries(parts)
    .map(([name, text]) => `## ${name}\n${text.replace(/^#.*$/gm, '').trim()}\n`)
    .join('\n');
}

function listTree(path: string): string {
  return existsSync(path) ? readdirSync(path, { recursive: true }).map(String).sort().join('\n') : '';
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What a running installation leaves in /proc. */
export interface Traces {
  pids: number[];
  networks: string[];
}

// while a namespace is held open, the kernel gives its number to no other one, as another test beside may make
const held: number[] = [];

/**
 * A process and everything below it, with the network namespaces that they live in but the machine's own, whose numbers
 * stay theirs until `letGo`.
 */
export function tracesOf(pid: number): Traces {
  const pids = processTree(pid);
  const own = networkOf('self');
  const homes = new Map(pids.map((id) => [networkOf(id) ?? '', id] as const));
  homes.delete('');
  homes.delete(own ?? '');
  for (const id of homes.values()) held.push(openSync(`/proc/${id}/ns/net`, 'r'));
  return { pids, networks: [...homes.keys()] };
}

/** Holds no namespace any more. */
export function letGo(): void {
  for (const namespace of held.splice(0)) closeSync(namespace);
}

/** Which of the processes still run, and which of the namespaces anybody still lives in. */
export function remaining({ pids, networks }: Traces): Traces {
  const alive = everyProcess();
  const inhabited = new Set(alive.flatMap((id) => networkOf(id) ?? []));
  return {
    pids: pids.filter((pid) => alive.includes(pid)),
    networks: networks.filter((network) => inhabited.has(network)),
  };
}

/** Ports on which somebody listens in the machine's own network: state 0A of /proc/net/tcp. */
export function listeningPorts(): number[] {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((path) => readIfThere(path).split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
}

/** A process and everything below it. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const id of everyProcess()) {
    const stat = readIfThere(`/proc/${id}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const below = (id: number): number[] => [id, ...(children.get(id) ?? []).flatMap(below)];
  return below(pid);
}

function everyProcess(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function networkOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined; // the process ended, or is none of ours
  }
}
