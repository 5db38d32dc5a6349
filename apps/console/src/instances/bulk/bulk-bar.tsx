import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useReason } from '../use-instance-actions.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { actionOf, type BulkOrder, bulkOrders, splitBy } from './bulk-orders.ts';
import { mostChosen, type Selection } from './selection.ts';

const icons = { start: 'power', stop: 'ring', hardReboot: 'sync', release: 'unlink' } as const;

/** What can be done with all chosen rows at once; a closed order says why. */
export function BulkBar({ selection }: { selection: Selection }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [order, setOrder] = useState<BulkOrder | null>(null);
  const { chosen } = selection;
  const closed = (each: BulkOrder): string | null => {
    const { able, unable } = splitBy(chosen, (instance) => reason(actionOf[each], instance));
    if (able.length > 0) return null;
    const reasons = new Set(unable.map(({ reason: why }) => why));
    return reasons.size === 1 ? (unable[0]?.reason ?? null) : t('bulk.none');
  };
  return (
    <section
      aria-label={t('bulk.label')}
      data-testid="bulk-bar"
      className="flex flex-none flex-wrap items-center gap-2 border-t border-line-strong bg-sunken px-4 py-2"
    >
      <b role="status" className="mr-1 tabular-nums">
        {t('bulk.chosen', { count: chosen.length })}
      </b>
      {chosen.length >= mostChosen && (
        <span className="text-12 text-fg-2">{t('bulk.most', { total: mostChosen })}</span>
      )}
      {bulkOrders.map((each) => (
        <Button
          key={each}
          size="sm"
          icon={icons[each]}
          reason={closed(each)}
          reasonAt="above-start"
          data-testid={`bulk-${each}`}
          onPress={() => setOrder(each)}
        >
          {t(`bulk.order.${each}`)}
        </Button>
      ))}
      <span className="flex-1" />
      <Button size="sm" look="quiet" onPress={selection.clear}>
        {t('bulk.clear')}
      </Button>
      {order && (
        <BulkDialog order={order} chosen={chosen} onSent={selection.clear} onClose={() => setOrder(null)} />
      )}
    </section>
  );
}
