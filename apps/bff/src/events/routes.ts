import { apiPaths, lastEventHeader } from '@moru/types';
import { type Route, sent } from '../http/route.ts';
import type { Streams } from './streams.ts';

export function eventRoutes(streams: Streams): Route[] {
  return [
    sent({
      method: 'get',
      path: apiPaths.events,
      policy: 'session',
      input: {},
      sends: 'text/event-stream',
      send: ({ session, response }) =>
        streams.open(session, response, numberOf(response.req.headers[lastEventHeader])),
    }),
  ];
}

function numberOf(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : null;
}
