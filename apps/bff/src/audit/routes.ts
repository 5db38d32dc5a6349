import {
  type AuditRecord,
  apiPaths,
  auditListSchema,
  auditQuerySchema,
  auditVerdictSchema,
} from '@moru/types';
import { z } from 'zod';
import { sendCsv } from '../http/csv.ts';
import { type Route, route, sent } from '../http/route.ts';
import type { AuditLog } from './audit-log.ts';
import type { Verdict } from './verify.ts';

const listQuery = z.strictObject({
  ...auditQuerySchema.shape,
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

export function auditRoutes(audit: AuditLog, verify: () => Promise<Verdict>): Route[] {
  return [
    route({
      method: 'get',
      path: apiPaths.audit,
      policy: 'audit.view',
      input: { query: listQuery },
      output: auditListSchema,
      handle: ({ session, input }) => audit.list(session.project.id, input.query),
    }),

    route({
      method: 'get',
      path: apiPaths.auditVerdict,
      policy: 'audit.view',
      input: {},
      output: auditVerdictSchema,
      handle: verify,
    }),

    sent({
      method: 'get',
      path: apiPaths.auditCsv,
      policy: 'audit.view',
      input: { query: z.strictObject(auditQuerySchema.shape) },
      sends: 'text/csv',
      send: ({ session, input, response }) =>
        sendCsv(response, 'activity.csv', csvHeader, csvPages(audit.walk(session.project.id, input.query))),
    }),
  ];
}

const csvHeader = [
  ...['seq', 'at', 'phase', 'action', 'actor', 'role', 'address'],
  ...['target_type', 'target_id', 'target_name', 'detail', 'operation_id', 'request_id'],
];

async function* csvPages(pages: AsyncIterable<AuditRecord[]>) {
  for await (const records of pages) {
    yield records.map((record) => {
      const { seq, at, phase, action, actor, target, detail, operationId, requestId } = record;
      const who = [actor.name, actor.role, actor.address];
      const what = [target.type, target.id, target.name, JSON.stringify(detail)];
      return [seq, at, phase, action, ...who, ...what, operationId, requestId];
    });
  }
}
