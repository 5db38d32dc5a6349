import type { HostList } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Banner } from '../ui/banner.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { ListCard, ListEmpty, ListHeading, ListUnread } from '../ui/list-page.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Pager } from '../ui/pager.tsx';
import { Select } from '../ui/select.tsx';
import { AuthorityNote } from './authority-note.tsx';
import { HostDialog } from './host-dialog.tsx';
import { type HostSearch, hostsQuery, pageSize, states } from './host-queries.ts';
import { HostTable } from './host-table.tsx';

type Change = { [Key in keyof HostSearch]?: HostSearch[Key] | undefined };

/** Which hosts have an agent that this console trusts, and how one comes to have it. */
export function HostsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/hosts' });
  const navigate = useNavigate({ from: '/hosts' });
  const list = useQuery(hostsQuery(search));
  const { data } = list;
  usePageTitle(t('shell.hosts'));

  const change = (next: Change) => {
    const entries = Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined);
    void navigate({ search: Object.fromEntries(entries), replace: true });
  };
  return (
    <>
      <ListHeading
        crumbs={<Crumbs items={[t('shell.settings'), t('shell.hosts')]} />}
        title={t('shell.hosts')}
        count={data?.page.total}
        readAt={data?.readAt}
        refreshing={list.isFetching}
        onRefresh={() => list.refetch()}
      >
        <FilterField
          label={t('hosts.filter')}
          value={search.q ?? ''}
          onChange={(q) => change({ q: q || undefined, page: undefined })}
        />
        <StateChoice
          counts={data?.counts}
          value={search.state}
          onChange={(state) => change({ state, page: undefined })}
        />
        <span className="flex-1" />
        <AuthorityNote />
      </ListHeading>
      {data && <ListNotices list={data} />}
      <ListUnread list={list} rows={4} />
      {data && (
        <ListCard
          footer={
            <Pager
              page={search.page ?? 1}
              size={pageSize}
              total={data.page.total}
              onPage={(page) => change({ page: page > 1 ? page : undefined })}
            />
          }
        >
          <HostTable
            hosts={data.hosts}
            enrolment={data.enrolment}
            onTask={(task, host) => change({ task, host })}
            empty={<ListEmpty title={t(search.q || search.state ? 'hosts.noMatch' : 'hosts.empty')} />}
          />
        </ListCard>
      )}
      {search.host && search.task && data && (
        <HostDialog
          key={`${search.task} ${search.host}`}
          instanceId={search.host}
          task={search.task}
          enrolment={data.enrolment}
          onClose={() => change({ task: undefined, host: undefined })}
        />
      )}
    </>
  );
}

function ListNotices({ list: { counts, enrolment } }: { list: HostList }) {
  const { t } = useTranslation();
  if (enrolment.available && counts.waiting === 0) return null;
  return (
    <div className="grid gap-2 px-4 pb-3 narrow:px-6">
      {!enrolment.available && (
        <Banner tone="warn" title={t('hosts.unavailable')}>
          {t('hosts.unavailableText')}
        </Banner>
      )}
      {counts.waiting > 0 && (
        <Banner tone="info" role="status" title={t('hosts.waiting', { total: counts.waiting })}>
          {t('hosts.waitingText')}
        </Banner>
      )}
    </div>
  );
}

const every = 'all';

interface StateChoiceProps {
  counts: HostList['counts'] | undefined;
  value: HostSearch['state'];
  onChange: (state: HostSearch['state']) => void;
}

function StateChoice({ counts, value, onChange }: StateChoiceProps) {
  const { t } = useTranslation();
  const options = (Object.keys(states) as (keyof typeof states)[]).map((id) => ({
    id,
    label: `${t(`hosts.state.${id}`)} ${counts?.[id] ?? ''}`.trim(),
  }));
  return (
    <div className="w-40">
      <Select
        label={t('instances.status')}
        value={value ?? every}
        options={[{ id: every, label: t('hosts.everyState') }, ...options]}
        onChange={(id) => onChange(id === every ? undefined : (id as HostSearch['state']))}
      />
    </div>
  );
}
