import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { ListEmpty } from '../../ui/list-page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Section } from '../../ui/section.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import {
  actionLogQuery,
  type HistorySource,
  type InstanceHistorySearch,
  pageSize,
  recordsQuery,
} from './history-queries.ts';
import { HistoryTable } from './history-table.tsx';
import { mergeHistory } from './merge-history.ts';

const sources = ['all', 'console', 'cloud'] as const satisfies HistorySource[];

/** 작업 이력: what was done to the instance, by the cloud's own log and by ours, laid together. */
export function HistoryTab() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/history' });
  const search = useSearch({ from: '/shell/instances/$instanceId/history' });
  const navigate = useNavigate({ from: '/instances/$instanceId/history' });
  const { source = 'all', page = 1 } = search;
  const records = useQuery({ ...recordsQuery(instanceId, page), enabled: source !== 'cloud' });
  const actions = useQuery({ ...actionLogQuery(instanceId), enabled: source !== 'console' });
  const logs = [...(source === 'cloud' ? [] : [records]), ...(source === 'console' ? [] : [actions])];

  const change = (next: InstanceHistorySearch) => void navigate({ search: next, replace: true });
  const kept: InstanceHistorySearch = source === 'all' ? {} : { source };
  const ours = records.data ?? { records: [], next: null, total: 0 };
  const theirs = actions.data?.actions ?? [];
  const entries =
    source === 'cloud'
      ? mergeHistory({ records: [], next: null, first: true }, theirs).slice(
          (page - 1) * pageSize,
          page * pageSize,
        )
      : mergeHistory(
          { records: ours.records, next: ours.next, first: page === 1 },
          source === 'all' ? theirs : [],
        );
  const readAt = Math.min(...logs.map(({ dataUpdatedAt }) => dataUpdatedAt));
  const isRead = logs.some(({ data }) => data !== undefined);
  return (
    <div className="relative min-h-0 flex-1 overflow-auto">
      <div className="grid content-start gap-3.5 py-4 narrow:px-5">
        {source !== 'cloud' && records.error && (
          <FailureNotice
            error={records.error}
            note={t(records.data ? 'common.stale' : 'record.oursUnread')}
            onRetry={() => records.refetch()}
            className="max-narrow:mx-4"
          />
        )}
        {source !== 'console' && actions.error && (
          <FailureNotice
            error={actions.error}
            note={t(actions.data ? 'common.stale' : 'record.theirsUnread')}
            onRetry={() => actions.refetch()}
            className="max-narrow:mx-4"
          />
        )}
        <Section
          title={t('record.title')}
          note={readAt > 0 ? t('common.updatedAt', { time: clockTime(new Date(readAt).toISOString()) }) : ''}
          testId="instance-history"
          actions={
            <Button
              look="quiet"
              size="sm"
              icon="sync"
              aria-label={t('common.refresh')}
              onPress={() => {
                for (const log of logs) void log.refetch();
              }}
              className={cx(logs.some(({ isFetching }) => isFetching) && 'motion-safe:[&>svg]:animate-spin')}
            />
          }
        >
          <div className="flex flex-wrap items-center border-b border-line px-4 py-2">
            <Segmented
              label={t('record.source')}
              value={source}
              onChange={(next) => change(next === 'all' ? {} : { source: next as HistorySource })}
              options={sources.map((id) => ({
                id,
                label: <span className="px-2.5">{t(`record.sources.${id}`)}</span>,
              }))}
            />
          </div>
          {!isRead && logs.some(({ isPending }) => isPending) && <Skeleton rows={5} />}
          {isRead && (
            <>
              <HistoryTable
                entries={entries}
                open={search.open ?? null}
                onOpen={(open) =>
                  change({ ...kept, ...(page > 1 ? { page } : {}), ...(open === null ? {} : { open }) })
                }
              />
              {entries.length === 0 && (
                <ListEmpty title={t('record.empty')}>{t('record.emptyText')}</ListEmpty>
              )}
              <Pager
                page={page}
                size={pageSize}
                total={source === 'cloud' ? theirs.length : ours.total}
                onPage={(next) => change({ ...kept, ...(next > 1 ? { page: next } : {}) })}
              />
            </>
          )}
        </Section>
      </div>
    </div>
  );
}
