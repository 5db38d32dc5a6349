import type { PublicIp } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime, span } from '../i18n/format.ts';
import { openWords } from '../i18n/setup.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { language } from '../shell/preferences.ts';
import { Address } from '../ui/address.tsx';
import { State } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { ListCard, ListEmpty, ListHeading, ListUnread } from '../ui/list-page.tsx';
import { RowMenuButton } from '../ui/menu-button.tsx';
import type { MenuGroup } from '../ui/menu-popover.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Pager } from '../ui/pager.tsx';
import { RowCheck, RowsCheck } from '../ui/row-check.tsx';
import { type Selection, useSelection } from '../ui/selection.ts';
import { Switch } from '../ui/switch.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import { AddressDialogs } from './address-dialogs.tsx';
import { isIdle, type PublicIpListSearch, pageSize, publicIpsQuery } from './public-ip-queries.ts';
import { useCostSoFar } from './use-cost.ts';
import { type AddressDialog, usePublicIpActions } from './use-public-ip-actions.ts';

// code and words of what is done with many come with the first row that is chosen
const ReleaseBar = onDemand(async () => {
  const [module] = await Promise.all([import('./release-bar.tsx'), openWords('lifecycle')]);
  return module.ReleaseBar;
});
const none: PublicIp[] = [];

const CreateAddress = onDemand(() => import('./create-address.tsx').then((module) => module.CreateAddress));

export function PublicIpsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/public-ips' });
  const { q, idle } = search;
  const navigate = useNavigate({ from: '/public-ips' });
  // a new filter starts on the first page
  const filter = (text?: string, only?: boolean) =>
    void navigate({ search: filtersOf(text, only), replace: true });
  const list = useQuery(publicIpsQuery(search));
  const { data } = list;
  const rows = data?.publicIps;
  const [dialog, setDialog] = useState<{ kind: AddressDialog; ip: PublicIp } | null>(null);
  const actions = usePublicIpActions((kind, ip) => setDialog({ kind, ip }));
  const [creating, setCreating] = useState(false);
  const reason = useReason();
  const cost = useCostSoFar();
  const selection = useSelection(rows ?? none);
  usePageTitle(t('publicIps.title'));
  return (
    <>
      <ListHeading
        crumbs={<Crumbs items={[t('shell.network'), t('publicIps.title')]} />}
        title={t('publicIps.title')}
        count={data?.page.total}
        readAt={data?.readAt}
        refreshing={list.isFetching}
        onRefresh={() => list.refetch()}
        actions={
          <Button
            look="primary"
            icon="plus"
            reason={reason('publicIp.create')}
            data-testid="create-address"
            onPress={() => setCreating(true)}
          >
            {t('publicIp.create')}
          </Button>
        }
      >
        <FilterField label={t('publicIps.filter')} value={q ?? ''} onChange={(text) => filter(text, idle)} />
        <Switch isSelected={idle === true} onChange={(only) => filter(q, only)}>
          {t('publicIp.idleOnly')}
        </Switch>
      </ListHeading>
      <ListUnread list={list} rows={4} />
      {data && rows && (
        <ListCard
          footer={
            <>
              {selection.chosen.length > 0 && <ReleaseBar selection={selection} />}
              <Pager
                page={search.page ?? 1}
                size={pageSize}
                total={data.page.total}
                onPage={(page) =>
                  navigate({
                    search: { ...filtersOf(q, idle), ...(page > 1 ? { page } : {}) },
                    replace: true,
                  })
                }
              />
            </>
          }
        >
          <Table
            label={t('publicIps.title')}
            empty={
              rows.length === 0 &&
              (q ? (
                <ListEmpty title={t('common.noMatch', { text: q })} />
              ) : idle ? (
                <ListEmpty title={t('publicIp.noneIdle')}>{t('publicIp.noneIdleText')}</ListEmpty>
              ) : (
                <ListEmpty title={t('publicIps.empty')}>{t('publicIps.emptyText')}</ListEmpty>
              ))
            }
            head={
              <>
                <Head className="w-11">
                  <RowsCheck label={t('publicIp.selectAll')} rows={rows} selection={selection} />
                </Head>
                <Head>{t('publicIps.address')}</Head>
                <Head>{t('instances.status')}</Head>
                <Head>{t('publicIps.attachedTo')}</Head>
                <Head>{t('instances.privateIp')}</Head>
                <Head>{t('publicIps.description')}</Head>
                <Head>{t('publicIps.created')}</Head>
                {cost && <Head>{t('publicIps.cost')}</Head>}
                <Head>
                  <span className="sr-only">{t('menu.more')}</span>
                </Head>
              </>
            }
          >
            {rows.map((ip) => (
              <PublicIpRow
                key={ip.id}
                ip={ip}
                now={list.dataUpdatedAt}
                actions={() => actions(ip)}
                selection={selection}
                cost={cost?.(ip, list.dataUpdatedAt)}
              />
            ))}
          </Table>
        </ListCard>
      )}
      {creating && <CreateAddress onClose={() => setCreating(false)} />}
      {dialog && (
        <AddressDialogs
          {...dialog}
          now={rows?.find(({ id }) => id === dialog.ip.id) ?? null}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

const filtersOf = (q?: string, idle?: boolean): PublicIpListSearch => ({
  ...(q ? { q } : {}),
  ...(idle ? { idle: true } : {}),
});

interface PublicIpRowProps {
  ip: PublicIp;
  now: number;
  actions: () => MenuGroup[];
  selection: Selection<PublicIp>;
  /** what it has cost so far; absent where no price is configured */
  cost: string | undefined;
}

function PublicIpRow({ ip, now, actions, selection, cost }: PublicIpRowProps) {
  const { t } = useTranslation();
  return (
    <Row
      testId="public-ip-row"
      id={ip.id}
      className="max-narrow:grid max-narrow:grid-cols-[28px_minmax(0,1fr)_auto_44px] max-narrow:items-center max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:py-3 max-narrow:pr-2 max-narrow:pl-4"
    >
      <Cell>
        <RowCheck
          label={t('instances.select', { name: ip.address })}
          state={selection.has(ip.id)}
          onChange={(next) => selection.set([ip], next)}
        />
      </Cell>
      <Cell header>
        <span className="inline-flex items-center gap-1">
          <Address className="font-semibold">{ip.address}</Address>
          <CopyButton text={ip.address} label={t('publicIps.address')} />
        </span>
      </Cell>
      <Cell>
        <PublicIpState ip={ip} now={now} />
      </Cell>
      <Cell className="max-narrow:col-start-2">
        <AttachedTo ip={ip} />
      </Cell>
      <Cell className="max-narrow:col-span-2 max-narrow:pr-2! max-narrow:text-right">
        {ip.privateIp && <Address>{ip.privateIp}</Address>}
      </Cell>
      <Cell className="text-fg-2 max-narrow:col-span-3 max-narrow:col-start-2 max-narrow:empty:hidden">
        {ip.description}
      </Cell>
      <Cell className="text-fg-2 tabular-nums max-narrow:col-span-3 max-narrow:col-start-2">
        {dateTime(ip.createdAt)}
      </Cell>
      {cost !== undefined && (
        <Cell className="tabular-nums max-narrow:col-span-3 max-narrow:col-start-2">
          <span className="mr-1 text-12 text-fg-3 narrow:hidden">{t('publicIps.cost')}</span>
          {cost}
        </Cell>
      )}
      <Cell className="max-narrow:col-start-4 narrow:w-px narrow:pr-3! max-narrow:row-start-1">
        <RowMenuButton
          of={ip.id}
          label={t('menu.moreOf', { name: ip.address })}
          groups={actions}
          testId="address-menu"
        />
      </Cell>
    </Row>
  );
}

function PublicIpState({ ip, now }: { ip: PublicIp; now: number }) {
  const { t } = useTranslation();
  if (ip.status === 'attaching') return <State kind="changing">{t('publicIps.attaching')}</State>;
  if (!isIdle(ip)) return <State kind="calm">{t('publicIps.inUse')}</State>;
  return (
    <State kind="off">
      {t('publicIps.idle')}
      <span className="text-12 text-fg-3" title={dateTime(ip.updatedAt)}>
        {span(ip.updatedAt, now, language())}
      </span>
    </State>
  );
}

function AttachedTo({ ip }: { ip: PublicIp }) {
  const { t } = useTranslation();
  if (!ip.attachedTo) return <span className="text-fg-3">{t('common.none')}</span>;
  const { instanceId, instanceName, networkInterfaceName } = ip.attachedTo;
  return (
    <span className="inline-flex items-center gap-1.5">
      {instanceId ? (
        <Link
          to="/instances/$instanceId"
          params={{ instanceId }}
          className="font-semibold hover:text-link hover:underline"
        >
          {instanceName ?? instanceId}
        </Link>
      ) : (
        t('publicIps.elsewhere')
      )}
      <span className="text-fg-3">{networkInterfaceName}</span>
    </span>
  );
}
