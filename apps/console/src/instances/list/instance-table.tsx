import { columnWidth, type Instance, type InstanceColumn } from '@moru/types';
import { replaceEqualDeep } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { RowMenuButton } from '../../ui/menu-button.tsx';
import type { MenuGroup } from '../../ui/menu-popover.tsx';
import { RowCheck, RowsCheck } from '../../ui/row-check.tsx';
import { useRowsInTime } from '../../ui/rows-in-time.ts';
import type { Selection } from '../../ui/selection.ts';
import { Cell, Head, Row, type SortDirection, Table } from '../../ui/table.tsx';
import type { InstanceSort } from '../instance-queries.ts';
import { type Column, columns } from './columns.tsx';
import type { ListPreference } from './use-list-preference.ts';

interface InstanceTableProps {
  instances: readonly Instance[];
  /** the list was known when its page was opened */
  cameBack: boolean;
  sort: InstanceSort;
  direction: SortDirection;
  onSort: (sort: InstanceSort) => void;
  actions: (instance: Instance) => MenuGroup[];
  selection: Selection<Instance>;
  preference: ListPreference;
  /** when the trial of an instance ends, by its id */
  deadlines: ReadonlyMap<string, string>;
  /** what belongs here is still being read */
  busy: boolean;
  /** what stands there when no row does */
  empty: ReactNode;
}

/** Rows at width; below `narrow` the same cells stand in three lines. */
export function InstanceTable(props: InstanceTableProps) {
  const { instances, sort, direction, onSort, selection, preference, busy, empty } = props;
  const { t } = useTranslation();
  const sortable = (column: InstanceSort) => ({
    sorted: sort === column ? direction : null,
    onSort: () => onSort(column),
  });
  const resizable = (column: InstanceColumn | 'name') => ({
    column,
    resizing: { ...columnWidth, onResize: (width: number | null) => preference.resize(column, width) },
  });
  return (
    <Table
      label={t('instances.title')}
      busy={busy}
      empty={instances.length === 0 && empty}
      widths={preference.widths}
      head={
        <>
          <Head className="w-8">
            <RowsCheck label={t('instances.selectAll')} rows={instances} selection={selection} />
          </Head>
          <Head {...sortable('name')} {...resizable('name')}>
            {t('instances.name')}
          </Head>
          {columns.map((column) => {
            const place = placeOf(column, preference.chosen);
            return (
              place !== null && (
                <Head
                  key={column.id}
                  {...(column.sort ? sortable(column.sort) : {})}
                  {...resizable(column.id)}
                  className={place}
                >
                  {column.label(t)}
                </Head>
              )
            );
          })}
          <Head className="right-0">
            <span className="sr-only">{t('menu.more')}</span>
          </Head>
        </>
      }
    >
      <InstanceRows {...props} />
    </Table>
  );
}

function InstanceRows({
  instances,
  cameBack,
  preference,
  deadlines,
  actions,
  selection,
}: InstanceTableProps) {
  // once for all rows, and so in every cell
  const { t } = useTranslation();
  const rows = useRowsInTime(instances, cameBack);
  return rows.map(({ key, row: instance }) => (
    <InstanceRow
      key={key}
      instance={instance}
      chosen={preference.chosen}
      deadline={deadlines.get(instance.id) ?? null}
      actions={actions}
      selected={selection.has(instance.id)}
      onSelect={selection.set}
      t={t}
    />
  ));
}

/** Where a column stands; null where it does not. A card below `narrow` has its lines whatever was chosen. */
function placeOf({ id, usual, card }: Column, chosen: readonly InstanceColumn[] | null): string | null {
  const isShown = chosen ? chosen.includes(id) : usual !== undefined;
  if (!isShown) return card ? `${card} narrow:hidden` : null;
  const atWidth = !chosen && usual === 'wide' ? 'max-wide:hidden' : 'max-narrow:hidden';
  return card ?? atWidth;
}

interface InstanceRowProps {
  instance: Instance;
  chosen: readonly InstanceColumn[] | null;
  deadline: string | null;
  actions: (instance: Instance) => MenuGroup[];
  selected: boolean;
  onSelect: Selection<Instance>['set'];
  t: TFunction;
}

/** Drawn anew only with what it shows: a key in the filter or an opened dialog costs the rows nothing. */
const InstanceRow = memo(function InstanceRow(props: InstanceRowProps) {
  const { instance, chosen, deadline, actions, selected, onSelect, t } = props;
  return (
    <Row
      testId="instance-row"
      id={instance.id}
      selected={selected}
      className="max-narrow:grid max-narrow:grid-cols-[28px_minmax(0,1fr)_auto_44px] max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:py-3 max-narrow:pr-2 max-narrow:pl-4 max-narrow:[grid-template-areas:'check_name_status_menu'_'check_address_address_menu'_'check_firewall_firewall_menu']"
    >
      <Cell className="max-narrow:[grid-area:check]">
        <RowCheck
          label={t('instances.select', { name: instance.name })}
          state={selected}
          onChange={(next) => onSelect([instance], next)}
        />
      </Cell>
      <Cell header column="name" className="max-narrow:[grid-area:name]">
        <Link
          to="/instances/$instanceId"
          params={{ instanceId: instance.id }}
          title={instance.name}
          className="font-semibold hover:text-link hover:underline max-narrow:text-[15px]"
        >
          {instance.name}
        </Link>
      </Cell>
      {columns.map((column) => {
        const place = placeOf(column, chosen);
        return (
          place !== null && (
            <ColumnCell
              key={column.id}
              column={column}
              place={place}
              shown={column.shown(instance)}
              deadline={deadline}
              t={t}
            />
          )
        );
      })}
      {/* at hand, also where the other columns need to be scrolled to */}
      <Cell className="pr-3! text-right! max-narrow:[grid-area:menu] narrow:sticky narrow:right-0 narrow:bg-surface">
        <RowMenuButton
          of={instance.id}
          label={t('menu.moreOf', { name: instance.name })}
          groups={() => actions(instance)}
          testId="instance-menu"
        />
      </Cell>
    </Row>
  );
});

interface ColumnCellProps {
  column: Column;
  place: string;
  shown: unknown;
  deadline: string | null;
  t: TFunction;
}

/** Most cells of a row that becomes another one say the same as before. */
const ColumnCell = memo(
  function ColumnCell({ column, place, shown, deadline, t }: ColumnCellProps) {
    return (
      <Cell column={column.id} most={column.most} className={`${place} ${column.look ?? ''}`}>
        {column.cell(shown, t, deadline)}
      </Cell>
    );
  },
  (before, now) =>
    before.column === now.column &&
    before.place === now.place &&
    before.deadline === now.deadline &&
    before.t === now.t &&
    replaceEqualDeep(before.shown, now.shown) === before.shown,
);
