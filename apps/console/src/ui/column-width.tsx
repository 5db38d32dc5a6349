import type { CSSProperties, PointerEvent } from 'react';

/** Widths of a table's columns in pixels, by the columns' names; those that are missing are as wide as their cells. */
export type ColumnWidths = Readonly<Partial<Record<string, number>>>;

const variableOf = (column: string) => `--column-${column}`;

/** For the table: its cells follow, also while one is drawn wider, and no row is drawn anew for that. */
export function widthVariables(widths: ColumnWidths): CSSProperties {
  return Object.fromEntries(
    Object.entries(widths).flatMap(([column, width]) => (width ? [[variableOf(column), `${width}px`]] : [])),
  );
}

/**
 * For the head and the cells of a column; they take the width by classes that name `--w`, and not as cards. `most`: of
 * one whose width nobody has chosen.
 */
export function columnStyle(column: string, most?: string): CSSProperties {
  return { '--w': `var(${variableOf(column)}${most ? `, ${most}` : ''})` } as CSSProperties;
}

export interface Resizing {
  min: number;
  max: number;
  /** null: as wide as its cells again */
  onResize: (width: number | null) => void;
}

interface ResizeHandleProps extends Resizing {
  column: string;
}

/** The edge of a column's head, for the pointer alone: whoever has none types a width where columns are chosen. */
export function ResizeHandle({ column, min, max, onResize }: ResizeHandleProps) {
  const drag = (event: PointerEvent<HTMLSpanElement>) => {
    const handle = event.currentTarget;
    const [head, table] = [handle.closest('th'), handle.closest('table')];
    if (event.button !== 0 || !head || !table) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const variable = variableOf(column);
    const before = table.style.getPropertyValue(variable);
    const [began, width] = [event.clientX, head.offsetWidth];
    let next: number | null = null;
    const move = ({ clientX }: { clientX: number }) => {
      if (next === null && Math.abs(clientX - began) < 3) return;
      next = Math.round(Math.min(max, Math.max(min, width + clientX - began)));
      table.style.setProperty(variable, `${next}px`);
    };
    const stop = () => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', cancel);
      document.removeEventListener('keydown', giveUp, true);
    };
    const end = () => {
      stop();
      if (next !== null) onResize(next);
    };
    const cancel = () => {
      stop();
      table.style.setProperty(variable, before);
    };
    const giveUp = ({ key }: KeyboardEvent) => key === 'Escape' && cancel();
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', cancel);
    document.addEventListener('keydown', giveUp, true);
  };
  return (
    <span
      aria-hidden="true"
      data-testid={`resize-${column}`}
      onPointerDown={drag}
      onDoubleClick={() => onResize(null)}
      className="absolute top-0 right-0 z-1 h-full w-2.5 cursor-col-resize touch-none select-none after:absolute after:top-1.5 after:right-0 after:bottom-1.5 after:w-px after:bg-line-strong after:opacity-0 hover:after:bg-focus hover:after:opacity-100 active:after:bg-focus active:after:opacity-100 group-hover/head:after:opacity-100"
    />
  );
}
