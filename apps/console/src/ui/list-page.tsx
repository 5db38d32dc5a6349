import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { FailureNotice } from './failure-notice.tsx';
import { Skeleton } from './skeleton.tsx';

interface ListHeadingProps {
  crumbs: ReactNode;
  title: string;
  count: number | undefined;
  /** beside the count */
  note?: ReactNode;
  /** when the cloud was read */
  readAt: string | undefined;
  refreshing: boolean;
  onRefresh: () => void;
  /** what makes another one of them */
  actions?: ReactNode;
  /** the line of filters */
  children: ReactNode;
}

/** Head of every list page: path, title with count, how fresh it is, filters. */
export function ListHeading({
  crumbs,
  title,
  count,
  note,
  readAt,
  refreshing,
  onRefresh,
  actions,
  children,
}: ListHeadingProps) {
  const { t } = useTranslation();
  return (
    <header className="flex-none px-4 pt-3 narrow:px-6 narrow:pt-3.5">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 [grid-template-areas:'crumbs_fresh'_'title_actions'] narrow:grid-cols-[minmax(0,1fr)_auto_auto] narrow:gap-y-0.5 narrow:[grid-template-areas:'crumbs_crumbs_crumbs'_'title_fresh_actions']">
        <div className="min-w-0 [grid-area:crumbs]">{crumbs}</div>
        <div className="flex min-h-9 min-w-0 flex-wrap items-center gap-x-2 [grid-area:title]">
          <h1 className="text-21 leading-[1.3] tracking-[-.01em]">{title}</h1>
          {count !== undefined && (
            <span className="whitespace-nowrap text-fg-3 tabular-nums">
              {t('common.count', { total: count })}
            </span>
          )}
          {note && <span className="max-narrow:basis-full">{note}</span>}
        </div>
        <div className="flex items-center gap-1 [grid-area:fresh] narrow:gap-2">
          {readAt && (
            <span className="text-right text-12 text-fg-3 tabular-nums">
              {t('common.updatedAt', { time: clockTime(readAt) })}
            </span>
          )}
          <Button
            look="quiet"
            icon="sync"
            aria-label={t('common.refresh')}
            onPress={onRefresh}
            className={cx(refreshing && 'motion-safe:[&>svg]:animate-spin')}
          />
        </div>
        <div className="flex justify-end gap-2 [grid-area:actions]">{actions}</div>
      </div>
      <div className="flex flex-wrap items-center gap-2 pt-2 pb-3">{children}</div>
    </header>
  );
}

export function ListCard({ children, footer }: { children: ReactNode; footer?: ReactNode }) {
  return (
    <div className="flex min-h-0 flex-col border-y border-line bg-surface narrow:mx-6 narrow:mb-5 narrow:overflow-hidden narrow:rounded-6 narrow:border-x">
      <div className="relative min-h-0 flex-1 overflow-auto">{children}</div>
      {footer}
    </div>
  );
}

interface ListUnreadProps {
  list: Pick<UseQueryResult, 'error' | 'isPending' | 'data' | 'refetch'>;
  /** how many rows are likely to come */
  rows: number;
  /** height of one row, where it is not the usual one */
  row?: string;
}

/** Between heading and rows: why they could not be read, or could not be read anew, and that the first ones come. */
export function ListUnread({ list, rows, row }: ListUnreadProps) {
  const { t } = useTranslation();
  return (
    <>
      {list.error && (
        <div className="px-4 pb-3 narrow:px-6">
          <FailureNotice
            error={list.error}
            {...(list.data ? { note: t('common.stale') } : {})}
            onRetry={() => list.refetch()}
          />
        </div>
      )}
      {list.isPending && (
        <ListCard>
          <Skeleton rows={rows} {...(row && { row })} />
        </ListCard>
      )}
    </>
  );
}

interface ListEmptyProps {
  title: string;
  /** what may be done about it */
  action?: ReactNode;
  children?: ReactNode;
}

/** What stands where rows would be. */
export function ListEmpty({ title, action, children }: ListEmptyProps) {
  return (
    <div className="grid justify-items-center gap-1 px-4 py-12 text-center">
      <b>{title}</b>
      {children && <p className="text-fg-2">{children}</p>}
      {action}
    </div>
  );
}
