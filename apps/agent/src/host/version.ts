import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type AgentVersion, agentPaths } from '@moru/types';
import { z } from 'zod';
import packageFile from '../../package.json' with { type: 'json' };
import type { Tools } from '../firewall/tools.ts';
import type { Route } from '../http/router.ts';

const querySchema = z.strictObject({});

/** `routes`: everything that this agent answers. */
export function versionRoute(tools: Tools, api: number, routes: () => readonly Route[]): Route {
  return {
    method: 'GET',
    path: agentPaths.version,
    handle: async ({ query }): Promise<AgentVersion> => {
      querySchema.parse(query);
      const { version } = await tools.of('ipv4');
      const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
      return {
        agent: packageFile.version,
        api,
        hostname: hostname(),
        bootId: bootId.trim(),
        simulated: false,
        iptables: version,
        verbs: routes().map(({ method, path }) => `${method} ${path}`),
      };
    },
  };
}
