import { bootRoute } from './boot/routes.ts';
import { readConfig } from './config.ts';
import { firewallRoutes } from './firewall/routes.ts';
import { createTools } from './firewall/tools.ts';
import { keepSaved } from './generations/keep-saved.ts';
import { generationRoutes } from './generations/routes.ts';
import { versionRoute } from './host/version.ts';
import { createHandler } from './http/router.ts';
import { startServer } from './http/server.ts';
import { log, messageOf } from './log.ts';
import { createGate } from './process/gate.ts';
import { routingRoutes } from './routing/routes.ts';
import { trialHost } from './trial/host.ts';
import { trialRoutes } from './trial/routes.ts';
import { createTrials } from './trial/trials.ts';

/** Whoever started us kills after 5 s. A change that this cuts off is whole: its restore got a COMMIT or it did not. */
const closeMs = 4_500;

try {
  const config = readConfig(process.env);
  const tools = createTools();
  const host = trialHost(config, tools);
  const gate = createGate(1, 8);
  const trials = createTrials(host, gate);
  // before anybody can ask for something new
  await trials.recover();
  const handle = createHandler([
    versionRoute(tools),
    ...firewallRoutes(tools, config, {
      gate,
      assertFree: trials.assertNone,
      saved: (family, requestId) => keepSaved(host, family, requestId),
    }),
    ...routingRoutes(config),
    ...trialRoutes(host, trials),
    ...generationRoutes(config),
    bootRoute(config),
  ]);
  const server = await startServer({ ...config, handle });
  process.on('SIGHUP', () => void server.reload());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('agent ends', { signal });
      setTimeout(() => process.exit(1), closeMs).unref();
      void server.close().then(() => process.exit(0));
    });
  }
  // whoever waits for this line may send signals from here on
  log.info('agent listens', { ...server.address });
} catch (error) {
  for (const reason of messageOf(error).split('\n')) log.error('agent cannot start', { reason });
  process.exitCode = 1;
}
