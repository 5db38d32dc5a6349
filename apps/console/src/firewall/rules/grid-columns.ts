/** Widths of the columns, the same for the heads and all rows: numbers never make a column jump. */
export const wordColumns = 'grid-cols-[68px_94px_minmax(150px,1fr)_128px_112px_92px_60px_48px_36px]';

/** The last three of these: packets, their rate, and the menu. */
export const counterColumns = 'grid-cols-[60px_48px_36px]';

/** Those of `iptables -nL --line-numbers --verbose`, and the menu. */
export const listingColumnWidths =
  'grid-cols-[68px_58px_58px_minmax(84px,110px)_44px_34px_64px_64px_minmax(96px,132px)_minmax(96px,132px)_minmax(120px,1fr)_36px]';

export const cell = 'flex h-full min-w-0 items-center px-1.5';

// the roles are said because a table that is laid out as a grid is no table to the browser any more
export const roles = {
  grid: { role: 'grid', 'aria-multiselectable': true },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader' },
  rowHead: { role: 'rowheader' },
  cell: { role: 'gridcell' },
} as const;
