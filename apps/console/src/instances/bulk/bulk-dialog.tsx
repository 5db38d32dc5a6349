import type { Instance } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReason } from '../use-instance-actions.ts';
import { BulkFrame } from './bulk-frame.tsx';
import { actionOf, type BulkOrder, heldBy, send, splitBy } from './bulk-orders.ts';
import { HeldAddress } from './held-address.tsx';
import { useBulkOrder } from './use-bulk-order.ts';

interface BulkDialogProps {
  order: BulkOrder;
  chosen: readonly Instance[];
  onSent: () => void;
  onClose: () => void;
}

/** One order for the chosen instances, or for the addresses that they hold. */
export function BulkDialog({ order, chosen, onSent, onClose }: BulkDialogProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const { able, unable } = splitBy(chosen, (instance) => reason(actionOf[order], instance));
  const isRelease = order === 'release';
  const rows = isRelease
    ? heldBy(able).map((held) => ({ id: held.id, row: <HeldAddress {...held} /> }))
    : able.map(({ id, name }) => ({ id, row: name }));
  const bulk = useBulkOrder({
    send: () => send(order, able),
    begun: (total) => t(`bulk.begun.${order}`, { total }),
    done: (total) => t(`bulk.done.${order}`, { total }),
    onTaken: () => {
      onSent();
      onClose();
    },
  });
  return (
    <BulkFrame
      title={t(`bulk.title.${order}`)}
      look={order === 'start' ? 'primary' : 'bad'}
      losses={
        isRelease
          ? [t('bulk.releaseEffect'), t('bulk.releaseCut')]
          : [t(`lifecycle.${order}.effect`), t(`lifecycle.${order}.network`)]
      }
      able={rows}
      unable={unable.map(({ row: { id, name }, reason: why }) => ({ id, name, reason: why }))}
      {...(isRelease ? { typed: t('lifecycle.forEver') } : {})}
      submit={t(`bulk.submit.${order}`, { count: rows.length })}
      pending={bulk.isPending}
      error={bulk.error}
      onSubmit={() => bulk.mutate()}
      onClose={onClose}
    />
  );
}
