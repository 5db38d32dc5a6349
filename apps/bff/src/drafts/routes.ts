import {
  apiPaths,
  draftLimits,
  draftSavedSchema,
  draftSaveSchema,
  draftsSchema,
  ownDraftSchema,
  ProblemError,
} from '@moru/types';
import type { CloudProvider } from '../cloud/provider.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { type Call, own, type Route, route } from '../http/route.ts';
import type { DraftPlace, DraftRecords } from './records.ts';

/** What a user wants of a host's rules and has not applied. Nothing here reaches a host, so nothing is audited. */
export function draftRoutes(cloud: CloudProvider, records: DraftRecords): Route[] {
  /** Rejects with 404 for an instance that is none of the project's. */
  const placeOf = async (call: Call<{ params: { instanceId: string } }>): Promise<DraftPlace> => {
    const { id } = await cloud.getInstance(call.caller, call.input.params.instanceId);
    return { instanceId: id, projectId: call.session.project.id, user: call.session.user };
  };

  return [
    route({
      method: 'get',
      path: pathPattern(apiPaths.drafts(':instanceId')),
      policy: 'firewall.view',
      input: { params: instanceParams },
      output: draftsSchema,
      handle: async (call) => records.drafts(await placeOf(call)),
    }),

    own({
      method: 'get',
      path: pathPattern(apiPaths.draft(':instanceId')),
      policy: 'draft.keep',
      input: { params: instanceParams },
      output: ownDraftSchema,
      handle: async (call) => ({ draft: await records.read(await placeOf(call)) }),
    }),

    own({
      method: 'put',
      path: pathPattern(apiPaths.draft(':instanceId')),
      policy: 'draft.keep',
      input: { params: instanceParams, body: draftSaveSchema },
      output: draftSavedSchema,
      maxBodyBytes: draftLimits.bodyBytes,
      async handle(call) {
        const version = await records.save(await placeOf(call), call.input.body);
        if (version === null) throw new ProblemError('draft.changed');
        return { version };
      },
    }),
  ];
}
