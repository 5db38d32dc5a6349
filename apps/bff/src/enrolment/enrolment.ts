import { agentPaths } from '@moru/types';
import { type AgentChannel, createAgentChannel } from '../agent/channel.ts';
import { withHandshake } from '../agent/handshake.ts';
import { findAgent } from '../agent/target.ts';
import type { AuditRecorders } from '../audit/operation.ts';
import type { Caller, CloudInstance, CloudProvider } from '../cloud/provider.ts';
import type { Config } from '../config.ts';
import { createLimit } from '../firewall/limit.ts';
import type { Route } from '../http/route.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';
import { authoritiesFreshMs, createAuthorities } from './authorities.ts';
import { createCertificates } from './certificates.ts';
import { createContacts } from './contacts.ts';
import { createHostDesk } from './desk.ts';
import { createEnrolments } from './enrolments.ts';
import { createHostApi } from './host-api.ts';
import { createHostViews } from './host-views.ts';
import { type EnrolmentListener, listenForHosts } from './listener.ts';
import { createRotation } from './rotation.ts';
import { hostRoutes } from './routes.ts';
import { createJoinTokens } from './tokens.ts';
import { type AgentTrust, createAgentTrust } from './trust.ts';

export interface Enrolment {
  /** to the agents of hosts that are enrolled */
  channel: AgentChannel;
  trust: Pick<AgentTrust, 'enrolled'>;
  /** the disk that the host was known by is no more; nothing where none was known */
  replaced(instanceId: string, by: string): Promise<void>;
  routes(cloud: CloudProvider): Route[];
  /** null where the configuration names no listener */
  listen(): Promise<EnrolmentListener | null>;
  close(): void;
}

export interface EnrolmentParts extends AuditRecorders {
  config: Config;
  db: Database;
  box: SecretBox;
}

/** Open connections are looked at this often: with what is remembered of trust, a revocation counts within 15 s. */
const sweepMs = 10_000;
const nudgedAtOnce = 16;
const nudgeTimeoutMs = 3_000;

/** Everything by which hosts become and stay known. Rejects with StoreError when an authority's key cannot be opened. */
export async function createEnrolment({ config, db, box, audit, log }: EnrolmentParts): Promise<Enrolment> {
  const settings = config.enrolment;
  const authorities = createAuthorities(db, box);
  await authorities.check();
  const tokens = createJoinTokens(db);
  const enrolments = createEnrolments(db, authorities, settings);
  const certificates = createCertificates(db, authorities, settings);
  const contacts = createContacts(db);
  const trust = createAgentTrust(db, authorities);
  const channel = withHandshake(
    createAgentChannel({ trust, socketPath: config.agentSocket, answered: contacts.answered }),
  );
  const { checkInSeconds } = settings;
  const desk = createHostDesk({
    authorities,
    tokens,
    enrolments,
    certificates,
    contacts,
    trust,
    checkInSeconds,
    audit,
    log,
  });

  const sweeper = setInterval(() => {
    channel.sweep().catch((error: unknown) => log.error({ error }, 'open connections were not checked'));
  }, sweepMs);
  const later = new Set<NodeJS.Timeout>();

  /** Twice: the second time no replica answers by what it read before. */
  const nudge = (caller: Caller, instances: readonly CloudInstance[]) => {
    const limit = createLimit(nudgedAtOnce);
    const all = () => {
      for (const target of instances.flatMap((instance) => findAgent(instance) ?? [])) {
        const request = { method: 'POST', path: agentPaths.checkIn, body: {} } as const;
        const { requestId } = caller;
        limit(() => channel.send(target, { ...request, requestId, timeoutMs: nudgeTimeoutMs })).catch(
          (error: unknown) => log.debug({ error, instanceId: target.instanceId }, 'a host was not nudged'),
        );
      }
    };
    all();
    const timer = setTimeout(() => {
      later.delete(timer);
      all();
    }, 2 * authoritiesFreshMs);
    later.add(timer);
  };

  const changed = (instanceId: string) => {
    trust.forget(instanceId);
    channel.cut(instanceId);
  };

  return {
    channel,
    trust,
    async replaced(instanceId, by) {
      await enrolments.end(instanceId, by);
      changed(instanceId);
    },
    routes: (cloud) =>
      hostRoutes({
        cloud,
        authorities,
        tokens,
        enrolments,
        views: createHostViews(db, tokens, settings),
        rotation: createRotation(db, authorities),
        server: settings.listen?.url ?? null,
        automatic: settings.automatic,
        installCommand: settings.installCommand,
        changed,
        nudge,
      }),
    listen: async () =>
      settings.listen && listenForHosts(settings.listen, createHostApi(desk, log), { authorities, log }),
    close() {
      clearInterval(sweeper);
      for (const timer of later) clearTimeout(timer);
      channel.close();
    },
  };
}
