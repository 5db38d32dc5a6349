import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';

const widths = ['w-2/5', 'w-3/5', 'w-1/3', 'w-1/2'];

interface SkeletonProps {
  rows: number;
  /** height of one row, as the rows that will stand here have */
  row?: string;
}

export function Skeleton({ rows, row = 'h-9' }: SkeletonProps) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have no other name
        <div key={index} className={cx('flex items-center border-b border-line px-4', row)}>
          <span
            className={cx(
              'h-3 motion-safe:animate-pulse rounded-[3px] bg-line',
              widths[index % widths.length],
            )}
          />
        </div>
      ))}
    </div>
  );
}
