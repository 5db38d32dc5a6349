import { type Dialect, dialectOf, type RuleSet } from '@moru/netfilter';
import type { FirewallState, Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../http/request-error.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { sessionQuery } from '../session/session-queries.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import type { Look } from './checks/look.ts';
import { useLook } from './checks/use-look.ts';
import { type KeeperState, keeperOf } from './drafts/keeper.ts';
import { type Session, sessionEdits } from './drafts/session.ts';
import { changeSession, sessionKey, sessionOf } from './drafts/session-store.ts';
import type { PlannedEdit } from './drafts/step.ts';
import { useKeeperState, useKeptDraft } from './drafts/use-kept-draft.ts';
import { useTrialEnd } from './drafts/use-trial-end.ts';

/** What can be done to the draft. */
export interface DraftActions {
  add(edits: readonly PlannedEdit[], notes?: readonly string[]): void;
  /** several lists of edits that are taken back together */
  addAll(lists: readonly { edits: readonly PlannedEdit[]; notes: readonly string[] }[]): void;
  undo(): void;
  redo(): void;
  removeStep(id: string): void;
  /** takes back that a rule is deleted or edited */
  restore(table: string, chain: string, id: string): void;
  discard(): void;
  /** resolves when the draft is kept as it stands; rejects where it is not, or where it is another one by then */
  flush(): Promise<void>;
  /** ends a clash: these rules are wanted, whatever steps led there */
  decide(decided: RuleSet): void;
  /** the draft goes to the host; or what was tried did not begin */
  setTrying(trying: string | null): void;
  /** this trial is decided: the host holds what was tried, or has its old rules again. What is told twice is done once */
  ended(trial: string, kept: boolean, state: FirewallState): void;
}

/** One host, its draft, and who looks at it: what every part of the rule editor needs. */
export interface Editor {
  instance: Instance;
  session: Session;
  actions: DraftActions;
  dialect: Dialect;
  /** what can be said of the draft's rules without asking the host; null while it is worked out */
  look: Look | null;
  /** why this user cannot keep a draft; null where it can be edited */
  closed: string | null;
  /** nobody on the host can be asked: commands are made here, to be typed there */
  generator: boolean;
  /** whether the draft is kept in the console's store */
  keeping: KeeperState;
}

const Context = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(Context);
  if (!editor) throw new Error('outside of a rule editor');
  return editor;
}

interface EditorProviderProps {
  instance: Instance;
  state: FirewallState;
  generator?: boolean;
  children: ReactNode;
}

export function EditorProvider({ instance, state, generator = false, children }: EditorProviderProps) {
  const { data: user } = useQuery(sessionQuery);
  const key = sessionKey(user?.user.id ?? '', instance.id);
  const { t } = useTranslation();
  const reason = useReason()('draft.keep', instance);
  const session = useKeptDraft(key, instance, state, reason === null);
  const closed = reason ?? (session && session.trying !== null ? t('trial.editClosed') : null);
  const actions = useMemo(() => actionsOf(key, instance.id), [key, instance.id]);
  const keeping = useKeeperState(key, instance.id);
  useTrialEnd(instance.id, session?.trying ?? null, actions);
  const { version, backend } = state.iptables;
  const dialect = useMemo(
    () => dialectOf(version, backend === 'nf_tables' ? 'nft' : 'legacy'),
    [version, backend],
  );
  return session ? (
    <SessionProvider
      instance={instance}
      session={session}
      actions={actions}
      dialect={dialect}
      closed={closed}
      generator={generator}
      keeping={keeping}
    >
      {children}
    </SessionProvider>
  ) : (
    <Skeleton rows={6} />
  );
}

function SessionProvider({ children, ...rest }: Omit<Editor, 'look'> & { children: ReactNode }) {
  const look = useLook(rest.session);
  const { instance, session, actions, dialect, closed, generator, keeping } = rest;
  const editor = useMemo(
    () => ({ instance, session, actions, dialect, closed, generator, keeping, look }),
    [instance, session, actions, dialect, closed, generator, keeping, look],
  );
  return <Context value={editor}>{children}</Context>;
}

function actionsOf(key: string, instanceId: string): DraftActions {
  const change = (edit: (session: Session) => Session) =>
    changeSession(key, (session) => session && edit(session));
  return {
    add: (edits, notes) => change((session) => sessionEdits.add(session, edits, notes)),
    addAll: (lists) => change((session) => sessionEdits.addAll(session, lists)),
    undo: () => change(sessionEdits.undo),
    redo: () => change(sessionEdits.redo),
    removeStep: (id) => change((session) => sessionEdits.removeStep(session, id)),
    restore: (table, chain, id) => change((session) => sessionEdits.restore(session, table, chain, id)),
    discard: () => change(sessionEdits.discard),
    async flush() {
      const before = sessionOf(key)?.draft.steps;
      await keeperOf(key, instanceId).flush();
      if (sessionOf(key)?.draft.steps !== before) throw new RequestError('draft.changed');
    },
    decide: (decided) => change((session) => sessionEdits.decide(session, decided)),
    setTrying: (trying) => change((session) => sessionEdits.setTrying(session, trying)),
    ended: (trial, kept, state) =>
      change((session) => {
        if (session.trying !== trial) return session;
        return kept ? sessionEdits.applied(session, state) : sessionEdits.cameBack(session, state);
      }),
  };
}
