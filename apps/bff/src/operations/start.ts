import { randomUUID } from 'node:crypto';
import type { AuditLog } from '../audit/audit-log.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import type { Config } from '../config.ts';
import type { EventBus } from '../events/bus.ts';
import { powerPrimitives } from '../instances/power.ts';
import type { Logger } from '../log.ts';
import { publicIpPrimitives } from '../public-ips/primitives.ts';
import { type RolloutParts, rolloutPrimitives } from '../rollouts/primitives.ts';
import { rolloutCourses } from '../rollouts/stopping.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Store } from '../store/store.ts';
import { createOperationEngine } from './engine.ts';
import { startOperationKeeper } from './keeper.ts';
import { viewOf } from './model.ts';
import { type Primitives, undoSteps } from './primitives.ts';
import { createOperationRepository } from './repository.ts';
import { createOperationService } from './service.ts';

/** Beyond one call to the cloud, which no lease may end in. */
const leaseMarginMs = 5_000;

interface Parts {
  store: Store;
  bus: EventBus;
  audit: AuditLog;
  sessions: Sessions;
  cloud: CloudProvider;
  log: Logger;
  config: Pick<Config, 'cloudTimeoutMs'>;
  /** what roll-outs need beside these */
  rollouts: Omit<RolloutParts, 'cloud' | 'bus' | 'stopOf' | 'fail'>;
}

/** Puts the parts of operations together, and takes up what an earlier start or a dead replica has left. */
export async function startOperations({ store, bus, audit, sessions, cloud, log, config, rollouts }: Parts) {
  const primitives: Primitives = {
    ...publicIpPrimitives(cloud),
    ...powerPrimitives(cloud),
    // called when the repository is there
    ...rolloutPrimitives({ ...rollouts, ...rolloutCourses(() => repository), cloud, bus }),
  };
  const leaseMs = config.cloudTimeoutMs + leaseMarginMs;
  const view = (operation: Parameters<typeof viewOf>[0]) =>
    viewOf(operation, undoSteps(primitives, operation.steps) !== null);
  const owner = randomUUID();
  const repository = createOperationRepository({ store, bus, audit, owner, leaseMs, view });
  const engine = createOperationEngine({ repository, primitives, sessions, leaseMs, log });
  // nobody else can be at anything in a file that belongs to one process
  if (store.kind === 'sqlite') await repository.freeAll();
  const keeper = startOperationKeeper(repository, engine, log);
  return {
    countRunning: repository.countRunning,
    service: createOperationService({ repository, engine, primitives, log }),
    async close(graceMs: number) {
      keeper.stop();
      await engine.close(graceMs);
    },
  };
}
