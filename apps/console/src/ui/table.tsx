import type { ReactNode } from 'react';
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
  children: ReactNode;
}

export function Table({ label, head, busy, empty, children }: TableProps) {
  return (
    <>
      <table
        {...roles.table}
        aria-label={label}
        aria-busy={busy}
        className="w-full border-separate border-spacing-0 max-narrow:block"
      >
        <thead {...roles.group} className="max-narrow:hidden">
          <tr {...roles.row}>{head}</tr>
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
  className?: string;
  children: ReactNode;
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

export function Head({ sorted, onSort, className, children }: HeadProps) {
  return (
    <th
      {...roles.column}
      scope="col"
      {...(sorted ? { 'aria-sort': ariaSort[sorted] } : {})}
      className={cx(
        'sticky top-0 z-1 h-8 border-b border-line-strong bg-surface px-2.5 text-left text-12 whitespace-nowrap text-fg-3 first:pl-4',
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
    </th>
  );
}

interface RowProps {
  testId: string;
  id: string;
  /** how the cells stand below `narrow` */
  className: string;
  children: ReactNode;
}

export function Row({ testId, id, className, children }: RowProps) {
  return (
    <tr
      {...roles.row}
      data-testid={testId}
      data-id={id}
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
  className?: string;
  children?: ReactNode;
}

/** One line at width. */
export function Cell({ header = false, colSpan, className, children }: CellProps) {
  const look = cx(
    'h-9 border-b border-line px-2.5 text-left font-normal whitespace-nowrap first:pl-4 group-hover:bg-hover max-narrow:h-auto max-narrow:border-0 max-narrow:bg-transparent! max-narrow:p-0! max-narrow:whitespace-normal',
    className,
  );
  return header ? (
    <th {...roles.rowHeader} scope="row" className={look}>
      {children}
    </th>
  ) : (
    <td {...roles.cell} colSpan={colSpan} className={look}>
      {children}
    </td>
  );
}
