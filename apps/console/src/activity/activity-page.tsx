import { apiPaths } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { ListCard, ListEmpty, ListHeading, ListUnread } from '../ui/list-page.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Pager } from '../ui/pager.tsx';
import { SaveButton } from '../ui/save-button.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { type ActivitySearch, activityQuery, auditQueryOf, pageSize } from './activity-queries.ts';
import { ActivityTable } from './activity-table.tsx';
import { ChainMark } from './chain-mark.tsx';

type Change = { [Key in keyof ActivitySearch]?: ActivitySearch[Key] | undefined };

/** Who did what, when, on what, and what came of it. */
export function ActivityPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/activity' });
  const navigate = useNavigate({ from: '/activity' });
  const list = useQuery(activityQuery(search));
  const { data } = list;
  usePageTitle(t('shell.activity'));

  const change = (next: Change) => navigate({ search: filled({ ...search, ...next }), replace: true });
  const filter = (next: Change) => change({ ...next, page: undefined, open: undefined });
  const isFiltered = Object.keys(auditQueryOf(search)).length > 0;
  return (
    <>
      <ListHeading
        crumbs={<Crumbs items={[t('shell.operations'), t('shell.activity')]} />}
        title={t('shell.activity')}
        count={data?.page.total}
        note={<ChainMark />}
        readAt={list.dataUpdatedAt ? new Date(list.dataUpdatedAt).toISOString() : undefined}
        refreshing={list.isFetching}
        onRefresh={() => list.refetch()}
      >
        <ActivityFilters search={search} onChange={filter} />
        <span className="flex-1" />
        <SaveButton path={apiPaths.auditCsv} params={auditQueryOf(search)} name="activity.csv">
          {t('activity.save')}
        </SaveButton>
      </ListHeading>
      <ListUnread list={list} rows={8} />
      {data && (
        <ListCard
          footer={
            <Pager
              page={search.page ?? 1}
              size={pageSize}
              total={data.page.total}
              onPage={(page) => change({ page: page > 1 ? page : undefined, open: undefined })}
            />
          }
        >
          <ActivityTable
            records={data.records}
            open={search.open ?? null}
            onOpen={(open) => change({ open: open ?? undefined })}
            onTarget={(target) => filter({ target })}
            empty={
              <ListEmpty title={t(isFiltered ? 'activity.noMatch' : 'activity.empty')}>
                {isFiltered && (
                  <Button size="sm" onPress={() => navigate({ search: {}, replace: true })}>
                    {t('activity.showAll')}
                  </Button>
                )}
              </ListEmpty>
            }
          />
        </ListCard>
      )}
    </>
  );
}

function filled(search: Change): ActivitySearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
