import { type AuditRecord, problemCatalog } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { language } from '../shell/preferences.ts';
import type { StateKind } from '../ui/badge.tsx';

/** What an action is called; a name that these words do not know stays as the log has it. */
export function useActionWords(): (action: string) => string {
  const { t, i18n } = useTranslation();
  return (action) => {
    const key = `activity.did.${action}` as 'activity.did.session.start';
    // as plain text: the key's own type would say that it is always there
    return i18n.exists(key as string) ? t(key) : action;
  };
}

export const phaseLooks: Record<AuditRecord['phase'], StateKind> = {
  intent: 'changing',
  succeeded: 'calm',
  failed: 'lost',
  unknown: 'unknown',
  refused: 'danger',
};

/** Why something was refused or failed, where the log names a problem that has words. */
export function reasonOf({ detail }: AuditRecord): string | null {
  const { code } = detail;
  if (typeof code !== 'string' || !Object.hasOwn(problemCatalog, code)) return null;
  return problemCatalog[code as keyof typeof problemCatalog][language()];
}
