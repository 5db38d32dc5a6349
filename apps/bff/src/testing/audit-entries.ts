import { sql } from 'kysely';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { Store } from '../store/store.ts';

export const auditEntry = (detail: Record<string, unknown> = {}, projectId = 'p'): AuditEntry => ({
  operationId: 'o',
  requestId: 'r',
  phase: 'intent',
  actor: { id: 'u', name: 'kim', role: 'admin', address: '192.0.2.1' },
  action: 'firewall.change',
  target: { type: 'instance', id: 'i', name: 'web-01' },
  projectId,
  detail,
});

/** What somebody with the store in hands could do, triggers or not. */
export async function tamper({ db, kind }: Store, ...statements: string[]): Promise<void> {
  if (kind === 'postgresql') await sql`alter table audit disable trigger all`.execute(db);
  else {
    for (const verb of ['update', 'delete']) await sql.raw(`drop trigger audit_no_${verb}`).execute(db);
  }
  for (const statement of statements) await sql.raw(statement).execute(db);
}
