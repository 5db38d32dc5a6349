import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Ago } from '../ui/ago.tsx';
import { State } from '../ui/badge.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { ListCard, ListEmpty, ListHeading, ListUnread } from '../ui/list-page.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Pager } from '../ui/pager.tsx';
import { Section } from '../ui/section.tsx';
import { Switch } from '../ui/switch.tsx';
import { useFollowed } from './followed.ts';
import { OperationRow } from './operation-row.tsx';
import { operationsQuery } from './task-queries.ts';

const pageSize = 50;

/** 진행 작업: what is under way, how it ended, and what waits for a decision. */
export function TasksPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/tasks' });
  const navigate = useNavigate({ from: '/tasks' });
  const page = search.page ?? 1;
  const list = useQuery(
    operationsQuery({
      limit: pageSize,
      offset: (page - 1) * pageSize,
      ...(search.open ? { open: true } : {}),
    }),
  );
  usePageTitle(t('shell.tasks'));
  const { data } = list;
  return (
    <>
      <ListHeading
        crumbs={<Crumbs items={[t('shell.operations'), t('shell.tasks')]} />}
        title={t('shell.tasks')}
        count={data?.page.total}
        readAt={data && new Date(list.dataUpdatedAt).toISOString()}
        refreshing={list.isFetching}
        onRefresh={() => list.refetch()}
      >
        <Switch
          isSelected={search.open === true}
          onChange={(open) => void navigate({ search: open ? { open: true } : {}, replace: true })}
        >
          {t('tasks.openOnly')}
        </Switch>
      </ListHeading>
      <OfThisTab />
      <ListUnread list={list} rows={4} />
      {data && (
        <ListCard
          footer={
            <Pager
              page={page}
              size={pageSize}
              total={data.page.total}
              onPage={(next) =>
                void navigate({
                  search: { ...(search.open ? { open: true } : {}), ...(next > 1 ? { page: next } : {}) },
                  replace: true,
                })
              }
            />
          }
        >
          {data.operations.length === 0 ? (
            <ListEmpty title={t('tasks.empty')}>{t('tasks.emptyText')}</ListEmpty>
          ) : (
            <ul aria-label={t('shell.tasks')}>
              {data.operations.map((operation) => (
                <OperationRow key={operation.id} operation={operation} />
              ))}
            </ul>
          )}
        </ListCard>
      )}
    </>
  );
}

/** Orders of this tab that the cloud is at. */
function OfThisTab() {
  const { t } = useTranslation();
  const followed = useFollowed();
  if (followed.length === 0) return null;
  return (
    <div className="pb-3 narrow:px-6">
      <Section title={t('tasks.instances')} testId="followed">
        <ul className="px-4 py-2">
          {followed.map(({ instanceId, name, order, since }) => (
            <li key={instanceId} className="flex flex-wrap items-center gap-x-3 py-1">
              <State kind="changing">{t(`lifecycle.begun.${order}`)}</State>
              <b>{name}</b>
              <span className="text-12 text-fg-3" title={dateTime(since)}>
                <Ago iso={since} />
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
