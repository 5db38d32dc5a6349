import type { Instance } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { InstanceDialogs } from '../instance-dialogs.tsx';
import { type InstanceDialog, useReason } from '../use-instance-actions.ts';

/** From the least to the most that is lost. */
const orders = ['start', 'stop', 'hardReboot', 'rename', 'rebuild', 'delete'] as const;
type Order = (typeof orders)[number];

const effects = {
  start: 'lifecycle.start.effect',
  stop: 'lifecycle.stop.effect',
  hardReboot: 'lifecycle.hardReboot.effect',
  rename: 'details.rename',
  rebuild: 'details.rebuild',
  delete: 'details.delete',
} as const satisfies Record<Order, string>;

/** What can be done with the instance: what each does, and why it cannot be done now. */
export function OrdersSection({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [dialog, setDialog] = useState<InstanceDialog | null>(null);
  return (
    <Section title={t('details.actions')} testId="instance-orders">
      <ul>
        {orders.map((order) => {
          const why = reason(order === 'rename' ? 'instance.update' : `instance.${order}`, instance);
          return (
            <li
              key={order}
              data-testid={`order-${order}`}
              className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-0"
            >
              <div className="min-w-0 flex-1">
                <p className={why ? 'text-fg-3' : ''}>{t(effects[order])}</p>
                {why && <p className="text-12 text-fg-2">{why}</p>}
              </div>
              <Button size="sm" reason={why} onPress={() => setDialog(order)}>
                {t(`menu.${order}`)}
              </Button>
            </li>
          );
        })}
      </ul>
      {dialog && <InstanceDialogs kind={dialog} instance={instance} onClose={() => setDialog(null)} />}
    </Section>
  );
}
