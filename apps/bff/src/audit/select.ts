import type { AuditQuery } from '@moru/types';
import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely';
import type { Schema } from '../store/schema.ts';

/** Records of the installation itself, which every project's admins see. */
export const installationProject = '';

type Condition = ExpressionWrapper<Schema, 'audit', SqlBool>;

/** The records that a query means, of a project and of the installation itself. */
export function auditCondition(projectId: string, query: AuditQuery) {
  return (builder: ExpressionBuilder<Schema, 'audit'>): Condition => {
    const { eb, and, or, not, exists } = builder;
    const conditions = [eb('project_id', 'in', [projectId, installationProject])];
    if (query.phase) conditions.push(eb('phase', '=', query.phase));
    if (query.target) conditions.push(eb('target_id', '=', query.target));
    if (query.operation) conditions.push(eb('operation_id', '=', query.operation));
    if (query.outcomes) conditions.push(or([eb('phase', '!=', 'intent'), not(exists(outcomeOf(eb)))]));
    if (query.from) conditions.push(eb('at', '>=', query.from));
    if (query.to) conditions.push(eb('at', '<', query.to));
    if (query.action) conditions.push(like('action', `${escapeLike(query.action)}%`));
    if (query.q) {
      const pattern = `%${escapeLike(query.q.toLowerCase())}%`;
      conditions.push(
        or((['body', 'target_id', 'action', 'request_id'] as const).map((column) => like(column, pattern))),
      );
    }
    return and(conditions);
  };
}

/** What came of the intent in the row at hand. */
function outcomeOf(eb: ExpressionBuilder<Schema, 'audit'>) {
  return eb
    .selectFrom('audit as outcome')
    .select('outcome.seq')
    .whereRef('outcome.operation_id', '=', 'audit.operation_id')
    .where('outcome.phase', '!=', 'intent');
}

function like(column: 'body' | 'target_id' | 'action' | 'request_id', pattern: string) {
  const compared = sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern.toLowerCase()} escape '\\'`;
  return compared.$castTo<SqlBool>() as never;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
