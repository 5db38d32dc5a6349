import { type AuditList, type AuditQuery, type AuditRecord, auditRecordSchema } from '@moru/types';
import type { Database } from '../store/store.ts';
import { createAppender, type UnchainedRow, type Within } from './appender.ts';
import { type AuditRow, type ChainPlace, gapAction } from './chain.ts';
import { printable, printableDetail } from './printable.ts';
import { auditCondition, installationProject } from './select.ts';

export type AuditEntry = Omit<AuditRecord, 'seq' | 'at'> & { projectId: string };

export interface AuditLog {
  /**
   * Resolves when the records are on disk; rejects when they could not be written. `within` writes more in the same
   * transaction, and may find that there is more to record.
   */
  append(entry: AuditEntry | readonly AuditEntry[], within?: Within<AuditEntry>): Promise<void>;
  /** newest first, of one project and of the installation */
  list(projectId: string, query: AuditQuery & { limit: number; offset: number }): Promise<AuditList>;
  /** the same without a window, in pages */
  walk(projectId: string, query: AuditQuery): AsyncIterable<AuditRecord[]>;
  /** goes on after a head that was kept elsewhere, with a record that tells of the loss (F7) */
  resume(anchor: ChainPlace): Promise<void>;
}

const walkPage = 500;

const bodySchema = auditRecordSchema.pick({ actor: true, detail: true }).extend({
  targetName: auditRecordSchema.shape.target.shape.name,
});

export function createAuditLog(db: Database): AuditLog {
  const appendRows = createAppender(db);

  const append: AuditLog['append'] = (entries, within) =>
    appendRows(
      [entries].flat().map(rowOf),
      within && (async (transaction) => ((await within(transaction)) ?? []).map(rowOf)),
    );

  const select = (projectId: string, query: AuditQuery) =>
    db.selectFrom('audit').where(auditCondition(projectId, query));

  return {
    append,

    async list(projectId, { limit, offset, ...query }) {
      const [rows, counted] = await Promise.all([
        select(projectId, query).selectAll().orderBy('seq', 'desc').limit(limit).offset(offset).execute(),
        select(projectId, query)
          .select(({ fn }) => fn.countAll<number>().as('total'))
          .executeTakeFirstOrThrow(),
      ]);
      return { records: rows.map(recordOf), page: { total: counted.total, offset, limit } };
    },

    async *walk(projectId, query) {
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const rows = await select(projectId, query)
          .selectAll()
          .where('seq', '<', before)
          .orderBy('seq', 'desc')
          .limit(walkPage)
          .execute();
        const last = rows.at(-1);
        if (!last) return;
        yield rows.map(recordOf);
        before = last.seq;
      }
    },

    async resume(anchor) {
      const { seq } = await db.selectFrom('audit_head').select('seq').executeTakeFirstOrThrow();
      await db.updateTable('audit_head').set(anchor).where('seq', '<', anchor.seq).execute();
      await append(systemEntry(gapAction, { lost: { from: seq + 1, to: anchor.seq } }));
    },
  };
}

function rowOf(entry: AuditEntry): UnchainedRow {
  return {
    project_id: entry.projectId,
    operation_id: entry.operationId,
    request_id: entry.requestId,
    phase: entry.phase,
    action: entry.action,
    target_type: entry.target.type,
    target_id: printable(entry.target.id),
    body: JSON.stringify({
      actor: printableDetail(entry.actor),
      targetName: entry.target.name === null ? null : printable(entry.target.name),
      detail: printableDetail(entry.detail),
    }),
  };
}

/** What the installation does by itself. */
export function systemEntry(action: string, detail: Record<string, unknown>): AuditEntry {
  return {
    operationId: '',
    requestId: '',
    phase: 'succeeded',
    actor: { id: 'moru', name: 'moru', role: 'system', address: '' },
    action,
    target: { type: 'installation', id: 'audit', name: null },
    projectId: installationProject,
    detail,
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
