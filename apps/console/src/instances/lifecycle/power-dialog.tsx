import type { Instance, PowerOrder } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReason } from '../use-instance-actions.ts';
import { useFreshInstance } from './fresh-instance.ts';
import { LifecycleDialog } from './lifecycle-dialog.tsx';
import { lifecycle } from './lifecycle-requests.ts';
import { Losses } from './losses.tsx';
import { useOrder } from './use-order.ts';

interface PowerDialogProps {
  kind: PowerOrder;
  instance: Instance;
  onClose: () => void;
}

/** 시작, 정지, 강제 재시작, each with what it does to who uses the server. */
export function PowerDialog({ kind, instance: opened, onClose }: PowerDialogProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const instance = useFreshInstance(opened);
  const order = useOrder(instance, kind, () => lifecycle.power(kind, instance.id), onClose);
  return (
    <LifecycleDialog
      title={t(`lifecycle.title.${kind}`)}
      testId={`${kind}-dialog`}
      instance={instance}
      submit={t(`lifecycle.action.${kind}`)}
      look={kind === 'start' ? 'primary' : 'bad'}
      pending={order.isPending}
      error={order.error}
      reason={order.isPending ? null : reason(`instance.${kind}`, instance)}
      onSubmit={() => order.mutate()}
      onClose={onClose}
    >
      <Losses
        lines={[
          t(`lifecycle.${kind}.effect`),
          t(`lifecycle.${kind}.network`),
          ...(instance.firewall.unsaved && kind !== 'start' ? [t('lifecycle.unsavedRules')] : []),
        ]}
      />
    </LifecycleDialog>
  );
}
