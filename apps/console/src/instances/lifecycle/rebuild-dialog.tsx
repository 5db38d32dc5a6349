import type { Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Select } from '../../ui/select.tsx';
import { useReason } from '../use-instance-actions.ts';
import { useFreshInstance } from './fresh-instance.ts';
import { LifecycleDialog } from './lifecycle-dialog.tsx';
import { imagesQuery, lifecycle } from './lifecycle-requests.ts';
import { Losses } from './losses.tsx';
import { useOrder } from './use-order.ts';

/** 리빌드: a fresh image on the same server, with what is lost said before. */
export function RebuildDialog({ instance: opened, onClose }: { instance: Instance; onClose: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  const instance = useFreshInstance(opened);
  const images = useQuery(imagesQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const own = images.data?.find(({ name }) => name === instance.image);
  const imageId = chosen ?? own?.id ?? null;
  const order = useOrder(
    instance,
    'rebuild',
    () => lifecycle.rebuild(instance.id, { imageId: imageId ?? '' }),
    onClose,
  );
  const held = instance.networkInterfaces.flatMap(({ publicIp }) => publicIp?.address ?? []);
  return (
    <LifecycleDialog
      title={t('lifecycle.title.rebuild')}
      testId="rebuild-dialog"
      instance={instance}
      submit={t('lifecycle.action.rebuild')}
      look="bad"
      pending={order.isPending}
      error={order.error}
      typed={t('lifecycle.forEver')}
      reason={
        order.isPending
          ? null
          : (reason('instance.rebuild', instance) ?? (imageId ? null : t('lifecycle.chooseImage')))
      }
      onSubmit={() => order.mutate()}
      onClose={onClose}
    >
      <Losses
        lines={[
          t('lifecycle.rebuild.disk'),
          t('lifecycle.rebuild.rules'),
          t('lifecycle.rebuild.hostKey'),
          t('lifecycle.rebuild.enrolment'),
          held.length > 0
            ? t('lifecycle.rebuild.publicIps', { addresses: held.join(', ') })
            : t('lifecycle.rebuild.addresses'),
        ]}
      />
      <div className="grid gap-1">
        <span className="text-12 text-fg-2">{t('lifecycle.image')}</span>
        <Select
          label={t('lifecycle.image')}
          options={(images.data ?? []).map(({ id, name }) => ({ id, label: name }))}
          value={imageId}
          placeholder={t('lifecycle.chooseImage')}
          onChange={setChosen}
        />
        {images.error && <FailureNotice error={images.error} onRetry={() => images.refetch()} />}
      </div>
    </LifecycleDialog>
  );
}
