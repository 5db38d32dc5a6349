import type { Event, Instance } from '@moru/types';
import type { EventBus } from '../events/bus.ts';
import type { Streams } from '../events/streams.ts';
import type { Summaries } from '../firewall/summaries.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Logger } from '../log.ts';

/** From the beginning of one round over a project's hosts to that of the next, or longer where a round takes longer. */
const roundMs = 60_000;
/** Somebody who has just opened the console sees the first ones soon. */
const lookMs = 5_000;
/** More than this in a round is read anew by consoles faster than it is told. */
const mostTold = 50;

interface Parts {
  inventory: Pick<Inventory, 'look'>;
  bus: Pick<EventBus, 'publish'>;
  streams: Pick<Streams, 'listeners'>;
  summaries: Pick<Summaries, 'sweep'>;
  log: Logger;
}

/**
 * Reads the summary of every host of each project that somebody listens to, once a minute, and tells those that have
 * changed: the list is right before somebody looks at the row. Resolves `close` when the running round has stopped.
 */
export function sweepFleets({ inventory, bus, streams, summaries, log }: Parts) {
  const stop = new AbortController();
  const dueAt = new Map<string, number>();
  const running = new Map<string, Promise<void>>();

  const sweep = async (projectId: string, idHashes: readonly string[]) => {
    const instances = (await inventory.look(projectId, idHashes))?.instances();
    if (!instances) return;
    const changed: Instance[] = [];
    await summaries.sweep(
      instances,
      roundMs,
      (instance) => {
        if (changed.length <= mostTold) changed.push(instance);
      },
      stop.signal,
    );
    const events: Event[] =
      changed.length > mostTold
        ? [{ kind: 'reset' }]
        : changed.map((instance) => ({ kind: 'instance', id: instance.id, instance }));
    if (events.length > 0) await bus.publish(events.map((event) => ({ projectId, event })));
  };

  const look = () => {
    const listeners = streams.listeners();
    for (const projectId of dueAt.keys()) if (!listeners.has(projectId)) dueAt.delete(projectId);
    for (const [projectId, idHashes] of listeners) {
      if (running.has(projectId) || Date.now() < (dueAt.get(projectId) ?? 0)) continue;
      dueAt.set(projectId, Date.now() + roundMs);
      const round = sweep(projectId, idHashes)
        .catch((error: unknown) => log.debug({ error, projectId }, 'hosts were not all looked at'))
        .finally(() => running.delete(projectId));
      running.set(projectId, round);
    }
  };
  const timer = setInterval(look, lookMs);

  return {
    async close(): Promise<void> {
      clearInterval(timer);
      stop.abort();
      await Promise.all(running.values());
    },
  };
}
