import { type Dialect, dialectOf, type RuleSet } from '@moru/netfilter';
import type { FirewallState, Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { sessionQuery } from '../session/session-queries.ts';
import type { Look } from './checks/look.ts';
import { useLook } from './checks/use-look.ts';
import { openSession, readAgain, type Session, sessionEdits } from './drafts/session.ts';
import { changeSession, sessionKey, useSession } from './drafts/session-store.ts';
import type { PlannedEdit } from './drafts/step.ts';
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
  /** ends a clash: these rules are wanted, whatever steps led there */
  decide(decided: RuleSet): void;
  /** the draft goes to the host; or what was tried did not begin */
  setTrying(trying: string | null): void;
  /** what was tried is decided: the host holds it, or has its old rules again */
  ended(kept: boolean, state: FirewallState): void;
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
  children: ReactNode;
}

export function EditorProvider({ instance, state, children }: EditorProviderProps) {
  const { data: user } = useQuery(sessionQuery);
  const key = sessionKey(user?.user.id ?? '', instance.id);
  const session = useSession(key);
  const { t } = useTranslation();
  const reason = useReason()('change.check', instance);
  const closed = reason ?? (session && session.trying !== null ? t('trial.editClosed') : null);
  useEffect(() => {
    changeSession(key, (held) => (held ? readAgain(held, state, held.host.off) : openSession(state)));
  }, [key, state]);
  const actions = useMemo(() => actionsOf(key), [key]);
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
    >
      {children}
    </SessionProvider>
  ) : null;
}

function SessionProvider({ children, ...rest }: Omit<Editor, 'look'> & { children: ReactNode }) {
  const look = useLook(rest.session);
  const { instance, session, actions, dialect, closed } = rest;
  const editor = useMemo(
    () => ({ instance, session, actions, dialect, closed, look }),
    [instance, session, actions, dialect, closed, look],
  );
  return <Context value={editor}>{children}</Context>;
}

function actionsOf(key: string): DraftActions {
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
    decide: (decided) => change((session) => sessionEdits.decide(session, decided)),
    setTrying: (trying) => change((session) => sessionEdits.setTrying(session, trying)),
    ended: (kept, state) =>
      change((session) =>
        kept ? sessionEdits.applied(session, state) : sessionEdits.cameBack(session, state),
      ),
  };
}
