import type { Operation } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { showToast } from '../../ui/toast.ts';
import { endOf } from '../lifecycle/lifecycle-requests.ts';

interface BulkOrderWords {
  /** resolves as soon as the order is written down */
  send: () => Promise<Operation>;
  begun: (total: number) => string;
  done: (total: number) => string;
  onTaken: () => void;
}

/** Sends an order for many and says how it went, counted; each one's outcome stands among the tasks. */
export function useBulkOrder({ send, begun, done, onTaken }: BulkOrderWords) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const readAnew = () => {
    for (const key of ['instances', 'instance', 'operations', 'public-ips']) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
  };
  return useMutation({
    mutationFn: send,
    onSuccess: (operation) => {
      onTaken();
      const topic = `bulk ${operation.id}`;
      showToast({ tone: 'changing', title: begun(operation.items?.total ?? 0), topic });
      // its course stands among the tasks too, whether this tab can follow it or not
      void endOf(operation).then(
        ({ state, items }) => {
          readAnew();
          const { succeeded = 0, failed = 0 } = items ?? {};
          if (state === 'running') return;
          if (failed === 0) showToast({ title: done(succeeded), topic });
          else {
            const detail = t('bulk.seeTasks');
            showToast({ tone: 'bad', title: t('bulk.partly', { done: succeeded, failed }), detail, topic });
          }
        },
        () => readAnew(),
      );
    },
    onSettled: readAnew,
  });
}
