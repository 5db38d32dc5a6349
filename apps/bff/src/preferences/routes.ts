import { apiPaths, instanceListPreferenceSchema } from '@moru/types';
import { own, type Route } from '../http/route.ts';
import type { PreferenceRecords } from './records.ts';

/** How a user likes their own screens; they are read with the session. */
export function preferenceRoutes(records: PreferenceRecords): Route[] {
  return [
    own({
      method: 'put',
      path: apiPaths.instanceListPreference,
      policy: 'session',
      input: { body: instanceListPreferenceSchema },
      output: null,
      handle: ({ session, input }) => records.saveInstanceList(session.user.id, input.body),
    }),
  ];
}
