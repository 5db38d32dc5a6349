import { readFile } from 'node:fs/promises';
import {
  type Family,
  type RoutingChecked,
  type RoutingState,
  routingCheckSchema,
  routingPaths,
} from '@moru/types';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { escapeControls } from '../firewall/hostile.ts';
import type { Route } from '../http/router.ts';
import { createGate } from '../process/gate.ts';
import { keepBase } from '../trial/bases.ts';
import { checkRoutes } from './check.ts';
import { lastingRoutes } from './difference.ts';
import { judgeDefaults, judgeProblems } from './judge.ts';
import { keeperOf, readBootFiles } from './keep/boot-files.ts';
import { isAsymmetric, wayTo } from './loses-way.ts';
import { printNetRoute } from './net-route.ts';
import { findPeers } from './peers.ts';
import { hasFamily, readRouting, runIp } from './read.ts';
import { revisionOf } from './revision.ts';

const noQuerySchema = z.strictObject({});

type Host = Pick<Config, 'listen' | 'stateFolder'>;

const families: readonly Family[] = ['ipv4', 'ipv6'];

async function shownIp(family: Family): Promise<string> {
  if (!hasFamily(family)) return '';
  return escapeControls(await runIp(family === 'ipv4' ? ['route'] : ['-6', 'route']));
}

/** Routes, what they mean and what is wrong with them, as they are now. Throws ProblemError `host.failed`. */
export async function readRoutingState({ listen, stateFolder }: Host): Promise<RoutingState> {
  const readAt = new Date().toISOString();
  const [facts, peers, boot, netRoute, ip, ip6] = await Promise.all([
    readRouting(),
    findPeers(listen.port),
    readBootFiles(),
    readFile('/proc/net/route', 'utf8').catch(() => ''),
    shownIp('ipv4'),
    shownIp('ipv6'),
  ]);
  const revision = revisionOf(facts.routes);
  await keepBase(stateFolder, 'routes', revision, () => JSON.stringify(lastingRoutes(facts.routes)));
  return {
    readAt,
    revision,
    ...facts,
    defaults: { ipv4: judgeDefaults(facts, 'ipv4'), ipv6: judgeDefaults(facts, 'ipv6') },
    problems: families.flatMap((family) => judgeProblems(facts, family)),
    peers: peers.map((peer) => {
      const way = wayTo(facts, peer);
      return { peer, way, asymmetric: isAsymmetric(way, peer, facts.interfaces) };
    }),
    outputs: {
      route: { command: 'sudo route -n', text: escapeControls(printNetRoute(netRoute)) },
      ip: { command: 'ip route', text: ip },
      ip6: { command: 'ip -6 route', text: ip6 },
    },
    keeper: keeperOf(boot),
  };
}

/** The routes of this host, to be read, and edits of them, to be judged. */
export function routingRoutes(host: Host): Route[] {
  // each read runs some seven small programs
  const reading = createGate(2, 16);
  return [
    {
      method: 'GET',
      path: routingPaths.routing,
      handle: async ({ query }): Promise<RoutingState> => {
        noQuerySchema.parse(query);
        return reading(() => readRoutingState(host));
      },
    },
    {
      method: 'POST',
      path: routingPaths.check,
      handle: async ({ query, body }): Promise<RoutingChecked> => {
        noQuerySchema.parse(query);
        const check = routingCheckSchema.parse(body);
        return reading(() => checkRoutes(check, host.listen.port));
      },
    },
  ];
}
