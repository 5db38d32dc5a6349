import type { Instance } from '@moru/types';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Address } from '../ui/address.tsx';
import { State } from '../ui/badge.tsx';
import { RowMenuButton } from '../ui/menu-button.tsx';
import type { MenuGroup } from '../ui/menu-popover.tsx';
import { RowCheck, RowsCheck } from '../ui/row-check.tsx';
import type { Selection } from '../ui/selection.ts';
import { Cell, Head, Row, type SortDirection, Table } from '../ui/table.tsx';
import { FirewallSummary } from './firewall-summary.tsx';
import type { InstanceSort } from './instance-queries.ts';
import { InstanceStatus } from './instance-status.tsx';

interface InstanceTableProps {
  instances: Instance[];
  sort: InstanceSort;
  direction: SortDirection;
  onSort: (sort: InstanceSort) => void;
  actions: (instance: Instance) => MenuGroup[];
  selection: Selection<Instance>;
  /** what belongs here is still being read */
  busy: boolean;
  /** what stands there when no row does */
  empty: ReactNode;
}

/** Rows at width; below `narrow` the same cells stand in three lines. */
export function InstanceTable(props: InstanceTableProps) {
  const { instances, sort, direction, onSort, actions, selection, busy, empty } = props;
  const { t } = useTranslation();
  const sortable = (column: InstanceSort) => ({
    sorted: sort === column ? direction : null,
    onSort: () => onSort(column),
  });
  return (
    <Table
      label={t('instances.title')}
      busy={busy}
      empty={instances.length === 0 && empty}
      head={
        <>
          <Head className="w-8">
            <RowsCheck label={t('instances.selectAll')} rows={instances} selection={selection} />
          </Head>
          <Head {...sortable('name')}>{t('instances.name')}</Head>
          <Head {...sortable('status')}>{t('instances.status')}</Head>
          <Head {...sortable('flavor')} className="max-wide:hidden">
            {t('instances.type')}
          </Head>
          <Head {...sortable('privateIp')}>{t('instances.privateIp')}</Head>
          <Head {...sortable('publicIp')}>{t('publicIps.title')}</Head>
          <Head>{t('firewall.title')}</Head>
          <Head className="max-wide:hidden">{t('instances.id')}</Head>
          <Head className="w-11 right-0">
            <span className="sr-only">{t('menu.more')}</span>
          </Head>
        </>
      }
    >
      {instances.map((instance) => (
        <InstanceRow
          key={instance.id}
          instance={instance}
          actions={actions}
          selected={selection.has(instance.id)}
          onSelect={selection.set}
        />
      ))}
    </Table>
  );
}

interface InstanceRowProps {
  instance: Instance;
  actions: (instance: Instance) => MenuGroup[];
  selected: boolean;
  onSelect: Selection<Instance>['set'];
}

/** Drawn anew only with what it shows: a key in the filter or an opened dialog costs the rows nothing. */
const InstanceRow = memo(function InstanceRow({ instance, actions, selected, onSelect }: InstanceRowProps) {
  const { t } = useTranslation();
  return (
    <Row
      testId="instance-row"
      id={instance.id}
      className="max-narrow:grid max-narrow:grid-cols-[28px_minmax(0,1fr)_auto_44px] max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:py-3 max-narrow:pr-2 max-narrow:pl-4 max-narrow:[grid-template-areas:'check_name_status_menu'_'check_address_address_menu'_'check_firewall_firewall_menu']"
    >
      <Cell className="max-narrow:[grid-area:check]">
        <RowCheck
          label={t('instances.select', { name: instance.name })}
          state={selected}
          onChange={(next) => onSelect([instance], next)}
        />
      </Cell>
      <Cell header className="max-narrow:[grid-area:name]">
        <Link
          to="/instances/$instanceId"
          params={{ instanceId: instance.id }}
          className="font-semibold hover:text-link hover:underline max-narrow:text-[15px]"
        >
          {instance.name}
        </Link>
      </Cell>
      <Cell className="max-narrow:[grid-area:status]">
        <InstanceStatus instance={instance} />
      </Cell>
      <Cell className="text-fg-2 max-wide:hidden">
        <span translate="no">{instance.flavor}</span>
      </Cell>
      <Cell className="max-narrow:w-[118px] max-narrow:[grid-area:address]">
        <Addresses values={instance.networkInterfaces.flatMap((nic) => nic.privateIp ?? [])} />
      </Cell>
      <Cell className="max-narrow:ml-32 max-narrow:[grid-area:address]">
        <span className="mr-1 text-12 text-fg-3 narrow:hidden">{t('publicIps.title')}</span>
        <PublicIps instance={instance} />
      </Cell>
      <Cell className="max-narrow:[grid-area:firewall]">
        <FirewallSummary instance={instance} />
      </Cell>
      <Cell className="text-fg-3 max-wide:hidden">
        <span title={instance.id}>
          <Address>{shortId(instance.id)}</Address>
        </span>
      </Cell>
      {/* at hand, also where the other columns need to be scrolled to */}
      <Cell className="pr-3! max-narrow:[grid-area:menu] narrow:sticky narrow:right-0 narrow:bg-surface">
        <RowMenuButton
          label={t('menu.moreOf', { name: instance.name })}
          groups={() => actions(instance)}
          testId="instance-menu"
        />
      </Cell>
    </Row>
  );
});

/** A UUID by its first part, which tells the rows of a project apart; anything shorter whole. */
function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…` : id;
}

/** The first address, and how many more there are. */
function Addresses({ values }: { values: string[] }) {
  const { t } = useTranslation();
  const [first, ...others] = values;
  if (!first) return <span className="text-fg-3">{t('common.none')}</span>;
  return (
    <>
      <Address>{first}</Address>
      {others.length > 0 && (
        <span className="ml-1.5 text-11 text-fg-3" title={others.join(', ')}>
          {t('instances.andMore', { count: others.length })}
        </span>
      )}
    </>
  );
}

function PublicIps({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const held = instance.networkInterfaces.flatMap((nic) => nic.publicIp ?? []);
  const pending = held.find((ip) => ip.status === 'attaching');
  if (!pending) return <Addresses values={held.map((ip) => ip.address)} />;
  return (
    <State kind="changing">
      <Address>{pending.address}</Address>
      {t('publicIps.attaching')}
    </State>
  );
}
