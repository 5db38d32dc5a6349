import {
  actionOfDeciding,
  apiPaths,
  operationListSchema,
  operationQuerySchema,
  operationSchema,
  ProblemError,
  problemOf,
  roleAllows,
} from '@moru/types';
import { z } from 'zod';
import { id, pathPattern } from '../http/paths.ts';
import { type Prepared, type Route, route, stepped } from '../http/route.ts';
import type { Progress } from './engine.ts';
import type { StoredOperation } from './model.ts';
import type { OperationService } from './service.ts';

const params = z.strictObject({ operationId: id });

export function operationRoutes(operations: OperationService): Route[] {
  const decision = (name: 'goOn' | 'undo', path: string): Route =>
    stepped({
      method: 'post',
      path: pathPattern(path),
      policy: name === 'goOn' ? 'operation.continue' : 'operation.undo',
      input: { params },
      output: operationSchema,
      audit: ({ params: { operationId } }) => ({
        target: { type: 'operation', id: operationId },
        detail: {},
      }),
      async prepare({ session, input }): Promise<Prepared<StoredOperation>> {
        const read = await operations.find(session.project.id, input.params.operationId);
        const { kind, subject } = read;
        if (!roleAllows(session.role, actionOfDeciding(kind))) throw new ProblemError('role.insufficient');
        return {
          read,
          instance: null,
          name: subject.instanceName,
          found: { kind, address: subject.address },
        };
      },
      async handle(_call, read, recorded) {
        return operations.view(await changedOrThrow(await operations[name](recorded, read)));
      },
    });

  return [
    route({
      method: 'get',
      path: apiPaths.operations,
      policy: 'session',
      input: { query: z.strictObject(operationQuerySchema.shape) },
      output: operationListSchema,
      async handle({ session, input }) {
        const { operations: rows, page } = await operations.list(session.project.id, input.query);
        return { operations: rows.map(operations.view), page };
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.operation(':operationId')),
      policy: 'session',
      input: { params },
      output: operationSchema,
      handle: async ({ session, input }) =>
        operations.view(await operations.find(session.project.id, input.params.operationId)),
    }),

    decision('goOn', apiPaths.operationContinue(':operationId')),
    decision('undo', apiPaths.operationUndo(':operationId')),
  ];
}

/** Waits until the world is changed. Rejects with why it is not, naming the operation where it can be decided on. */
export async function changedOrThrow({ changed }: Progress): Promise<StoredOperation> {
  const operation = await changed;
  const { id: operationId, state, problem } = operation;
  if (state === 'running' || state === 'succeeded' || state === 'undone') return operation;
  const decidable = state === 'failed' ? {} : { operationId };
  const { detail, upstream, code } = problem ?? problemOf('outcome.unknown');
  throw new ProblemError(code, {
    ...(detail !== undefined && { detail }),
    ...(upstream !== undefined && { upstream }),
    ...decidable,
  });
}
