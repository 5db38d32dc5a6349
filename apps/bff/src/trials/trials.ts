import {
  ProblemError,
  type Trial,
  type TrialProbes,
  type TrialRequest,
  type TrialStart,
  type TrialView,
} from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { TrialAgents } from '../agent/trial-agents.ts';
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { DraftRecords } from '../drafts/records.ts';
import type { SignedIn } from '../session/sessions.ts';
import { settle, UnsettledWrite } from '../settle.ts';
import { isOver, rolloutKeyPrefix, seenOf, type TrialRecords, type TrialRow } from './records.ts';
import { probeSsh } from './ssh-probe.ts';
import { liveView, rememberedView } from './views.ts';

/** A host, and on whose behalf it is asked. */
export interface Asked {
  target: AgentTarget;
  /** of the instance */
  name: string;
  session: Pick<SignedIn, 'user' | 'project'>;
  requestId: string;
}

export type TrialService = ReturnType<typeof createTrialService>;

const isSilence = (error: unknown): boolean =>
  error instanceof ProblemError && /^(agent\.|outcome\.unknown)/.test(error.problem.code);

/** Whether the host has put its rules back without being told to: nobody's request is in the log then. */
const isByItself = ({ reverted }: Trial): boolean =>
  reverted !== null && ['expired', 'reboot', 'agentStart'].includes(reverted.reason);

/** Written when the host is heard of again; `at` in its detail is when it was done. */
function revertEntry({ target, name, session, requestId }: Asked, { id, reverted }: Trial): AuditEntry {
  return {
    ...{ operationId: '', requestId, phase: 'succeeded', action: 'trial.revert' },
    actor: { id: target.instanceId, name, role: 'host', address: target.address },
    target: { type: 'instance', id: target.instanceId, name },
    projectId: session.project.id,
    detail: { trial: id, reason: reverted?.reason, by: reverted?.by, at: reverted?.at },
  };
}

/** The address that the host sees is ours; further ones belong to other replicas. */
export interface ConsolePlace {
  addresses: readonly string[];
  /** hosts behind one socket are simulated, and have no SSH server */
  simulated: boolean;
}

/** Trials of hosts: what this console keeps of them, and what their agents say. */
export function createTrialService(
  agents: TrialAgents,
  records: TrialRecords,
  drafts: DraftRecords,
  audit: AuditLog,
  place: ConsolePlace,
) {
  const learnt = async (asked: Asked, trial: Trial, secret: string | null = null) => {
    const { target, session } = asked;
    const row = await records.learn(target.instanceId, trial, secret);
    if (row?.ended_at === null && isOver(trial)) {
      await audit.append([], async (transaction) => {
        const isNew = await records.end(transaction, target.instanceId, trial);
        return isNew && isByItself(trial) ? [revertEntry(asked, trial)] : [];
      });
    }
    if (isOver(trial)) await drafts.ended(target.instanceId, trial.key, trial.state === 'confirmed');
    return liveView(target.instanceId, trial, row, session.user.id);
  };

  /** A write whose answer was lost: the host's record tells. */
  const settled = (asked: Asked, id: string, write: Promise<Trial>, isMade: (trial: Trial) => boolean) =>
    write.catch((error: unknown) => {
      if (!(error instanceof UnsettledWrite)) throw error;
      return settle(error, async () => {
        const trial = await agents.find(asked.target, id, asked.requestId);
        return isMade(trial) ? trial : null;
      });
    });

  /** The host does not answer: what is known of its trial is told with its age. */
  const orRemembered = async (
    { session }: Asked,
    row: TrialRow | null,
    reading: () => Promise<TrialView>,
  ): Promise<TrialView> => {
    try {
      return await reading();
    } catch (error) {
      if (!row || row.project_id !== session.project.id || !isSilence(error)) throw error;
      return rememberedView(row, session.user.id);
    }
  };

  const find = async (asked: Asked, id: string): Promise<TrialView> => {
    const row = await records.byTrial(asked.target.instanceId, id);
    return orRemembered(asked, row, async () =>
      learnt(asked, await agents.find(asked.target, id, asked.requestId)),
    );
  };

  /**
   * A trial whose start was never answered, by the key that it was sent with: a change that cuts the host off from the
   * console also keeps its answer away, and the host's record is read once it is back.
   */
  const findByKey = async (asked: Asked, key: string): Promise<TrialView> => {
    const row = await records.byKey(key);
    if (row?.instance_id !== asked.target.instanceId || row.project_id !== asked.session.project.id) {
      throw new ProblemError('trial.notFound');
    }
    if (row.trial_id !== null) return find(asked, row.trial_id);
    return orRemembered(asked, row, async () =>
      learnt(asked, await agents.findByKey(asked.target, key, asked.requestId)),
    );
  };

  /** Throws `trial.secretUnknown` for a trial that this console cannot confirm. */
  const secretFor = async ({ target }: Asked, id: string): Promise<string> => {
    const row = await records.byTrial(target.instanceId, id);
    const secret = row && records.secretOf(row);
    if (!secret) throw new ProblemError('trial.secretUnknown');
    return secret;
  };

  return {
    find,
    findByKey,

    /** `isDraft`: what is tried may be the user's own draft of that host. */
    async start(
      asked: Asked,
      start: Omit<TrialStart, 'administrator'>,
      access: TrialRequest['access'],
      isDraft = true,
    ) {
      const { target, session, requestId } = asked;
      const { key, ...change } = start;
      const author = session.user.name.slice(0, 256);
      const request: TrialRequest = { ...change, access, idempotencyKey: key, author };
      const { note, waitSeconds } = start;
      const facts = { instanceId: target.instanceId, projectId: session.project.id, user: session.user };
      if (isDraft && key.startsWith(rolloutKeyPrefix)) throw new ProblemError('input.invalid');
      const known = await records.byKey(key);
      if (known && (known.user_id !== session.user.id || known.instance_id !== target.instanceId)) {
        throw new ProblemError('trial.keyReused');
      }
      await records.begin({ key, ...facts, note, waitSeconds });
      if (change.ipv4 && isDraft) await drafts.tried(facts, change.ipv4.revision, key);
      const send = () => agents.start(target, request, requestId);
      try {
        const started = await send().catch((error: unknown) => {
          if (!(error instanceof UnsettledWrite)) throw error;
          // sent again only once the host shows a trial of this very key: it then answers that one, and its secret
          return settle(error, async () => {
            const { trial } = await agents.current(target, requestId);
            return trial?.key === key && trial.state !== 'armed' ? await send() : null;
          });
        });
        const { secret, ...trial } = started;
        return await learnt(asked, trial, secret);
      } catch (error) {
        if (!isSilence(error)) {
          await records.drop(key);
          await drafts.ended(target.instanceId, key, false);
        }
        throw error;
      }
    },

    /** The trial that is under way; null where there is none. */
    async current(asked: Asked): Promise<TrialView | null> {
      const { target, session, requestId } = asked;
      const row = await records.openOf(target.instanceId);
      let trial: Trial | null;
      try {
        ({ trial } = await agents.current(target, requestId));
      } catch (error) {
        if (!row || row.project_id !== session.project.id || !isSilence(error)) throw error;
        return rememberedView(row, session.user.id);
      }
      if (trial) return learnt(asked, trial);
      if (!row) return null;
      if (row.trial_id !== null) {
        await find(asked, row.trial_id).catch(() => {});
        return null;
      }
      const ended = await findByKey(asked, row.key).catch(() => null);
      if (!ended?.trial && row.deadline_at < Date.now()) {
        await records.drop(row.key);
        await drafts.ended(target.instanceId, row.key, false);
      }
      return null;
    },

    /** From memory alone. */
    async open({ session }: Pick<Asked, 'session'>): Promise<TrialView[]> {
      const rows = await records.openIn(session.project.id);
      return rows.map((row) => rememberedView(row, session.user.id));
    },

    /** Throws `trial.secret` unless this user applied it. */
    async requireMine({ target, session }: Asked, id: string): Promise<void> {
      const row = await records.byTrial(target.instanceId, id);
      if (!row) throw new ProblemError('trial.secretUnknown');
      if (row.user_id !== session.user.id) throw new ProblemError('trial.secret');
    },

    async confirm(asked: Asked, id: string): Promise<TrialView> {
      const secret = await secretFor(asked, id);
      const write = agents.confirm(asked.target, id, secret, asked.requestId);
      return learnt(asked, await settled(asked, id, write, ({ state }) => state === 'confirmed'));
    },

    async revert(asked: Asked, id: string, reason: 'asked' | 'probe'): Promise<TrialView> {
      const author = asked.session.user.name.slice(0, 256);
      const write = agents.revert(asked.target, id, { reason, author }, asked.requestId);
      const isMade = ({ state }: Trial) => state === 'reverting' || state === 'reverted';
      return learnt(asked, await settled(asked, id, write, isMade));
    },

    async extend(asked: Asked, id: string, waitSeconds: number): Promise<TrialView> {
      const secret = await secretFor(asked, id);
      const write = agents.extend(asked.target, id, { secret, waitSeconds }, asked.requestId);
      const isMade = ({ remainingMs }: Trial) => (remainingMs ?? 0) > waitSeconds * 1000 - 20_000;
      return learnt(asked, await settled(asked, id, write, isMade));
    },

    /** Tries both ways, each over a connection of its own. */
    async probe(asked: Asked, id: string): Promise<TrialProbes> {
      const { target, session, requestId } = asked;
      const row = await records.byTrial(target.instanceId, id);
      const seen = row && seenOf(row);
      const [port = 22] = seen?.sshPorts ?? [];
      const at = new Date().toISOString();
      const began = performance.now();
      const nothing = { state: 'none', at, address: null, port: null, ms: 0, reason: null } as const;
      const [answer, ssh] = await Promise.all([
        agents.probe(target, id, requestId).then(
          (trial) => ({ trial, reason: null }),
          (error: unknown) => {
            if (!isSilence(error)) throw error;
            const { problem } = error as ProblemError;
            return { trial: null, reason: problem.upstream ?? problem.code };
          },
        ),
        place.simulated ? nothing : probeSsh(target.address, port),
      ]);
      const { trial, reason } = answer;
      const ms = Math.round(performance.now() - began);
      const agent = {
        state: trial ? 'passed' : 'failed',
        at,
        address: target.address,
        port: null,
        ms,
        reason,
      } as const;
      if (!trial && !row) throw new ProblemError('trial.notFound');
      const view = trial ? await learnt(asked, trial) : rememberedView(row as TrialRow, session.user.id);
      return { agent, ssh, view };
    },
  };
}
