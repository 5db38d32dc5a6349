import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { forgetSession, sessionQuery, signIn } from './session-queries.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Over the page when the session is gone: what was typed beneath stays, unless somebody else signs in. */
export function SessionDialog({ userId }: { userId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return (
    <Dialog title={t('signIn.again')} testId="session-dialog">
      <DialogBody>
        <p className="text-fg-2">{t('signIn.againText')}</p>
        <SignInForm
          send={signIn}
          onSignedIn={(session) => {
            if (session.user.id !== userId) forgetSession(queries, session);
            else queries.setQueryData(sessionQuery.queryKey, session);
            void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
          }}
        />
      </DialogBody>
    </Dialog>
  );
}
