import type { Event, Instance, PublicIp } from '@moru/types';
import type { CloudInstance, CloudProvider } from '../cloud/provider.ts';
import type { EventBus } from '../events/bus.ts';
import type { Streams } from '../events/streams.ts';
import type { Summaries } from '../firewall/summaries.ts';
import type { Logger } from '../log.ts';
import type { Sessions } from '../session/sessions.ts';
import { type Remembered, rememberRows } from './changes.ts';

/** A change that somebody made elsewhere is to be seen within two seconds. */
const lookMs = 1_000;
/** A project of thousands takes the cloud a while to list: it is asked for a fifth of the time at most. */
const restShare = 4;
const troubleMs = 5_000;
/** More than this at once is read anew by consoles faster than it is told. */
const mostTold = 50;

interface Watched {
  instances: Remembered<CloudInstance>;
  publicIps: Remembered<PublicIp>;
  dueAt: number;
  running: boolean;
}

interface Parts {
  cloud: CloudProvider;
  bus: EventBus;
  streams: Pick<Streams, 'listeners'>;
  sessions: Pick<Sessions, 'resume'>;
  summaries: Pick<Summaries, 'addTo'>;
  log: Logger;
}

/**
 * Looks at what the cloud has of each project that somebody listens to, on behalf of one who does, and tells what
 * others changed: the cloud's own console, its API, another replica. Returns what ends it.
 */
export function watchProjects({ cloud, bus, streams, sessions, summaries, log }: Parts): () => void {
  const projects = new Map<string, Watched>();

  const tell = async (projectId: string, events: readonly Event[]) => {
    const told: readonly Event[] = events.length > mostTold ? [{ kind: 'reset' }] : events;
    if (told.length > 0) await bus.publish(told.map((event) => ({ projectId, event })));
  };

  const look = async (projectId: string, watched: Watched, idHash: string) => {
    const session = await sessions.resume(idHash);
    if (!session) return;
    const caller = { token: session.token, requestId: `watch-${projectId}` };
    const [instances, publicIps] = await Promise.all([
      cloud.listInstances(caller),
      cloud.listPublicIps(caller),
    ]);
    const machines = watched.instances.compare(instances);
    const addresses = watched.publicIps.compare(publicIps);
    if (!machines || !addresses) return;
    const whole: Instance[] =
      machines.changed.length > mostTold ? [] : await summaries.addTo(machines.changed, 0);
    if (whole.length < machines.changed.length) return tell(projectId, [{ kind: 'reset' }]);
    await tell(projectId, [
      ...whole.map((instance): Event => ({ kind: 'instance', id: instance.id, instance })),
      ...machines.gone.map((id): Event => ({ kind: 'instance', id, instance: null })),
      ...addresses.changed.map((publicIp): Event => ({ kind: 'publicIp', id: publicIp.id, publicIp })),
      ...addresses.gone.map((id): Event => ({ kind: 'publicIp', id, publicIp: null })),
    ]);
  };

  const lookIfDue = async (projectId: string, watched: Watched, idHash: string) => {
    const began = Date.now();
    if (watched.running || began < watched.dueAt) return;
    watched.running = true;
    try {
      await look(projectId, watched, idHash);
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
    for (const [projectId, [idHash]] of listeners) {
      if (idHash === undefined) continue;
      const watched = projects.get(projectId) ?? {
        instances: rememberRows<CloudInstance>(),
        publicIps: rememberRows<PublicIp>(),
        dueAt: 0,
        running: false,
      };
      projects.set(projectId, watched);
      void lookIfDue(projectId, watched, idHash);
    }
  }, lookMs);
  return () => clearInterval(timer);
}
