import { agentReadMs, type WatchState, watchLimits, watchPath, watchStateSchema } from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import type { EventBus } from '../events/bus.ts';
import type { Logger } from '../log.ts';

/** A page that shows a host reads it oftener than this; longer than that nobody looks any more. */
const attentionMs = 20_000;
/** Each costs the host a waiting question and this process a connection. */
const maximumHosts = 200;
/** Short enough that a host that nobody looks at is left soon. */
const waitSeconds = Math.min(10, watchLimits.waitSeconds);

export interface HostWatch {
  /** somebody reads what the host holds: for a while, changes that others make there are told */
  look(target: AgentTarget, projectId: string): void;
  close(): void;
}

/** What is another; a mark that changed without its routes tells of rules. */
function changesOf(before: WatchState, now: WatchState): ('firewall' | 'routes')[] {
  if (now.mark === before.mark) return [];
  const facts = ({ mark: _mark, routes: _routes, ...rest }: WatchState) => JSON.stringify(rest);
  const routes = now.routes?.revision !== before.routes?.revision;
  if (!routes) return ['firewall'];
  return facts(before) === facts(now) ? ['routes'] : ['firewall', 'routes'];
}

interface Watched {
  target: AgentTarget;
  projectId: string;
  until: number;
}

/** Follows the hosts that somebody looks at, by their agents' own watch, and tells that one holds something else. */
export function createHostWatch(agents: Pick<AgentClient, 'ask'>, bus: EventBus, log: Logger): HostWatch {
  const hosts = new Map<string, Watched>();
  let closed = false;

  const ask = (target: AgentTarget, after: string | undefined) =>
    agents.ask(
      target,
      {
        method: 'GET',
        path: after === undefined ? watchPath : `${watchPath}?wait=${waitSeconds}&after=${after}`,
        requestId: `watch-${target.instanceId}`,
        timeoutMs: waitSeconds * 1000 + agentReadMs,
      },
      watchStateSchema,
    );

  const follow = async (watched: Watched) => {
    const { target, projectId } = watched;
    try {
      let known = await ask(target, undefined);
      while (!closed && Date.now() < watched.until) {
        const next = await ask(target, known.mark);
        for (const what of changesOf(known, next)) {
          await bus.publish([{ projectId, event: { kind: 'host', id: target.instanceId, what } }]);
        }
        known = next;
      }
    } catch (error) {
      // the page that looks at it says that the host is away, and begins this anew
      log.debug({ error, instanceId: target.instanceId }, 'a host is not followed any more');
    } finally {
      hosts.delete(target.instanceId);
    }
  };

  return {
    look(target, projectId) {
      const until = Date.now() + attentionMs;
      const known = hosts.get(target.instanceId);
      if (known) {
        known.until = until;
        return;
      }
      if (closed || hosts.size >= maximumHosts) return;
      const watched = { target, projectId, until };
      hosts.set(target.instanceId, watched);
      void follow(watched);
    },
    close() {
      closed = true;
    },
  };
}
