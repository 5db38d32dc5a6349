import { apiPaths, auditListSchema } from '@moru/types';
import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import type { AuditLog } from './audit-log.ts';

const windowQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

export function auditRoutes(audit: AuditLog): Route[] {
  return [
    route({
      method: 'get',
      path: apiPaths.audit,
      policy: 'audit.view',
      input: { query: windowQuery },
      output: auditListSchema,
      handle: ({ session, input }) => audit.list(session.project.id, input.query),
    }),
  ];
}
