import { open } from 'node:fs/promises';
import type { Peer } from '@moru/types';
import { sshdPorts } from '../boot/sshd-ports.ts';
import { parseAddress, printAddress } from './address.ts';

/** More than that are not administrators. */
const maxPeers = 64;
/** Of /proc/net/tcp: some 6,000 connections. */
const maxBytes = 1024 * 1024;
const established = '01';

/** An address in /proc/net/tcp: words of 32 bits in the byte order of the machine (little-endian). */
function hexAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  const bits = BigInt(`0x${bytes.join('')}`);
  if (bytes.length === 4) return printAddress({ family: 'ipv4', bits });
  // an IPv4 client of a socket of both families
  if (bits >> 32n === 0xffffn) return printAddress({ family: 'ipv4', bits: bits & 0xffffffffn });
  return printAddress({ family: 'ipv6', bits });
}

/** The far ends of established connections to `ports`, from the text of /proc/net/tcp or tcp6. */
export function parseConnections(text: string, ports: readonly number[], kind: Peer['kind']): Peer[] {
  return text.split('\n').flatMap((line) => {
    const parts = /^\s*\d+: ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{8,32}):[0-9A-F]{4} ([0-9A-F]{2}) /.exec(
      line,
    );
    const [, local, port, remote, state] = parts ?? [];
    if (!local || !port || !remote || state !== established) return [];
    if (!ports.includes(Number.parseInt(port, 16))) return [];
    return [{ kind, address: hexAddress(remote), local: hexAddress(local) }];
  });
}

/** The name servers of resolv.conf(5). */
export function parseNameServers(text: string): Peer[] {
  return [...text.matchAll(/^\s*nameserver\s+([0-9A-Fa-f:.]+)/gm)].flatMap(([, name = '']) => {
    const address = parseAddress(name);
    return address ? [{ kind: 'dns' as const, address: printAddress(address), local: null }] : [];
  });
}

/** At most `maxBytes` of a file; empty where it cannot be read. */
async function beginning(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(maxBytes);
      let filled = 0;
      // a file of /proc is read a page at a time
      for (;;) {
        const { bytesRead } = await file.read(buffer, filled, maxBytes - filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.toString('utf8', 0, filled);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/** Everyone once, in order, at most `maxPeers`. */
function distinct(peers: readonly Peer[]): Peer[] {
  const known = new Map<string, Peer>();
  for (const peer of peers) {
    if (known.size === maxPeers) break;
    const key = [peer.kind, peer.address, peer.local].join();
    if (!known.has(key)) known.set(key, peer);
  }
  return [...known.values()];
}

/**
 * Who must still be reached: the console by its connections to the agent's port, SSH clients, name servers, and the
 * addresses that the caller names. systemd-resolved hides the name servers behind 127.0.0.53; its own list is read too.
 */
export async function findPeers(agentPort: number, given: readonly string[] = []): Promise<Peer[]> {
  const [tcp, tcp6, resolv, resolved, ssh] = await Promise.all([
    beginning('/proc/net/tcp'),
    beginning('/proc/net/tcp6'),
    beginning('/etc/resolv.conf'),
    beginning('/run/systemd/resolve/resolv.conf'),
    sshdPorts(),
  ]);
  const connections = (ports: readonly number[], kind: Peer['kind']) =>
    [tcp, tcp6].flatMap((text) => parseConnections(text, ports, kind));
  return distinct([
    ...connections([agentPort], 'console'),
    ...given.map((address) => ({ kind: 'given' as const, address, local: null })),
    ...parseNameServers(resolv),
    ...parseNameServers(resolved),
    ...connections(ssh, 'ssh'),
  ]);
}
