import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { showToast } from '../ui/toast.ts';
import type { HostDialogProps } from './host-dialog.tsx';
import { revokeHost } from './host-queries.ts';

/** Ends the certificate, what waits and what could still be used to enrol. */
export function RevokeDialog({ host, onClose }: HostDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const name = host.name ?? host.instanceId;
  const revoke = useMutation({
    mutationFn: () => revokeHost(host.instanceId),
    onSuccess: () => {
      showToast({ title: t('hosts.revoked'), detail: name });
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['hosts'] }),
  });
  return (
    <Dialog
      title={t('hosts.revokeTitle', { name })}
      role="alertdialog"
      testId="revoke-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button look="bad" isPending={revoke.isPending} onPress={() => revoke.mutate()}>
            {t('hosts.task.revoke')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <ul className="grid list-disc gap-1.5 pl-5">
          <li>{t('hosts.revokeAgent')}</li>
          <li>{t('hosts.revokeRules')}</li>
          <li>{t('hosts.revokeBack')}</li>
        </ul>
        {revoke.error && <FailureNotice error={revoke.error} />}
      </DialogBody>
    </Dialog>
  );
}
