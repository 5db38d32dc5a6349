import { type WatchState, watchPath, watchQuerySchema } from '@moru/types';
import type { Route } from '../http/router.ts';
import type { Watch } from './watch.ts';

/** What was last seen of the rules; with `after` and `wait` once it is something else. */
export function watchRoute(watch: Watch): Route {
  return {
    method: 'GET',
    path: watchPath,
    handle: async ({ query }): Promise<WatchState> => {
      const { after, wait } = watchQuerySchema.parse(query);
      return watch.state(after, wait * 1000);
    },
  };
}
