import type { PublicIp } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Losses } from '../instances/lifecycle/losses.tsx';
import { OrderDialog } from '../instances/lifecycle/order-dialog.tsx';
import { showToast } from '../ui/toast.ts';
import { AddressFacts } from './address-facts.tsx';
import { release } from './release-requests.ts';
import { useAddressReason } from './use-public-ip-actions.ts';

/** 삭제 of an idle address, which nobody gets back. */
export function DeleteAddress({ ip, onClose }: { ip: PublicIp; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const reason = useAddressReason();
  const remove = useMutation({
    // as it was seen: one that is connected by now is left alone, and the answer says so
    mutationFn: () => release([{ id: ip.id, networkInterfaceId: null }]),
    onSuccess: () => {
      onClose();
      showToast({ title: t('publicIp.deleted'), code: ip.address });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['public-ips'] }),
  });
  return (
    <OrderDialog
      title={t('publicIp.deleteTitle')}
      testId="delete-address-dialog"
      facts={<AddressFacts ip={ip} />}
      submit={t('lifecycle.action.delete')}
      look="bad"
      pending={remove.isPending}
      error={remove.error}
      typed={t('lifecycle.forEver')}
      reason={remove.isPending ? null : reason('delete', ip)}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <Losses lines={[t('lifecycle.delete.released'), t('publicIp.others'), t('publicIp.billing')]} />
    </OrderDialog>
  );
}
