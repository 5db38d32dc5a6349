import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Losses } from '../lifecycle/losses.tsx';
import { OrderFrame, type OrderFrameProps } from '../lifecycle/order-frame.tsx';

interface BulkFrameProps extends Omit<OrderFrameProps, 'testId' | 'submitTestId' | 'reason' | 'children'> {
  /** what becomes of them */
  losses: string[];
  able: readonly { id: string; row: ReactNode }[];
  unable: readonly { id: string; name: string; reason: string }[];
}

/** Which of the chosen an order is for, which not and why, and what becomes of them. */
export function BulkFrame({ losses, able, unable, ...frame }: BulkFrameProps) {
  const { t } = useTranslation();
  const count = (total: number) => <span className="tabular-nums">{t('common.count', { total })}</span>;
  return (
    <OrderFrame
      {...frame}
      testId="bulk-dialog"
      submitTestId="submit-bulk"
      reason={able.length === 0 ? t('bulk.none') : null}
    >
      <Losses lines={losses} />
      <section aria-label={t('bulk.able')} data-testid="bulk-able">
        <h3 className="mb-1 text-12 text-fg-2">
          {t('bulk.able')} {count(able.length)}
        </h3>
        <ul className="max-h-40 overflow-y-auto rounded-6 border border-line bg-canvas px-3.5 py-2">
          {able.map(({ id, row }) => (
            <li key={id}>{row}</li>
          ))}
          {able.length === 0 && <li className="text-fg-3">{t('common.none')}</li>}
        </ul>
      </section>
      {unable.length > 0 && (
        <section aria-label={t('bulk.unable')} data-testid="bulk-unable">
          <h3 className="mb-1 text-12 text-fg-2">
            {t('bulk.unable')} {count(unable.length)}
          </h3>
          <ul className="max-h-40 overflow-y-auto rounded-6 border border-line px-3.5 py-2">
            {unable.map(({ id, name, reason }) => (
              <li key={id} className="flex flex-wrap gap-x-2">
                <span>{name}</span>
                <span className="text-fg-2">{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </OrderFrame>
  );
}
