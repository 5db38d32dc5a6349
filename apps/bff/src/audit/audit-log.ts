import type { AuditList, AuditRecord } from '@moru/types';
import { auditRecordSchema } from '@moru/types';
import type { Database } from '../store/store.ts';
import { type AuditRow, firstBreak, genesisHash, hashOf } from './chain.ts';
import { printable, printableDetail } from './printable.ts';

export type AuditEntry = Omit<AuditRecord, 'seq' | 'at'> & { projectId: string };

export interface AuditLog {
  /** resolves when the record is on disk; rejects when it could not be written */
  append(entry: AuditEntry): Promise<void>;
  /** newest first, of one project */
  list(projectId: string, window: { limit: number; offset: number }): Promise<AuditList>;
  /** checks the newest records; null when sound, else the number of the first bad one */
  checkTail(): Promise<number | null>;
}

/** How many of the newest records a start looks at: enough to notice a hand in the file, and quick at any size. */
const tailRecords = 1_000;

const bodySchema = auditRecordSchema.pick({ actor: true, detail: true }).extend({
  targetName: auditRecordSchema.shape.target.shape.name,
});

export function createAuditLog(db: Database): AuditLog {
  return {
    async append(entry) {
      const body = {
        actor: printableDetail(entry.actor),
        targetName: entry.target.name === null ? null : printable(entry.target.name),
        detail: printableDetail(entry.detail),
      };
      await db.transaction().execute(async (transaction) => {
        const head = await transaction
          .selectFrom('audit')
          .select(['seq', 'hash'])
          .orderBy('seq', 'desc')
          .limit(1)
          .executeTakeFirst();
        const row = {
          seq: (head?.seq ?? 0) + 1,
          at: new Date().toISOString(),
          project_id: entry.projectId,
          operation_id: entry.operationId,
          request_id: entry.requestId,
          phase: entry.phase,
          action: entry.action,
          target_type: entry.target.type,
          target_id: printable(entry.target.id),
          body: JSON.stringify(body),
          previous_hash: head?.hash ?? genesisHash,
        };
        await transaction
          .insertInto('audit')
          .values({ ...row, hash: hashOf(row) })
          .execute();
      });
    },

    async list(projectId, { limit, offset }) {
      const [rows, counted] = await Promise.all([
        db
          .selectFrom('audit')
          .selectAll()
          .where('project_id', '=', projectId)
          .orderBy('seq', 'desc')
          .limit(limit)
          .offset(offset)
          .execute(),
        db
          .selectFrom('audit')
          .select(({ fn }) => fn.countAll<number>().as('total'))
          .where('project_id', '=', projectId)
          .executeTakeFirstOrThrow(),
      ]);
      return { records: rows.map(recordOf), page: { total: counted.total, offset, limit } };
    },

    async checkTail() {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(tailRecords)
        .execute();
      return firstBreak(rows.reverse());
    },
  };
}

function recordOf(row: AuditRow): AuditRecord {
  const { actor, detail, targetName } = bodySchema.parse(JSON.parse(row.body));
  return auditRecordSchema.parse({
    seq: row.seq,
    at: row.at,
    operationId: row.operation_id,
    requestId: row.request_id,
    phase: row.phase,
    actor,
    action: row.action,
    target: { type: row.target_type, id: row.target_id, name: targetName },
    detail,
  });
}
