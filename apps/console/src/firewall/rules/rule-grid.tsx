import type { TableName } from '@moru/types';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import type { Line } from '../drafts/lines.ts';
import type { ChainCounters } from './counters.ts';
import { roles } from './grid-columns.ts';
import { GridHead } from './grid-head.tsx';
import { type Move, moveBy, moveTo } from './moves.ts';
import { type RowKey, rowKeyOf } from './row-keys.ts';
import { RuleRow, type RuleRowProps } from './rule-row.tsx';
import { useRowDrag } from './use-row-drag.ts';

export interface RuleGridProps {
  table: TableName;
  chain: string;
  family: 'ipv4' | 'ipv6';
  lines: readonly Line[];
  /** indices of the lines to show; null: all */
  shown: readonly number[] | null;
  counters: ChainCounters;
  shadows: ReadonlyMap<string, number>;
  view: 'words' | 'iptables' | 'stacked';
  foreign: boolean;
  /** rules can be moved, deleted and edited */
  editable: boolean;
  /** id of the rule that the inspector shows */
  open: string | null;
  chosen: ReadonlySet<string>;
  /** brings this line into view, once for each object */
  goTo: { id: string } | null;
  onOpen: (line: Line) => void;
  onChoose: (ids: ReadonlySet<string>) => void;
  onMove: (move: Move) => void;
  onDelete: (ids: readonly string[]) => void;
  onMenu: (line: Line, button: HTMLElement) => void;
  onHover: (inside: boolean) => void;
  /** behind the last rule: what becomes of packets that none of them took */
  foot: ReactNode;
  /** beneath the grid */
  children?: ReactNode;
}

const headHeight = 32;
const rowHeights = { words: 36, iptables: 36, stacked: 60 };

/** The rules of a chain in the order in which the kernel asks them. Only what is in view exists. */
export function RuleGrid(props: RuleGridProps) {
  const { t } = useTranslation();
  const { lines, shown, view, chosen, editable, onOpen, onChoose, onMenu } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const marker = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [dragged, setDragged] = useState<ReadonlySet<string>>(new Set());
  const rowHeight = rowHeights[view];
  const count = shown?.length ?? lines.length;
  const at = useCallback((index: number) => lines[shown ? (shown[index] ?? -1) : index], [lines, shown]);
  const indexOf = (id: string) => {
    const line = lines.findIndex(({ entry }) => entry.id === id);
    return shown ? shown.indexOf(line) : line;
  };
  const current = Math.min(active, Math.max(count - 1, 0));
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    useFlushSync: false,
    // the row with the focus stays, or a key pressed after scrolling would have no row to act on
    rangeExtractor: ({ startIndex, endIndex, overscan }) => {
      const from = Math.max(startIndex - overscan, 0);
      const to = Math.min(endIndex + overscan, count - 1);
      const range = Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => from + index);
      return current < from ? [current, ...range] : current > to && count > 0 ? [...range, current] : range;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of all rows
  useEffect(() => rows.measure(), [rowHeight]);

  const focusRow = useFocusedRow(scroller, (index) => rows.scrollToIndex(index));
  const { goTo } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each wish, not for each new list
  useEffect(() => {
    const index = goTo ? indexOf(goTo.id) : -1;
    if (index < 0) return;
    setActive(index);
    rows.scrollToIndex(index, { align: 'center' });
  }, [goTo]);

  const dropped = (index: number) => {
    const move = moveTo(lines, [...dragged], shown ? (shown[index] ?? lines.length) : index);
    setDragged(new Set());
    if (move) props.onMove(move);
  };
  const drag = useRowDrag({ scroller, marker, rowHeight, top: headHeight, count, onDrop: dropped });

  const press = useCallback(
    (line: Line, index: number, event: MouseEvent) => {
      setActive(index);
      const id = line.entry.id;
      if (event.ctrlKey || event.metaKey) {
        const next = new Set(chosen);
        if (!next.delete(id)) next.add(id);
        onChoose(next);
      } else if (event.shiftKey) {
        const [from, to] = index < current ? [index, current] : [current, index];
        onChoose(new Set(Array.from({ length: to - from + 1 }, (_, by) => at(from + by)?.entry.id ?? '')));
      } else {
        if (chosen.size > 0) onChoose(new Set());
        onOpen(line);
      }
    },
    [at, chosen, current, onChoose, onOpen],
  );
  const menu = useCallback(
    (line: Line, index: number, button: HTMLElement) => {
      setActive(index);
      onMenu(line, button);
    },
    [onMenu],
  );
  const startDrag = useRef<RuleRowProps['onDrag']>(() => {});
  startDrag.current = (line, _index, event) => {
    setDragged(new Set(chosen.has(line.entry.id) ? chosen : [line.entry.id]));
    drag.start(event);
  };
  const onDrag = useCallback<RuleRowProps['onDrag']>(
    (...args: [Line, number, PointerEvent]) => startDrag.current(...args),
    [],
  );

  const act = (key: RowKey, event: KeyboardEvent) => {
    const line = at(current);
    const row = event.currentTarget.querySelector<HTMLElement>(`[data-index="${current}"]`);
    const meant = line && chosen.has(line.entry.id) ? [...chosen] : line ? [line.entry.id] : [];
    switch (key.type) {
      case 'go': {
        const next = key.by === 'first' ? 0 : key.by === 'last' ? count - 1 : current + key.by;
        const index = Math.min(Math.max(next, 0), count - 1);
        setActive(index);
        focusRow(index);
        if (key.extend)
          onChoose(new Set([...chosen, ...[current, index].map((each) => at(each)?.entry.id ?? '')]));
        return;
      }
      case 'move': {
        const move = editable ? moveBy(lines, meant, key.by) : null;
        if (move) props.onMove(move);
        return;
      }
      case 'open':
        return line && onOpen(line);
      case 'delete':
        return editable ? props.onDelete(meant) : undefined;
      case 'menu':
        return line && row && onMenu(line, row.querySelector('button') ?? row);
      case 'leave':
        return onChoose(new Set());
      case 'choose': {
        const next = new Set(chosen);
        if (line && !next.delete(line.entry.id)) next.add(line.entry.id);
        return onChoose(next);
      }
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.getAttribute('role') !== 'row') return;
    const key = rowKeyOf(event);
    if (!key || (key.type === 'leave' && chosen.size === 0)) return;
    event.preventDefault();
    act(key, event);
  };

  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-auto [scrollbar-gutter:stable]">
      <table
        {...roles.grid}
        aria-label={t('rules.ofChain', { chain: props.chain })}
        aria-rowcount={count + 2}
        data-testid="rule-grid"
        className={cx('block min-w-fit', drag.dragging && 'cursor-grabbing select-none')}
      >
        <GridHead view={view} />
        <tbody
          {...roles.group}
          onKeyDown={onKeyDown}
          onPointerEnter={() => props.onHover(true)}
          onPointerLeave={() => props.onHover(false)}
          className="relative block"
          style={{ height: count * rowHeight }}
        >
          {rows.getVirtualItems().map(({ index }) => {
            const line = at(index);
            if (!line) return null;
            const id = line.entry.id;
            return (
              <RuleRow
                key={id}
                line={line}
                table={props.table}
                chain={props.chain}
                family={props.family}
                index={index}
                top={index * rowHeight}
                view={view}
                counted={line.from === null || line.mark === 'edited' ? null : props.counters.rule(line.from)}
                shadow={props.shadows.get(id) ?? null}
                foreign={props.foreign}
                active={index === current}
                open={props.open === id}
                chosen={chosen.has(id)}
                dragged={drag.dragging && dragged.has(id)}
                movable={editable && shown === null}
                onPress={press}
                onMenu={menu}
                onDrag={onDrag}
              />
            );
          })}
        </tbody>
        {props.foot}
      </table>
      <div
        ref={marker}
        aria-hidden="true"
        style={{ top: headHeight - 1 }}
        className={cx(
          'pointer-events-none absolute inset-x-0 z-1 h-0.5 bg-heat-line',
          !drag.dragging && 'hidden',
        )}
      />
      {props.children}
    </div>
  );
}

/** Moves the focus to a row that may not exist yet. */
function useFocusedRow(scroller: { current: HTMLElement | null }, scrollTo: (index: number) => void) {
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[role=row][data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });
  return (index: number) => {
    wanted.current = index;
    scrollTo(index);
  };
}
