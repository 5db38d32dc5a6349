import type { Event, Instance } from '@moru/types';
import type { MirrorChanges } from '../cloud/provider.ts';
import type { EventBus } from '../events/bus.ts';
import type { Streams } from '../events/streams.ts';
import type { Summaries } from '../firewall/summaries.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Logger } from '../log.ts';

/** A change that somebody made elsewhere is to be seen within two seconds. */
const lookMs = 1_000;
/** A project of thousands takes the cloud a while to list: it is asked for a fifth of the time at most. */
const restShare = 4;
const troubleMs = 5_000;
/** More than this at once is read anew by consoles faster than it is told. */
const mostTold = 50;

interface Watched {
  dueAt: number;
  running: boolean;
}

interface Parts {
  inventory: Pick<Inventory, 'look' | 'subscribe'>;
  bus: EventBus;
  streams: Pick<Streams, 'listeners'>;
  summaries: Pick<Summaries, 'addTo'>;
  log: Logger;
}

/**
 * Keeps the inventory of each project that somebody listens to up to date, on behalf of one who does, and tells what is
 * other than at its last reading, whoever that was for: the list that a console has just been given counts, so that
 * nothing that changes after it is missed. Changes come from the cloud's own console, its API, another replica. Returns
 * what ends it.
 */
export function watchProjects({ inventory, bus, streams, summaries, log }: Parts): () => void {
  const projects = new Map<string, Watched>();

  const eventsOf = async ({ instances, publicIps }: MirrorChanges): Promise<readonly Event[]> => {
    const count = [instances, publicIps].reduce(
      (sum, { changed, gone }) => sum + changed.length + gone.length,
      0,
    );
    if (count > mostTold) return [{ kind: 'reset' }];
    const whole: Instance[] = await summaries.addTo(instances.changed, 0);
    return [
      ...whole.map((instance): Event => ({ kind: 'instance', id: instance.id, instance })),
      ...instances.gone.map((id): Event => ({ kind: 'instance', id, instance: null })),
      ...publicIps.changed.map((publicIp): Event => ({ kind: 'publicIp', id: publicIp.id, publicIp })),
      ...publicIps.gone.map((id): Event => ({ kind: 'publicIp', id, publicIp: null })),
    ];
  };

  const tell = async (projectId: string, changes: MirrorChanges) => {
    const events = await eventsOf(changes);
    if (events.length > 0) await bus.publish(events.map((event) => ({ projectId, event })));
  };

  const unsubscribe = inventory.subscribe((projectId, changes) => {
    if (!projects.has(projectId)) return;
    tell(projectId, changes).catch((error: unknown) => {
      log.warn({ error, projectId }, 'changes could not be told');
    });
  });

  const lookIfDue = async (projectId: string, watched: Watched, idHashes: readonly string[]) => {
    const began = Date.now();
    if (watched.running || began < watched.dueAt) return;
    watched.running = true;
    try {
      await inventory.look(projectId, idHashes);
      watched.dueAt = Date.now() + restShare * (Date.now() - began);
    } catch (error) {
      watched.dueAt = Date.now() + troubleMs;
      log.debug({ error, projectId }, 'the cloud could not be watched');
    } finally {
      watched.running = false;
    }
  };

  const timer = setInterval(() => {
    const listeners = streams.listeners();
    for (const projectId of projects.keys()) if (!listeners.has(projectId)) projects.delete(projectId);
    for (const [projectId, idHashes] of listeners) {
      const watched = projects.get(projectId) ?? { dueAt: 0, running: false };
      projects.set(projectId, watched);
      void lookIfDue(projectId, watched, idHashes);
    }
  }, lookMs);
  return () => {
    unsubscribe();
    clearInterval(timer);
  };
}
