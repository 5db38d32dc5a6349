import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { answerProof, type ProofReason } from './key-proof.ts';
import { proveKey, sessionQuery } from './session-queries.ts';
import { SignInForm } from './sign-in-form.tsx';

/** The key once more: before what cannot be taken back, or to stay. What was pressed goes on by itself. */
export function ProofDialog({ reason, userName }: { reason: ProofReason; userName: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const cancel = () => answerProof(false);
  return (
    <Dialog
      title={t(`proof.${reason}Title`)}
      testId="proof-dialog"
      onClose={cancel}
      actions={<Button onPress={cancel}>{t('common.cancel')}</Button>}
    >
      <DialogBody>
        <p className="text-fg-2">{t(`proof.${reason}Text`)}</p>
        <SignInForm
          send={proveKey}
          only={userName}
          submit={t('proof.submit')}
          onSignedIn={(session) => {
            queries.setQueryData(sessionQuery.queryKey, session);
            answerProof(true);
          }}
        />
      </DialogBody>
    </Dialog>
  );
}
