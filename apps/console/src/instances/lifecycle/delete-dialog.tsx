import type { Instance } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { release } from '../../public-ips/release-requests.ts';
import { Address } from '../../ui/address.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { useReason } from '../use-instance-actions.ts';
import { useFreshInstance } from './fresh-instance.ts';
import { LifecycleDialog } from './lifecycle-dialog.tsx';
import { lifecycle } from './lifecycle-requests.ts';
import { Losses } from './losses.tsx';
import { useOrder } from './use-order.ts';

/** 삭제: the server goes for good; its Public IPs are billed on unless they are given back as well. */
export function DeleteDialog({ instance: opened, onClose }: { instance: Instance; onClose: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  const instance = useFreshInstance(opened);
  const [releases, setReleases] = useState(false);
  const held = instance.networkInterfaces.flatMap(({ id, publicIp }) =>
    publicIp ? [{ id: publicIp.id, address: publicIp.address, networkInterfaceId: id }] : [],
  );
  const order = useOrder(
    instance,
    'delete',
    async () => {
      if (releases && held.length > 0) await release(held);
      await lifecycle.remove(instance.id);
    },
    onClose,
  );
  return (
    <LifecycleDialog
      title={t('lifecycle.title.delete')}
      testId="delete-dialog"
      instance={instance}
      submit={t('lifecycle.action.delete')}
      look="bad"
      pending={order.isPending}
      error={order.error}
      typed={t('lifecycle.forEver')}
      reason={order.isPending ? null : reason('instance.delete', instance)}
      onSubmit={() => order.mutate()}
      onClose={onClose}
    >
      <Losses
        lines={[t('lifecycle.delete.disk'), t('lifecycle.delete.enrolment'), t('lifecycle.delete.back')]}
      />
      {held.length > 0 && (
        <div className="grid gap-1.5 rounded-6 border border-line bg-canvas px-3.5 py-2.5">
          <p>
            {t('lifecycle.delete.publicIps')}{' '}
            {held.map(({ address }) => (
              <Address key={address} className="mr-2 font-semibold">
                {address}
              </Address>
            ))}
          </p>
          <Checkbox isSelected={releases} onChange={setReleases}>
            {t('lifecycle.delete.release')}
          </Checkbox>
          <p className="text-12 text-fg-2">
            {t(releases ? 'lifecycle.delete.released' : 'lifecycle.delete.kept')}
          </p>
        </div>
      )}
    </LifecycleDialog>
  );
}
