import type { ReactNode } from 'react';
import {
  type ColumnWidths,
  columnStyle,
  ResizeHandle,
  type Resizing,
  widthVariables,
} from './column-width.tsx';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

// Lists are plain tables: React Aria's table costs 45 kB and a keyboard grid that a page of links does not need.
// Its own table serves where rows are moved by keyboard. The roles are said because a table whose rows stand as
// cards (below `narrow`) is no table to the browser any more.
const roles = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  column: { role: 'columnheader' },
  rowHeader: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const;

interface TableProps {
  label: string;
  head: ReactNode;
  /** the rows that belong here are still being read */
  busy?: boolean;
  /** shown over the full width instead of rows */
  empty?: ReactNode;
  /** of columns that somebody has drawn wider or narrower */
  widths?: ColumnWidths;
  children: ReactNode;
}

export function Table({ label, head, busy, empty, widths = {}, children }: TableProps) {
  return (
    <>
      <table
        {...roles.table}
        aria-label={label}
        aria-busy={busy}
        style={widthVariables(widths)}
        className="w-full border-separate border-spacing-0 max-narrow:block"
      >
        <thead {...roles.group} className="max-narrow:hidden">
          <tr {...roles.row} className="group/head">
            {head}
          </tr>
        </thead>
        <tbody {...roles.group} className="max-narrow:block">
          {children}
        </tbody>
      </table>
      {empty}
    </>
  );
}

export type SortDirection = 'asc' | 'desc';

interface HeadProps {
  /** absent: the column cannot be sorted; null: another one is */
  sorted?: SortDirection | null;
  onSort?: () => void;
  /** the name of a column whose width can be chosen */
  column?: string;
  resizing?: Resizing;
  className?: string;
  children: ReactNode;
}

/** No wider than the column, where that has a width. */
const cut = 'narrow:max-w-(--w) narrow:overflow-hidden narrow:text-ellipsis';

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

export function Head({ sorted, onSort, column, resizing, className, children }: HeadProps) {
  return (
    <th
      {...roles.column}
      scope="col"
      {...(sorted ? { 'aria-sort': ariaSort[sorted] } : {})}
      {...(column ? { style: columnStyle(column) } : {})}
      className={cx(
        'sticky top-0 z-1 h-8 border-b border-line-strong bg-surface px-2.5 text-left text-12 whitespace-nowrap text-fg-3 first:pl-4',
        column && 'narrow:w-(--w) narrow:min-w-(--w) narrow:max-w-(--w)',
        className,
      )}
    >
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className="group -mx-1 inline-flex h-6 cursor-pointer items-center gap-1 rounded-4 px-1 font-semibold hover:text-fg"
        >
          {children}
          <Icon
            name="chevronDown"
            size={12}
            className={cx(
              sorted === 'asc' && 'rotate-180',
              !sorted && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60',
            )}
          />
        </button>
      ) : (
        children
      )}
      {column && resizing && <ResizeHandle column={column} {...resizing} />}
    </th>
  );
}

interface RowProps {
  testId: string;
  id: string;
  /** how the cells stand below `narrow` */
  className: string;
  /** chosen for what is done to several */
  selected?: boolean;
  children: ReactNode;
}

export function Row({ testId, id, className, selected = false, children }: RowProps) {
  return (
    <tr
      {...roles.row}
      data-testid={testId}
      data-id={id}
      data-selected={selected || undefined}
      className={cx('group max-narrow:border-b max-narrow:border-line max-narrow:bg-surface', className)}
    >
      {children}
    </tr>
  );
}

interface CellProps {
  /** the cell that names its row */
  header?: boolean;
  colSpan?: number;
  /** as its head has it */
  column?: string;
  /** its width at the most, where none was chosen */
  most?: string | undefined;
  className?: string;
  children?: ReactNode;
}

/** One line at width. */
export function Cell({ header = false, colSpan, column, most, className, children }: CellProps) {
  const look = cx(
    'h-9 border-b border-line px-2.5 text-left font-normal whitespace-nowrap first:pl-4 group-hover:bg-hover group-data-selected:bg-selected! max-narrow:h-auto max-narrow:border-0 max-narrow:bg-transparent! max-narrow:p-0! max-narrow:whitespace-normal',
    column && cut,
    className,
  );
  const style = column ? { style: columnStyle(column, most) } : {};
  return header ? (
    <th {...roles.rowHeader} scope="row" className={look} {...style}>
      {children}
    </th>
  ) : (
    <td {...roles.cell} colSpan={colSpan} className={look} {...style}>
      {children}
    </td>
  );
}
