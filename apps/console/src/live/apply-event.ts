import type { Event } from '@moru/types';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { showInstance } from '../instances/instance-queries.ts';
import { setIdleEnd } from '../session/idle-end.ts';

const logs: QueryKey[] = [['activity', 'instance'], ['action-log']];

function hostKeys({ id, what }: Extract<Event, { kind: 'host' }>): QueryKey[] {
  switch (what) {
    case 'trial':
      return [['trials'], ['trial', id], ['generations', id]];
    case 'routes':
      return [['routing', id]];
    case 'summary':
      return [['instances'], ['instance', id]];
    case 'firewall':
      return [
        ...[
          ['firewall', id],
          ['firewall-output', id],
          ['generations', id],
        ],
        ...[['instances'], ['instance', id]],
      ];
  }
}

/** What is to be read again because of an event; an instance that the event carries is known already. */
export function staleKeys(event: Event): QueryKey[] {
  switch (event.kind) {
    case 'instance':
      return [['instances'], ['instance', event.id], ['public-ips'], ['routing', event.id], ...logs];
    case 'publicIp':
      return [['public-ips'], ['instances'], ['instance']];
    case 'operation':
      return [['operations'], ['rollouts'], ['public-ips'], ['instances'], ['instance'], ...logs];
    case 'host':
      return hostKeys(event);
    case 'reset':
      return [[]];
    default:
      return [];
  }
}

/** What a stream missed while it could not go on is read again as a whole. */
export function applyEvent(queries: QueryClient, event: Event): void {
  if (event.kind === 'reset') {
    void queries.invalidateQueries({ predicate: ({ queryKey }) => !kept.has(String(queryKey[0])) });
    return;
  }
  // the end of its token needs no stream: it is known from the beginning
  if (event.kind === 'session.ending' && event.reason === 'idle') setIdleEnd(event.endsAt);
  if (event.kind === 'instance') showInstance(queries, event.id, () => event.instance);
  for (const queryKey of staleKeys(event)) void queries.invalidateQueries({ queryKey });
}

// neither changes with what is in the cloud or on hosts
const kept = new Set(['session', 'installation']);
