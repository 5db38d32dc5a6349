import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Attempt } from '../http/attempt.ts';
import { Icon } from '../ui/icon.tsx';
import { showToast } from '../ui/toast.ts';
import { DescriptionDialog } from './description-dialog.tsx';
import { createPublicIp } from './public-ip-queries.ts';

/** An address that is held for later; it costs from now on. */
export function CreateAddress({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [attempt] = useState(() => new Attempt());
  const create = useMutation({
    mutationFn: (description: string) => createPublicIp(description ? { description } : {}, attempt),
    onSuccess: ({ address }) => {
      onClose();
      showToast({ title: t('publicIp.created'), code: address });
    },
    // also after a failure: it may be there all the same
    onSettled: () => queries.invalidateQueries({ queryKey: ['public-ips'] }),
  });
  return (
    <DescriptionDialog
      title={t('publicIp.create')}
      testId="create-address-dialog"
      submit={t('publicIp.createSubmit')}
      pending={create.isPending}
      error={create.error}
      note={
        <p className="flex items-start gap-1.5">
          <Icon name="info" className="mt-px" />
          {t('connect.billing')}
        </p>
      }
      hint={t('publicIp.createText')}
      onSubmit={(description) => create.mutate(description)}
      onClose={onClose}
    />
  );
}
