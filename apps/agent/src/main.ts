import { agentPaths, type Family, firewallRevisionSchema } from '@moru/types';
import { createAgent } from './agent.ts';
import { readConfig } from './config.ts';
import { createTools } from './firewall/tools.ts';
import { createHandler } from './http/router.ts';
import { startServer } from './http/server.ts';
import { runJob } from './large/job.ts';
import { inlineBytes, jobArgument } from './large/limits.ts';
import { createRelay } from './large/relay.ts';
import { log, messageOf } from './log.ts';
import { startHeartbeat } from './process/heartbeat.ts';
import { watchRoute } from './watch/routes.ts';
import { Watch } from './watch/watch.ts';

/** Whoever started us kills after 5 s. A change that this cuts off is whole: its restore got a COMMIT or it did not. */
const closeMs = 4_500;

try {
  const config = readConfig(process.env);
  if (process.argv[2] === jobArgument) {
    const tools = createTools();
    await runJob(createAgent(config, tools), tools);
  }
  const { host, trials, routes } = createAgent(config, createTools(inlineBytes));
  // before anybody can ask for something new
  await trials.recover();
  const relay = createRelay(trials, () => watch.hurry());
  const readFamily = async (family: Family) =>
    firewallRevisionSchema.parse(await relay.read(routes, `${agentPaths.revision}?family=${family}`));
  const watch = new Watch(host, readFamily, relay.sized);
  const server = await startServer({
    ...config,
    handle: createHandler([...routes, watchRoute(watch)], relay.handle),
  });
  watch.start();
  process.on('SIGHUP', () => void server.reload());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('agent ends', { signal });
      watch.close();
      setTimeout(() => process.exit(1), closeMs).unref();
      void server.close().then(() => process.exit(0));
    });
  }
  if (config.heartbeatFile) startHeartbeat(config.heartbeatFile);
  // whoever waits for this line may send signals from here on
  log.info('agent listens', { ...server.address });
} catch (error) {
  for (const reason of messageOf(error).split('\n')) log.error('agent cannot start', { reason });
  process.exitCode = 1;
}
