import type { Selection } from './selection.ts';

interface RowCheckProps {
  label: string;
  state: boolean | 'some';
  onChange: (selected: boolean) => void;
}

/** The browser's own box: one stands in every row, and React Aria's would be ten elements each. */
export function RowCheck({ label, state, onChange }: RowCheckProps) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={state === true}
      ref={(box) => {
        if (box) box.indeterminate = state === 'some';
      }}
      onChange={(event) => onChange(event.target.checked)}
      className="size-5 cursor-pointer align-middle accent-ink narrow:size-4"
    />
  );
}

interface RowsCheckProps<Row> {
  label: string;
  rows: readonly Row[];
  selection: Selection<Row>;
}

/** The box in the head of a list: all rows in sight, or none. */
export function RowsCheck<Row extends { id: string }>({ label, rows, selection }: RowsCheckProps<Row>) {
  const count = rows.filter(({ id }) => selection.has(id)).length;
  return (
    <RowCheck
      label={label}
      state={count === 0 ? false : count === rows.length || 'some'}
      onChange={(selected) => selection.set(rows, selected)}
    />
  );
}
