import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { run } from '@moru/hosts';

/**
 * What an installation must leave alone on the machine, as text to compare before and after: interfaces,
 * addresses, routes, rules of every back end, listeners, mounts, network namespaces, units, init scripts.
 */
export async function machineState(): Promise<string> {
  const parts: Record<string, string> = {
    links: await run('ip', ['-o', 'link']),
    addresses: (await run('ip', ['-o', 'address'])).replace(/(valid|preferred)_lft \S+/g, ''),
    routes: `${await run('ip', ['route', 'show', 'table', 'all'])}${await run('ip', ['rule'])}`,
    listeners: listeners(),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    networks: networkNamespaces(),
    legacyTables: readIfThere('/proc/net/ip_tables_names'),
    nftRules: existsSync('/usr/sbin/iptables-nft-save') ? await run('iptables-nft-save', []) : '',
    units: ['/etc/systemd/system', '/lib/systemd/system', '/etc/init.d'].map(listTree).join('\n'),
    policy: String(existsSync('/usr/sbin/policy-rc.d')),
  };
  return Object.entries(parts)
    .map(([name, text]) => `## ${name}\n${text.replace(/^#.*$/gm, '').trim()}\n`)
    .join('\n');
}

/** State 0A of /proc/net/tcp (listening), with the address; established connections come and go. */
function listeners(): string {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((path) => readIfThere(path).split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => fields[1])
    .sort()
    .join('\n');
}

function networkNamespaces(): string {
  const seen = new Set<string>();
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      seen.add(readlinkSync(`/proc/${pid}/ns/net`));
    } catch {
      // the process ended, or is none of ours
    }
  }
  return [...seen].sort().join('\n');
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
