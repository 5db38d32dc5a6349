import {
  apiPaths,
  filteredProperties,
  type Instance,
  type InstanceFilter,
  instanceProperties,
} from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { textOf } from '../../http/list-search.ts';
import { openWords } from '../../i18n/setup.ts';
import { openTrialsQuery } from '../../trials/open-trials.ts';
import { Button } from '../../ui/button.tsx';
import { Crumbs } from '../../ui/crumbs.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { ListCard, ListEmpty, ListHeading, ListUnread } from '../../ui/list-page.tsx';
import { onDemand } from '../../ui/on-demand.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { Pager } from '../../ui/pager.tsx';
import { SaveButton } from '../../ui/save-button.tsx';
import { useSelection } from '../../ui/selection.ts';
import { InstanceDialogs } from '../instance-dialogs.tsx';
import {
  filterOf,
  type InstanceListSearch,
  type InstanceSort,
  instancesQuery,
  type PageSize,
  pageSizes,
  propertiesOf,
  usualSize,
} from '../instance-queries.ts';
import { type InstanceDialog, useInstanceActions, useReason } from '../use-instance-actions.ts';
import { ColumnsButton } from './columns-button.tsx';
import { FilterBar } from './filter-bar.tsx';
import { InstanceTable } from './instance-table.tsx';
import { useListPreference } from './use-list-preference.ts';
import { useTyped } from './use-typed.ts';

// code and words of bulk orders come with the first row that is chosen
const BulkBar = onDemand(async () => {
  const [module] = await Promise.all([import('../bulk/bulk-bar.tsx'), openWords('lifecycle')]);
  return module.BulkBar;
});

const none: Instance[] = [];
const sizesOffered = pageSizes.toSorted((a, b) => a - b);

export function InstancesPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/instances' });
  const navigate = useNavigate({ from: '/instances' });
  // typed, and not in the address yet: to move the page costs longer than to show the rows
  const [typed, askAhead] = useTyped((q) => filtered(search, q));
  // ticked, and not in the address yet: likewise, and a second tick counts on the first
  const [ticked, setTicked] = useState<InstanceFilter | null>(null);
  const named = ticked === null ? search : narrowed(search, ticked);
  const shown = typed === null ? named : filtered(named, typed);
  const list = useQuery(instancesQuery(shown));
  const [cameBack] = useState(list.data !== undefined);
  const [dialog, setDialog] = useState<{ kind: InstanceDialog; instance: Instance } | null>(null);
  const openDialog = useCallback(
    (kind: InstanceDialog, instance: Instance) => setDialog({ kind, instance }),
    [],
  );
  const actions = useInstanceActions(openDialog);
  const reason = useReason();
  const rows = list.data?.instances ?? none;
  const selection = useSelection(rows);
  const preference = useListPreference();
  const deadlines = useDeadlines();
  usePageTitle(t('instances.title'));

  const change = (next: (before: InstanceListSearch) => InstanceListSearch) =>
    navigate({ search: next, replace: true });
  const total = list.data?.page.total;
  const narrow = (filter: InstanceFilter) => {
    setTicked(filter);
    const done = () => setTicked((latest) => (latest === filter ? null : latest));
    void change(() => narrowed(shown, filter)).finally(done);
  };
  const isNarrowed = filteredProperties(shown).length > 0;
  return (
    <>
      <ListHeading
        crumbs={<Crumbs items={[t('shell.bareMetalServer'), t('instances.title')]} />}
        title={t('instances.title')}
        count={total}
        readAt={list.data?.readAt}
        refreshing={list.isFetching}
        onRefresh={() => list.refetch()}
        actions={
          <Button
            look="primary"
            icon="plus"
            reason={reason('instance.create')}
            data-testid="create-instance"
            onPress={() => void navigate({ to: '/instances/new' })}
          >
            {t('instances.create')}
          </Button>
        }
      >
        <FilterField
          label={t('instances.filter')}
          value={search.q ?? ''}
          onChange={(q) => change((before) => filtered(before, q))}
          onAhead={askAhead}
        />
        <FilterBar
          search={shown}
          rows={rows}
          total={list.isPlaceholderData ? undefined : total}
          onChange={narrow}
        />
        <div className="ml-auto flex gap-2">
          <SaveButton path={apiPaths.instancesCsv} params={filterOf(shown)} name="instances.csv">
            {t('instances.csv')}
          </SaveButton>
          <ColumnsButton preference={preference} />
        </div>
      </ListHeading>
      <ListUnread list={list} rows={6} />
      {list.data && (
        <ListCard
          footer={
            <>
              {selection.chosen.length > 0 && <BulkBar selection={selection} />}
              <Pager
                page={shown.page ?? 1}
                size={shown.size ?? usualSize}
                sizes={sizesOffered}
                onSize={(size) => change(() => sized(shown, size as PageSize))}
                total={list.data.page.total}
                onPage={(page) =>
                  change(() => ({ ...without(shown, 'page'), ...(page > 1 ? { page } : {}) }))
                }
              />
            </>
          }
        >
          <InstanceTable
            instances={rows}
            cameBack={cameBack}
            sort={shown.sort ?? 'name'}
            direction={shown.direction ?? 'asc'}
            onSort={(sort) => change(() => sortedBy(shown, sort))}
            actions={actions}
            selection={selection}
            preference={preference}
            deadlines={deadlines}
            busy={list.isPlaceholderData}
            empty={
              list.isPlaceholderData ? (
                <ListEmpty title={t('common.loading')} />
              ) : isNarrowed ? (
                <ListEmpty
                  title={t('instances.noneFiltered')}
                  action={
                    <Button className="mt-2" onPress={() => narrow({})}>
                      {t('instances.clearFilters')}
                    </Button>
                  }
                />
              ) : shown.q ? (
                <ListEmpty title={t('common.noMatch', { text: shown.q })} />
              ) : (
                <ListEmpty title={t('instances.empty')}>{t('instances.emptyText')}</ListEmpty>
              )
            }
          />
        </ListCard>
      )}
      {dialog && <InstanceDialogs {...dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

/** When the trials of the project end, by their instances; a band over the page tells more of each. */
function useDeadlines(): ReadonlyMap<string, string> {
  const { data: trials } = useQuery(openTrialsQuery);
  return useMemo(
    () =>
      new Map(
        trials?.flatMap(({ instanceId, deadlineAt }) => (deadlineAt ? [[instanceId, deadlineAt]] : [])),
      ),
    [trials],
  );
}

/** A new filter starts on the first page. */
function filtered(search: InstanceListSearch, q: string): InstanceListSearch {
  return { ...without(search, 'page', 'q'), ...(q ? textOf(q) : {}) };
}

function without(search: InstanceListSearch, ...keys: (keyof InstanceListSearch)[]): InstanceListSearch {
  const rest = { ...search };
  for (const key of keys) delete rest[key];
  return rest;
}

/** Other properties, and nothing else of the list's state but its first page. */
function narrowed(search: InstanceListSearch, filter: InstanceFilter): InstanceListSearch {
  return { ...without(search, 'page', ...instanceProperties), ...propertiesOf(filter) };
}

function sized(search: InstanceListSearch, size: PageSize): InstanceListSearch {
  return { ...without(search, 'page', 'size'), ...(size === usualSize ? {} : { size }) };
}

/** The column that already leads turns round; a new one begins ascending, on the first page. */
function sortedBy(search: InstanceListSearch, sort: InstanceSort): InstanceListSearch {
  const turns = (search.sort ?? 'name') === sort && search.direction !== 'desc';
  return { ...without(search, 'page', 'direction'), sort, ...(turns ? { direction: 'desc' as const } : {}) };
}
