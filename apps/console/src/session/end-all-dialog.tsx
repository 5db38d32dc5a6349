import type { OwnSession } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { endAllSessions } from './own-session-queries.ts';
import { forgetSession } from './session-queries.ts';

interface EndAllDialogProps {
  sessions: readonly OwnSession[];
  onClose: () => void;
}

/** Signing out everywhere, this browser included. */
export function EndAllDialog({ sessions, onClose }: EndAllDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const router = useRouter();
  const endAll = useMutation({
    mutationFn: endAllSessions,
    onSuccess: async () => {
      forgetSession(queries, null);
      await router.navigate({ to: '/sign-in', replace: true });
    },
  });
  return (
    <Dialog
      title={t('sessions.endAll')}
      role="alertdialog"
      testId="end-all-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button look="bad" isPending={endAll.isPending} onPress={() => endAll.mutate()}>
            {t('sessions.endAllSubmit')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <p>{t('sessions.endAllText', { total: sessions.length })}</p>
        <p className="text-fg-2">{t('sessions.endAllDrafts')}</p>
        {endAll.error && <FailureNotice error={endAll.error} />}
      </DialogBody>
    </Dialog>
  );
}
