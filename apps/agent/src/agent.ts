import type { Family, WatchedFamily } from '@moru/types';
import { bootRoute } from './boot/routes.ts';
import type { Config } from './config.ts';
import { firewallRoutes } from './firewall/routes.ts';
import type { Tools } from './firewall/tools.ts';
import { loadMarks } from './foreign/marks.ts';
import { keepSaved } from './generations/keep-saved.ts';
import { generationRoutes } from './generations/routes.ts';
import type { Route } from './http/router.ts';
import { createGate } from './process/gate.ts';
import { routingRoutes } from './routing/routes.ts';
import { sshguardProposalRoute } from './sshguard/routes.ts';
import { keepBase } from './trial/bases.ts';
import { type TrialHost, trialHost } from './trial/host.ts';
import { ownedSave } from './trial/rewrite.ts';
import { trialRoutes } from './trial/routes.ts';
import { createTrials, type Trials } from './trial/trials.ts';
import { noteMade, outsideOf } from './watch/left-rules.ts';

/** What answers for one host. */
export interface Agent {
  /** one change of the host at a time */
  gate: ReturnType<typeof createGate>;
  host: TrialHost;
  trials: Trials;
  routes: Route[];
}

interface Surroundings {
  /** told of a family whose rules somebody sees */
  seen?(family: Family): void;
  /** what the watch has last seen of a family */
  watched?(family: Family): WatchedFamily | null;
}

/** Puts the parts together; nothing is started yet. */
export function createAgent(config: Config, tools: Tools, { seen, watched }: Surroundings = {}): Agent {
  loadMarks(config.stateFolder);
  const host = trialHost(config, tools);
  const gate = createGate(1, 8);
  const trials = createTrials(host, gate);
  const routes = [
    ...firewallRoutes(tools, config, {
      gate,
      assertFree: trials.assertNone,
      shown: async (family, revision, set) => {
        await keepBase(config.stateFolder, family, revision, () => ownedSave(set));
        seen?.(family);
      },
      made: (family, revision) => noteMade(config.stateFolder, family, revision),
      async saved(family, revision, requestId) {
        await noteMade(config.stateFolder, family, revision);
        await keepSaved(host, family, requestId);
      },
      outside: (family, revision) => outsideOf(host, family, revision, watched?.(family) ?? null),
    }),
    ...routingRoutes(config),
    ...trialRoutes(host, trials, gate),
    ...generationRoutes(host),
    bootRoute(config),
    sshguardProposalRoute(tools),
  ];
  return { gate, host, trials, routes };
}
