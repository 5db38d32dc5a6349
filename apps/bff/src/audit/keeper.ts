import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import type { Anchors } from './anchor.ts';
import { type AuditLog, systemEntry } from './audit-log.ts';
import { genesis } from './chain.ts';
import { pruneAudit } from './retention.ts';
import { type Verdict, verifyAudit, verifyTail } from './verify.ts';

const anchorMs = 60_000;
const pruneMs = 60 * 60_000;
const dayMs = 86_400_000;

/** A whole verification reads every record, so that askers share one for this long. */
const verdictMs = 30_000;

export interface AuditKeeper {
  /** follows the whole chain; the answer may be half a minute old */
  verify(): Promise<Verdict>;
  stop(): void;
}

export interface AuditKeeping {
  db: Database;
  audit: AuditLog;
  /** null where no file for them is configured: then the heads stand in the program's log only */
  anchors: Anchors | null;
  /** null: records stay for good */
  retentionDays: number | null;
  log: Logger;
}

/**
 * Looks after the log: at the start it follows the newest records and notices a store that is older than its anchors;
 * then each minute the head goes out, and each hour old records are let go.
 */
export async function startAuditKeeper(keeping: AuditKeeping): Promise<AuditKeeper> {
  const { db, audit, anchors, retentionDays, log } = keeping;
  await noticeLoss(keeping);
  const broken = await verifyTail(db);
  if (broken !== null) log.error({ seq: broken }, 'the audit log was tampered with: its chain breaks here');

  let shown = 0;
  const anchor = async () => {
    const head = await db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirst();
    if (!head || head.seq === shown) return;
    log.info({ seq: head.seq, hash: head.hash }, 'audit head');
    await anchors?.keep(head);
    shown = head.seq;
  };
  const prune = async () => {
    if (retentionDays === null) return;
    const before = new Date(Date.now() - retentionDays * dayMs).toISOString();
    const last = await pruneAudit(db, before);
    if (last) await audit.append(systemEntry('audit.prune', { before, last: last.seq }));
  };
  const every = (ms: number, task: () => Promise<void>, what: string) => {
    const run = () => task().catch((error: unknown) => log.error({ error }, `${what} failed`));
    void run();
    return setInterval(run, ms);
  };
  const timers = [every(anchorMs, anchor, 'the anchor of the audit log'), every(pruneMs, prune, 'retention')];

  let verdict: { until: number; answer: Promise<Verdict> } | null = null;
  return {
    verify() {
      if (verdict && Date.now() < verdict.until) return verdict.answer;
      const answer = (anchors?.read() ?? Promise.resolve([])).then((known) => verifyAudit(db, known));
      const kept = { until: Number.POSITIVE_INFINITY, answer };
      verdict = kept;
      const settled = (ms: number) => () => {
        kept.until = Date.now() + ms;
      };
      answer.then(settled(verdictMs), settled(0));
      return answer;
    },
    stop: () => timers.forEach(clearInterval),
  };
}

/** A store that was lost, or restored from an older copy, goes on after the newest anchor and says so (F7). */
async function noticeLoss({ db, audit, anchors, log }: AuditKeeping): Promise<void> {
  const newest = (await anchors?.read())?.at(-1);
  if (!newest) return;
  const head = await db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirst();
  if (newest.seq <= (head?.seq ?? genesis.seq)) return;
  log.error({ store: head?.seq, anchor: newest.seq }, 'records of the audit log are lost');
  await audit.resume(newest);
}
