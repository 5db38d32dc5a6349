import {
  bcsPaths,
  createInstanceSchema,
  type InstanceAction,
  instanceActions,
  rebuildInstanceSchema,
  resizeInstanceSchema,
  strictActionLogsAnswerSchema,
  strictChangedInstanceAnswerSchema,
  strictConsoleLogsAnswerSchema,
  strictCreatedInstanceAnswerSchema,
  strictInstanceAnswerSchema,
  strictInstanceListAnswerSchema,
  strictPasswordAnswerSchema,
  updateInstanceSchema,
} from '@moru/kakaocloud';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Hosts } from '../hosts/hosts.ts';
import { answer, parameter, readBody, readQuery } from '../http/answer.ts';
import { requestIdOf } from '../http/requests.ts';
import { callerOf } from '../iam/guard.ts';
import type { ActionLogs } from './action-logs.ts';
import { newestFirst } from './console-logs.ts';
import type { Creation } from './creation.ts';
import type { Instances } from './instances.ts';
import type { Call, InstanceOperations } from './operations.ts';

/** More lines than a host's console keeps. */
const mostLines = 10_000;

const actionSchema = z.object({ action: z.enum(instanceActions) });
const consoleLogsSchema = z.object({
  lines: z
    .string('is required')
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((lines) => lines >= 1, 'must be at least 1')
    .transform((lines) => Math.min(lines, mostLines)),
});

export interface InstanceParts {
  instances: Instances;
  creation: Creation;
  operations: InstanceOperations;
  actionLogs: ActionLogs;
  hosts: Hosts;
}

/**
 * BCS: instances and their lifecycle (reference/kakaocloud.md C.4). Members operate instances as admins do (A.9,
 * inferred). Only the statuses of deletion and of actions are known, and those by hearsay; making an instance is 201 here.
 */
export function instanceRoutes({
  instances,
  creation,
  operations,
  actionLogs,
  hosts,
}: InstanceParts): Router {
  const router = Router({ caseSensitive: true });
  const idOf = (request: Request) => parameter(request, 'instanceId');
  const changed = (request: Request, response: Response) => {
    const instance = instances.changed(callerOf(request).projectId, idOf(request));
    answer(response, 200, strictChangedInstanceAnswerSchema, { instance });
  };

  router.get(bcsPaths.instances, (request, response) => {
    const list = instances.list(callerOf(request).projectId, request.query);
    answer(response, 200, strictInstanceListAnswerSchema, list);
  });

  router.post(bcsPaths.instances, (request, response) => {
    const { instance } = readBody(createInstanceSchema, request);
    const id = creation.create(callOf(request, response), instance);
    answer(response, 201, strictCreatedInstanceAnswerSchema, {
      instance: {
        id,
        security_groups: (instance.security_groups ?? []).map(({ name }) => ({ name })),
        admin_pass: null,
        disk_config: 'MANUAL',
      },
    });
  });

  router.get(bcsPaths.instance(':instanceId'), (request, response) => {
    const instance = instances.get(callerOf(request).projectId, idOf(request));
    answer(response, 200, strictInstanceAnswerSchema, { instance });
  });

  router.put(bcsPaths.instance(':instanceId'), (request, response) => {
    const { instance } = readBody(updateInstanceSchema, request);
    operations.update(callOf(request, response), idOf(request), instance);
    changed(request, response);
  });

  router.delete(bcsPaths.instance(':instanceId'), (request, response) => {
    operations.begin(callOf(request, response), idOf(request), 'delete');
    response.status(204).end();
  });

  const act = (action: InstanceAction, request: Request, response: Response) => {
    const call = callOf(request, response);
    if (action === 'start' || action === 'stop' || action === 'hard-reboot') {
      operations.begin(call, idOf(request), action);
      response.status(202).end();
      return;
    }
    // Not in the provider's table of commands for bare metal (A.3), and refused by its own clients (B.4).
    operations.refuse(call, idOf(request), `Bare metal has no ${action}`);
  };
  for (const action of instanceActions) {
    router.post(bcsPaths.action(':instanceId', action), (request, response) =>
      act(action, request, response),
    );
  }

  // The newer SDK puts the action into the query; a third party knows it in the body.
  router.post(bcsPaths.actions(':instanceId'), (request, response) => {
    const { action } =
      request.query.action === undefined ? readBody(actionSchema, request) : readQuery(actionSchema, request);
    act(action, request, response);
  });

  router.post(bcsPaths.rebuild(':instanceId'), (request, response) => {
    const { rebuild } = readBody(rebuildInstanceSchema, request);
    operations.rebuild(callOf(request, response), idOf(request), rebuild);
    changed(request, response);
  });

  router.post(bcsPaths.resize(':instanceId'), (request, response) => {
    readBody(resizeInstanceSchema, request);
    operations.refuse(callOf(request, response), idOf(request), 'Bare metal cannot be resized');
  });

  router.get(bcsPaths.actionLogs(':instanceId'), (request, response) => {
    const { id } = instances.get(callerOf(request).projectId, idOf(request));
    answer(response, 200, strictActionLogsAnswerSchema, { actions: actionLogs.of(id) });
  });

  router.get(bcsPaths.consoleLogs(':instanceId'), async (request, response) => {
    const { lines } = readQuery(consoleLogsSchema, request);
    const { id, hostname } = instances.get(callerOf(request).projectId, idOf(request));
    const text = await hosts.console({ id, hostname: hostname ?? '' });
    answer(response, 200, strictConsoleLogsAnswerSchema, { 'console-logs': newestFirst(text, lines) });
  });

  // Images for bare metal have no password: one signs in with a key.
  router.get(bcsPaths.password(':instanceId'), (request, response) => {
    instances.get(callerOf(request).projectId, idOf(request));
    answer(response, 200, strictPasswordAnswerSchema, { password: '' });
  });

  return router;
}

function callOf(request: Request, response: Response): Call {
  return { caller: callerOf(request), requestId: requestIdOf(response) };
}
