import { accessSync, readFileSync } from 'node:fs';
import {
  agentReadMs,
  type Family,
  familySchema,
  type HostInterface,
  type NetworkRoute,
  type PolicyRule,
  ProblemError,
} from '@moru/types';
import { findProgram } from '../process/find.ts';
import type { Command } from '../process/standby.ts';
import { type Limits, runProgram } from '../process/start.ts';
import { parseInterfaces } from './parse-interfaces.ts';
import { parseRoutes } from './parse-routes.ts';
import { parsePolicyRules } from './parse-rules.ts';

/** What the judge and the planner work on. */
export interface RoutingFacts {
  /** both families, every table, in the kernel's order */
  routes: NetworkRoute[];
  interfaces: HostInterface[];
  rules: PolicyRule[];
}

/** Some 20,000 routes; a host with a full table of the internet is no host of ours. */
const limits: Limits = { timeoutMs: agentReadMs - 1_000, maxBytes: 2 * 1024 * 1024 };

const option: Record<Family, string> = { ipv4: '-4', ipv6: '-6' };

/** Runs `ip` to its end. Throws ProblemError `host.failed` where it fails, is missing or says too much. */
export async function runIp(args: readonly string[], input?: string): Promise<string> {
  const ip = findProgram('ip');
  if (!ip) throw new ProblemError('host.failed', { detail: 'The host has no `ip` (iproute2).' });
  const outcome = await runProgram(ip, args, limits, input);
  if (outcome.exitCode !== 0 || outcome.timedOut || outcome.truncated) {
    const why = outcome.timedOut ? 'did not end' : outcome.truncated ? 'said too much' : 'failed';
    throw new ProblemError('host.failed', {
      detail: `ip ${args.join(' ')} ${why}.`,
      upstream: outcome.stderr.slice(0, 4096),
    });
  }
  return outcome.stdout;
}

/** A kernel without IPv6 has neither the file nor answers for `ip -6`. */
export function hasFamily(family: Family): boolean {
  if (family === 'ipv4') return true;
  try {
    accessSync('/proc/net/if_inet6');
    return true;
  } catch {
    return false;
  }
}

const routesArgs = (family: Family) => ['-o', '-d', option[family], '-batch', '-'];
const interfacesArgs = ['-j', 'addr'];

/** What `readRouting` starts for routes of one family. */
export function routingCommands(family: Family): Command[] {
  const ip = findProgram('ip');
  return ip && hasFamily(family) ? [routesArgs(family), interfacesArgs].map((args) => [ip, ...args]) : [];
}

/** A policy rule of `ip rule`; no route begins like this. */
const isRule = (line: string) => /^\d+:/.test(line);

/** Routes and policy rules of one family, by one program: each start of one costs more than what it says. */
async function readFamily(family: Family): Promise<Pick<RoutingFacts, 'routes' | 'rules'>> {
  if (!hasFamily(family)) return { routes: [], rules: [] };
  const said = await runIp(routesArgs(family), 'route show table all\nrule\n');
  const lines = said.split('\n');
  return {
    routes: parseRoutes(lines.filter((line) => !isRule(line)).join('\n'), family),
    rules: parsePolicyRules(lines.filter(isRule).join('\n'), family),
  };
}

/** Routes of one family as they are now. Throws ProblemError `host.failed`. */
export async function readRoutes(family: Family): Promise<NetworkRoute[]> {
  if (!hasFamily(family)) return [];
  return parseRoutes(await runIp(['-o', '-d', option[family], 'route', 'show', 'table', 'all']), family);
}

/** The kernel makes these files as they are read: nothing to wait for, and there are two for each interface. */
function setting(path: string): number | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

/** The larger value counts (ip-sysctl.rst of the kernel, rp_filter). */
function reversePathFilter(device: string): number | null {
  const folder = '/proc/sys/net/ipv4/conf';
  // the kernel writes a dot of the name as a slash in sysctl names only, not in this path
  const [all, own] = [setting(`${folder}/all/rp_filter`), setting(`${folder}/${device}/rp_filter`)];
  return all === null || own === null ? null : Math.max(all, own);
}

async function readInterfaces(): Promise<HostInterface[]> {
  let links: ReturnType<typeof parseInterfaces>;
  try {
    links = parseInterfaces(await runIp(interfacesArgs));
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('host.failed', { detail: '`ip -j addr` cannot be read.' }, { cause: error });
  }
  return links.map((link) => ({ ...link, reversePathFilter: reversePathFilter(link.name) }));
}

/** Interfaces of this host, and routes and policy rules of these families. Throws ProblemError `host.failed`. */
export async function readRouting(families: readonly Family[] = familySchema.options): Promise<RoutingFacts> {
  const [each, interfaces] = await Promise.all([Promise.all(families.map(readFamily)), readInterfaces()]);
  return {
    routes: each.flatMap(({ routes }) => routes),
    interfaces,
    rules: each.flatMap(({ rules }) => rules),
  };
}
