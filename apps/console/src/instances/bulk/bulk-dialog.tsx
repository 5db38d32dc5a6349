import type { Instance } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Losses } from '../lifecycle/losses.tsx';
import { useReason } from '../use-instance-actions.ts';
import { actionOf, type BulkOrder, heldBy, splitBy } from './bulk-orders.ts';
import { useBulkOrder } from './use-bulk-order.ts';

interface BulkDialogProps {
  order: BulkOrder;
  chosen: readonly Instance[];
  onSent: () => void;
  onClose: () => void;
}

/** Which of the chosen it is for, which not and why, and what becomes of them. The safe way out has the focus. */
export function BulkDialog({ order, chosen, onSent, onClose }: BulkDialogProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const { able, unable } = splitBy(chosen, (instance) => reason(actionOf[order], instance));
  const [text, setText] = useState('');
  const isRelease = order === 'release';
  const count = isRelease ? heldBy(able).length : able.length;
  const word = t('lifecycle.forEver');
  const untyped = isRelease && text.trim().normalize('NFC') !== word.normalize('NFC');
  const bulk = useBulkOrder(order, () => {
    onSent();
    onClose();
  });
  const closed = count === 0 ? t('bulk.none') : untyped ? t('lifecycle.typeFirst', { text: word }) : null;
  return (
    <Dialog
      title={t(`bulk.title.${order}`)}
      role={order === 'start' ? 'dialog' : 'alertdialog'}
      testId="bulk-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button
            look={order === 'start' ? 'primary' : 'bad'}
            isPending={bulk.isPending}
            reason={bulk.isPending ? null : closed}
            reasonAt="above-end"
            data-testid="submit-bulk"
            onPress={() => bulk.mutate(able)}
          >
            {t(`bulk.submit.${order}`, { count })}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Losses
          lines={
            isRelease
              ? [t('bulk.releaseEffect'), t('bulk.releaseCut')]
              : [t(`lifecycle.${order}.effect`), t(`lifecycle.${order}.network`)]
          }
        />
        <section aria-label={t('bulk.able')} data-testid="bulk-able">
          <h3 className="mb-1 text-12 text-fg-2">
            {t('bulk.able')} <span className="tabular-nums">{t('common.count', { total: count })}</span>
          </h3>
          <ul className="max-h-40 overflow-y-auto rounded-6 border border-line bg-canvas px-3.5 py-2">
            {isRelease
              ? heldBy(able).map(({ id, address, instanceName }) => (
                  <li key={id}>
                    <Address className="mr-2 font-semibold">{address}</Address>
                    <span className="text-fg-2">{instanceName}</span>
                  </li>
                ))
              : able.map(({ id, name }) => <li key={id}>{name}</li>)}
            {count === 0 && <li className="text-fg-3">{t('common.none')}</li>}
          </ul>
        </section>
        {unable.length > 0 && (
          <section aria-label={t('bulk.unable')} data-testid="bulk-unable">
            <h3 className="mb-1 text-12 text-fg-2">
              {t('bulk.unable')}{' '}
              <span className="tabular-nums">{t('common.count', { total: unable.length })}</span>
            </h3>
            <ul className="max-h-40 overflow-y-auto rounded-6 border border-line px-3.5 py-2">
              {unable.map(({ instance, reason: why }) => (
                <li key={instance.id} className="flex flex-wrap gap-x-2">
                  <span>{instance.name}</span>
                  <span className="text-fg-2">{why}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {isRelease && (
          <TextField
            label={t('lifecycle.type', { text: word })}
            value={text}
            onChange={setText}
            autoComplete="off"
            spellCheck="false"
          />
        )}
        {bulk.error && <FailureNotice error={bulk.error} />}
      </DialogBody>
    </Dialog>
  );
}
