import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { showToast } from '../../ui/toast.ts';
import { followOrder } from './follow-order.ts';
import type { Order } from './lifecycle-requests.ts';

/** Sends an order and says how it goes: begun, and later how it ended. `send` rejects where it was not taken. */
export function useOrder(
  instance: { id: string; name: string },
  order: Order,
  send: () => Promise<void>,
  onTaken: () => void,
) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      onTaken();
      const about = { code: instance.name, topic: `order ${instance.id}` };
      showToast({ tone: 'changing', title: t(`lifecycle.begun.${order}`), ...about });
      void followOrder(queries, instance, order).then((outcome) => {
        if (outcome === 'done') showToast({ title: t(`lifecycle.done.${order}`), ...about });
        else showToast({ tone: 'bad', title: t(`lifecycle.${outcome}`), ...about });
      });
    },
    // also after a failure: it may have been taken all the same
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['instances'] });
      void queries.invalidateQueries({ queryKey: ['instance', instance.id] });
    },
  });
}
