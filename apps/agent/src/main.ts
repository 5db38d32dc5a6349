import { agentPaths, type Family, firewallRevisionSchema } from '@moru/types';
import packageFile from '../package.json' with { type: 'json' };
import { createAgent } from './agent.ts';
import { readConfig } from './config.ts';
import { credentialFile } from './enrol/files.ts';
import { type HostEnrolment, startHostEnrolment } from './enrol/host-enrolment.ts';
import { checkInRoute } from './enrol/routes.ts';
import { createTools } from './firewall/tools.ts';
import { foreignChainRoutes } from './foreign/routes.ts';
import { versionRoute } from './host/version.ts';
import { withHandshake } from './http/handshake.ts';
import { createHandler, type Route } from './http/router.ts';
import { type AgentServer, startServer } from './http/server.ts';
import { runJob } from './large/job.ts';
import { inlineBytes, jobArgument } from './large/limits.ts';
import { createRelay } from './large/relay.ts';
import { log, messageOf } from './log.ts';
import { startHeartbeat } from './process/heartbeat.ts';
import { dropReady } from './process/standby.ts';
import { sshguardRoutes } from './sshguard/routes.ts';
import { uptime } from './trial/clock.ts';
import { readyForTrial } from './trial/ready.ts';
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
  const tools = createTools(inlineBytes);
  const { gate, host, trials, routes } = createAgent(config, tools, {
    seen: (family) => void readyForTrial(tools, family),
    watched: (family) => watch.seenOf(family),
  });
  // before anybody can ask for something new
  await trials.recover();
  const relay = createRelay(trials, () => watch.changing());
  const readFamily = async (family: Family) =>
    firewallRevisionSchema.parse(await relay.read(routes, `${agentPaths.revision}?family=${family}`));
  const watch = new Watch(host, readFamily, relay.sized);
  let server: AgentServer | null = null;
  let enrolment: HostEnrolment | null = null;
  // before the agent says that it listens: whoever waits for that may send signals from then on
  process.on('SIGHUP', () => void (enrolment ?? server)?.reload());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('agent ends', { signal });
      watch.close();
      dropReady();
      setTimeout(() => process.exit(1), closeMs).unref();
      void Promise.all([server?.close(), enrolment?.stop()]).then(() => process.exit(0));
    });
  }
  const all: Route[] = [
    versionRoute(tools, config.api, () => all),
    ...routes,
    watchRoute(watch),
    ...sshguardRoutes(tools, watch, gate),
    ...foreignChainRoutes(config, { watch, gate, assertFree: trials.assertNone }),
    checkInRoute(() => enrolment),
  ];
  const { version } = packageFile;
  const handle = withHandshake(createHandler(all, relay.handle), {
    stamp: () => ({ version, api: config.api, bootId: host.bootId, uptime: uptime() }),
    maxAgeSeconds: config.maxAgeSeconds,
  });
  server = await startServer({ ...config, credentialFile: credentialFile(config), handle });
  watch.start();
  enrolment = await startHostEnrolment(config, server);
  if (config.heartbeatFile) startHeartbeat(config.heartbeatFile);
} catch (error) {
  for (const reason of messageOf(error).split('\n')) log.error('agent cannot start', { reason });
  process.exitCode = 1;
}
