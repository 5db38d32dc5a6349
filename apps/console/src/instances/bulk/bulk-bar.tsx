import type { Instance } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import type { Selection } from '../../ui/selection.ts';
import { useReason } from '../use-instance-actions.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { actionOf, type BulkOrder, bulkOrders, closedFor, splitBy } from './bulk-orders.ts';
import { SelectionBar } from './selection-bar.tsx';

const icons = { start: 'power', stop: 'ring', hardReboot: 'sync', release: 'unlink' } as const;

/** What can be done with all chosen rows at once; a closed order says why. */
export function BulkBar({ selection }: { selection: Selection<Instance> }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [order, setOrder] = useState<BulkOrder | null>(null);
  const { chosen } = selection;
  return (
    <SelectionBar label={t('bulk.label')} selection={selection}>
      {bulkOrders.map((each) => (
        <Button
          key={each}
          size="sm"
          icon={icons[each]}
          reason={closedFor(
            splitBy(chosen, (instance) => reason(actionOf[each], instance)),
            t('bulk.none'),
          )}
          reasonAt="above-start"
          data-testid={`bulk-${each}`}
          onPress={() => setOrder(each)}
        >
          {t(`bulk.order.${each}`)}
        </Button>
      ))}
      {order && (
        <BulkDialog order={order} chosen={chosen} onSent={selection.clear} onClose={() => setOrder(null)} />
      )}
    </SelectionBar>
  );
}
