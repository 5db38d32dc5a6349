import type { TableName } from '@moru/types';
import { type MouseEvent, memo, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Line, Mark } from '../drafts/lines.ts';
import type { Counted } from './counters.ts';
import { cell, listingColumnWidths, roles, wordColumns } from './grid-columns.ts';
import { ListingCells } from './listing-cells.tsx';
import { RuleCells } from './rule-cells.tsx';

export interface RuleRowProps {
  line: Line;
  table: TableName;
  chain: string;
  family: 'ipv4' | 'ipv6';
  /** index among the lines that are shown */
  index: number;
  top: number;
  view: 'words' | 'iptables' | 'stacked';
  counted: Counted | null;
  /** the earlier rule that takes all its packets */
  shadow: number | null;
  foreign: boolean;
  /** takes the focus when the grid is entered */
  active: boolean;
  /** shown in the inspector */
  open: boolean;
  chosen: boolean;
  dragged: boolean;
  movable: boolean;
  onPress: (line: Line, index: number, event: MouseEvent) => void;
  onMenu: (line: Line, index: number, button: HTMLElement) => void;
  onDrag: (line: Line, index: number, event: PointerEvent) => void;
}

const tints: Partial<Record<Mark, string>> = {
  edited: 'bg-heat-tint-2 shadow-[inset_3px_0_var(--heat-line)]',
  added: 'bg-heat-tint shadow-[inset_3px_0_var(--heat-line)]',
  deleted: 'bg-heat-tint shadow-[inset_3px_0_var(--heat-line)]',
  moved: 'bg-heat-tint shadow-[inset_3px_0_var(--heat-line)]',
  off: 'bg-heat-tint shadow-[inset_3px_0_var(--heat-line)]',
  on: 'bg-heat-tint shadow-[inset_3px_0_var(--heat-line)]',
};

/** One rule. Light on purpose: plain elements, one menu for all rows. */
export const RuleRow = memo(function RuleRow(props: RuleRowProps) {
  const { line, index, top, view, active, open, chosen, dragged, foreign } = props;
  const { t } = useTranslation();
  const number = line.to ?? line.from;
  const named = number === null ? t('grid.withoutNumber') : String(number);
  return (
    <tr
      {...roles.row}
      data-testid="rule-row"
      data-id={number ?? ''}
      data-mark={line.mark ?? undefined}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      aria-current={open ? 'true' : undefined}
      tabIndex={active ? 0 : -1}
      onClick={(event) => props.onPress(line, index, event)}
      style={{ transform: `translateY(${top}px)` }}
      className={cx(
        'group/row absolute inset-x-0 top-0 cursor-default border-b border-line -outline-offset-2!',
        view === 'stacked' ? 'grid h-[60px] grid-cols-[44px_minmax(0,1fr)_auto_44px] px-1.5' : 'grid h-9',
        view === 'words' && wordColumns,
        view === 'iptables' && listingColumnWidths,
        open || chosen ? 'bg-selected!' : (line.mark && tints[line.mark]) || (foreign ? 'bg-canvas' : ''),
        !open && !chosen && 'hover:bg-hover',
        dragged && 'opacity-45',
      )}
    >
      <th {...roles.rowHead} className={cx(cell, 'gap-1 pl-1 font-normal tabular-nums')}>
        <Handle {...props} />
        <RuleNumber line={line} named={named} />
      </th>
      {view === 'iptables' ? <ListingCells {...props} /> : <RuleCells {...props} />}
      <td
        {...roles.cell}
        className={cx(
          cell,
          'justify-center px-0',
          view === 'stacked' && 'col-start-4 row-span-2 row-start-1',
        )}
      >
        <button
          type="button"
          data-testid="rule-menu"
          tabIndex={active ? 0 : -1}
          aria-haspopup="menu"
          aria-label={t('rules.menuOf', { number: named })}
          onClick={(event) => {
            event.stopPropagation();
            props.onMenu(line, index, event.currentTarget);
          }}
          className="grid size-7 cursor-pointer place-items-center rounded-4 text-fg-3 hover:bg-hover hover:text-fg max-narrow:size-11"
        >
          <Icon name="more" />
        </button>
      </td>
    </tr>
  );
});

function Handle({ line, index, foreign, movable, onDrag }: RuleRowProps) {
  if (foreign) return <Icon name="lock" size={12} className="mx-px w-3.5 text-fg-off" />;
  return (
    // keys move a rule from the row itself: the handle is for pointers
    <span
      aria-hidden="true"
      data-testid="rule-handle"
      onPointerDown={(event) => movable && line.mark !== 'deleted' && onDrag(line, index, event)}
      className={cx(
        'grid h-full w-4 flex-none touch-none place-items-center text-fg-off',
        movable && line.mark !== 'deleted' ? 'cursor-grab hover:text-fg-2' : 'invisible',
      )}
    >
      <Icon name="handle" size={12} />
    </span>
  );
}

/** `5`, or `6 → 7` where the draft gives it another number. */
function RuleNumber({ line, named }: { line: Line; named: string }) {
  const { mark, from, to } = line;
  if (mark === 'deleted') return <s className="text-fg-3">{from}</s>;
  if (from === null || to === null || from === to) {
    return <span>{to ?? <span className="text-fg-3">{from ? '–' : named}</span>}</span>;
  }
  return (
    <span className="whitespace-nowrap">
      <span className="text-fg-3">{from}</span>
      <Icon name="arrow" size={11} className="mx-px text-fg-3" />
      {to}
    </span>
  );
}
