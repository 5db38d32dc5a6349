import { createAgentClient } from './agent/client.ts';
import { createTrialAgents } from './agent/trial-agents.ts';
import { apiDescriptionRoute } from './api-description/routes.ts';
import { createApp } from './app.ts';
import { createAnchors } from './audit/anchor.ts';
import { createAuditLog } from './audit/audit-log.ts';
import { startAuditKeeper } from './audit/keeper.ts';
import { auditRoutes } from './audit/routes.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import { withBreaker } from './cloud/breaker.ts';
import { withEndpoints } from './cloud/kakaocloud/endpoints.ts';
import { createKakaoCloud } from './cloud/kakaocloud/provider.ts';
import { createUpstream } from './cloud/upstream.ts';
import type { Config } from './config.ts';
import { createDraftRecords } from './drafts/records.ts';
import { draftRoutes } from './drafts/routes.ts';
import { createEnrolment } from './enrolment/enrolment.ts';
import { createEventBus, type EventBus } from './events/bus.ts';
import { eventRoutes } from './events/routes.ts';
import { createStreams } from './events/streams.ts';
import { firewallRoutes } from './firewall/routes.ts';
import { createSummaries } from './firewall/summaries.ts';
import { foreignChainRoutes } from './foreign-chains/routes.ts';
import { serveConsole } from './http/console-files.ts';
import { listen } from './http/listener.ts';
import type { Route } from './http/route.ts';
import { createIdempotencyKeys } from './idempotency/keys.ts';
import { bulkPowerRoutes } from './instances/bulk-power-routes.ts';
import { instanceCsvRoute } from './instances/csv-route.ts';
import { lifecycleRoutes } from './instances/lifecycle-routes.ts';
import { instanceRoutes } from './instances/routes.ts';
import { invalidateByEvents } from './inventory/invalidate-by-events.ts';
import { createInventory } from './inventory/inventory.ts';
import { sweepFleets } from './live/fleet-sweep.ts';
import { createHostWatch } from './live/host-watch.ts';
import { watchProjects } from './live/project-watch.ts';
import type { Logger } from './log.ts';
import { metricsHandler } from './metrics/listener.ts';
import { createMetrics, measuredChannel } from './metrics/metrics.ts';
import { operationRoutes } from './operations/routes.ts';
import { startOperations } from './operations/start.ts';
import { createPreferenceRecords } from './preferences/records.ts';
import { preferenceRoutes } from './preferences/routes.ts';
import { publicIpRoutes } from './public-ips/routes.ts';
import { createRolloutRecords } from './rollouts/records.ts';
import { createRollouts } from './rollouts/rollouts.ts';
import { rolloutRoutes } from './rollouts/routes.ts';
import { routingRoutes } from './routing/routes.ts';
import { createSessionCookie } from './session/cookie.ts';
import { sessionRoutes } from './session/routes.ts';
import { createSessions } from './session/sessions.ts';
import { sshguardRoutes } from './sshguard/routes.ts';
import { createSecretBox } from './store/secret-box.ts';
import { openStore } from './store/store.ts';
import { createTrialRecords } from './trials/records.ts';
import { trialRoutes } from './trials/routes.ts';
import { probeSsh } from './trials/ssh-probe.ts';
import { createTrialService } from './trials/trials.ts';
import { firewallWatchRoute } from './watch/routes.ts';

export interface RunningBff {
  /** null behind a unix socket */
  port: number | null;
  /** null where hosts cannot enrol */
  enrolmentPort: number | null;
  /** null where nobody reads metrics */
  metricsPort: number | null;
  routes: readonly Route[];
  bus: EventBus;
  /** resolves when nothing is left open */
  close(): Promise<void>;
}

/** Running requests get this long to end; the supervisor's own patience is 5 s. */
const graceMs = 3_000;

const sweepMs = 10 * 60_000;

/**
 * Puts the parts together and listens. Rejects with StoreError or an Error that says what is wrong. What was opened is
 * closed in the opposite order, also when a later part fails.
 */
export async function startBff(config: Config, log: Logger): Promise<RunningBff> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    return { ...(await assemble(config, log, (step) => closers.push(step))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Parts = Omit<RunningBff, 'close'>;

async function assemble(config: Config, log: Logger, onClose: (step: () => unknown) => void): Promise<Parts> {
  const consoleFiles = config.consoleFolder ? await serveConsole(config.consoleFolder) : null;
  const store = await openStore(config.store, log);
  onClose(() => store.close());
  const { db } = store;
  const metrics = createMetrics(config.version);
  const audit = createAuditLog(db);
  const anchors = config.audit.anchorFile ? createAnchors(config.audit.anchorFile, config.secretKey) : null;
  const { retentionDays } = config.audit;
  const keeper = await startAuditKeeper({ db, audit, anchors, retentionDays, log });
  onClose(keeper.stop);

  const box = createSecretBox(config.secretKey);
  const bus = await createEventBus(store, log);
  onClose(() => bus.close());
  const enrolment = await createEnrolment({ config, db, box, audit, log });
  onClose(() => enrolment.close());
  const upstream = withBreaker(createUpstream(config.cloudTimeoutMs, metrics));
  const { addresses, send } = withEndpoints(config.cloud, upstream);
  const cloud = createKakaoCloud(addresses, send);
  const channel = measuredChannel(enrolment.channel, metrics);
  const agents = createAgentClient(channel);
  const summaries = createSummaries(agents, enrolment.trust, log);
  const place = { addresses: config.consoleAddresses, simulated: config.agentSocket !== undefined };
  const trialAgents = createTrialAgents(channel);
  const trialRecords = createTrialRecords(db, box);
  const drafts = createDraftRecords(db);
  const preferences = createPreferenceRecords(db);
  const trials = createTrialService(trialAgents, trialRecords, drafts, audit, place);
  const sessions = createSessions(db, box);
  const keys = createIdempotencyKeys(db);
  const sweeper = setInterval(() => {
    sessions.sweep().catch((error: unknown) => log.error({ error }, 'old sessions were not swept'));
    trialRecords.sweep().catch((error: unknown) => log.error({ error }, 'old trials were not swept'));
    drafts.sweep().catch((error: unknown) => log.error({ error }, 'old drafts were not swept'));
    keys.sweep().catch((error: unknown) => log.error({ error }, 'old answers were not swept'));
  }, sweepMs);
  onClose(() => clearInterval(sweeper));
  const streams = createStreams({ bus, sessions, log });
  onClose(() => streams.close());
  const hostWatch = createHostWatch({ agents, summaries, bus, log });
  onClose(() => hostWatch.close());
  const inventory = createInventory(cloud, sessions);
  onClose(invalidateByEvents(bus, inventory));
  onClose(watchProjects({ inventory, bus, streams, summaries, log }));
  const fleets = sweepFleets({ inventory, bus, streams, summaries, log });
  onClose(() => fleets.close());
  const cookie = createSessionCookie(config.installationId);
  const rolloutRecords = createRolloutRecords(db);
  const operations = await startOperations({
    ...{ store, bus, audit, sessions, cloud, log, config },
    rollouts: { agents, trials, records: rolloutRecords, place, probeSsh },
  });
  onClose(() => operations.close(graceMs));

  const rollouts = createRollouts({
    ...{ cloud, agents, trialAgents, records: rolloutRecords, operations: operations.service },
  });

  const installation = {
    name: config.installationName,
    version: config.version,
    embedded: config.embedded,
    hosts: config.hosts,
    ...(config.hostsReason !== undefined && { hostsReason: config.hostsReason }),
    ...(config.publicIpPrice && { publicIpPrice: config.publicIpPrice }),
    seededAccounts: config.accounts.map(({ id, name, role }) => ({ id, name, role })),
  };
  const services = { sessions, cookie, audit, keys, log, inventory };
  const routes: Route[] = [
    ...sessionRoutes({
      ...services,
      cloud,
      bus,
      installation,
      accounts: config.accounts,
      preferences,
      region: config.region,
    }),
    ...instanceRoutes(cloud, inventory, summaries, hostWatch),
    instanceCsvRoute(inventory, summaries),
    ...lifecycleRoutes(cloud, enrolment, log),
    ...bulkPowerRoutes(cloud, operations.service),
    ...catalogueRoutes(cloud),
    ...publicIpRoutes(cloud, operations.service),
    ...operationRoutes(operations.service),
    ...firewallRoutes(cloud, agents, summaries, hostWatch),
    ...draftRoutes(cloud, drafts),
    ...preferenceRoutes(preferences),
    ...trialRoutes(cloud, trialAgents, trials, place, bus),
    ...rolloutRoutes(rollouts, operations.service, place),
    ...routingRoutes(cloud, trialAgents, hostWatch),
    firewallWatchRoute(cloud, agents),
    ...foreignChainRoutes(cloud, agents),
    ...sshguardRoutes(cloud, agents),
    ...enrolment.routes(cloud),
    ...auditRoutes(audit, keeper.verify),
    ...eventRoutes(streams),
    apiDescriptionRoute(() => routes, { version: config.version, url: config.publicUrl.origin }),
  ];
  const app = createApp({
    ...services,
    publicUrl: config.publicUrl,
    db,
    cloud,
    routes,
    metrics,
    consoleFiles,
  });

  metrics.observe({
    streams: streams.count,
    sessions: sessions.count,
    operationsRunning: operations.countRunning,
  });
  const metricsListener =
    config.metricsListen &&
    (await listen({ kind: 'tcp', ...config.metricsListen }, metricsHandler(metrics, log), log));
  onClose(() => metricsListener?.close(graceMs));
  const hostListener = await enrolment.listen();
  onClose(() => hostListener?.close(graceMs));
  const listener = await listen(config.listen, app, log);
  onClose(() => listener.close(graceMs));
  onClose(() => streams.drain());
  return {
    port: listener.port,
    enrolmentPort: hostListener?.port ?? null,
    metricsPort: metricsListener?.port ?? null,
    routes,
    bus,
  };
}
