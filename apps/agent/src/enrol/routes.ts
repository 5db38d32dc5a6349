import { agentPaths } from '@moru/types';
import { z } from 'zod';
import type { Route } from '../http/router.ts';
import type { HostEnrolment } from './host-enrolment.ts';

const nothing = z.strictObject({});

/** The console asks the agent to check in: what it then does, the enrolment listener tells it. */
export function checkInRoute(enrolment: () => HostEnrolment | null): Route {
  return {
    method: 'POST',
    path: agentPaths.checkIn,
    handle: async ({ query, body }) => {
      nothing.parse(query);
      nothing.parse(body);
      enrolment()?.nudge();
      return {};
    },
  };
}
