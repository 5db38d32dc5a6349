import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import type { HostDialogProps } from './host-dialog.tsx';
import { useDecision } from './use-decision.ts';
import { WaitingFacts } from './waiting-facts.tsx';

/** A host waits: its fingerprint here, beside the one on its own terminal. */
export function CompareDialog({ host, onClose }: HostDialogProps) {
  const { t } = useTranslation();
  const decision = useDecision(host, onClose);
  const { waiting } = host;
  const decide = (approves: boolean) =>
    waiting && decision.mutate({ approves, fingerprint: waiting.fingerprint });
  return (
    <Dialog
      title={t('hosts.compareTitle', { name: host.name ?? host.instanceId })}
      testId="compare-dialog"
      onClose={onClose}
      actions={
        waiting ? (
          <>
            <Button isPending={decision.isPending} onPress={() => decide(false)}>
              {t('hosts.refuse')}
            </Button>
            <Button look="primary" isPending={decision.isPending} onPress={() => decide(true)}>
              {t('hosts.approve')}
            </Button>
          </>
        ) : (
          <Button onPress={onClose}>{t('common.close')}</Button>
        )
      }
    >
      <DialogBody>
        {waiting ? <WaitingFacts waiting={waiting} /> : <p>{t('hosts.nobodyWaits')}</p>}
        {decision.error && <FailureNotice error={decision.error} />}
      </DialogBody>
    </Dialog>
  );
}
