import { apiDescriptionSchema, apiPaths } from '@moru/types';
import { type Route, route } from '../http/route.ts';
import { describeApi } from './describe.ts';

/** Describes all routes, itself included; made once, when it is first asked for. */
export function apiDescriptionRoute(
  routes: () => readonly Route[],
  facts: { version: string; url: string },
): Route {
  let made: ReturnType<typeof describeApi> | undefined;
  return route({
    method: 'get',
    path: apiPaths.openApi,
    policy: 'session',
    input: {},
    output: apiDescriptionSchema,
    async handle() {
      made ??= describeApi(routes(), facts);
      return made;
    },
  });
}
