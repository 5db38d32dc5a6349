import { columnWidth, type InstanceColumn } from '@moru/types';
import { type RefObject, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Popover } from '../../ui/popover.tsx';
import { columns, usualColumns } from './columns.tsx';
import type { ListPreference } from './use-list-preference.ts';

interface ColumnsPopoverProps {
  preference: ListPreference;
  triggerRef: RefObject<Element | null>;
  onClose: () => void;
}

/** Which columns stand, and how wide each is. What is chosen is there at once, and stays for this user. */
export function ColumnsPopover({ preference, triggerRef, onClose }: ColumnsPopoverProps) {
  const { t } = useTranslation();
  const { chosen, widths, choose, resize, reset } = preference;
  const shown = chosen ?? usualColumns;
  const toggle = (id: InstanceColumn, isShown: boolean) =>
    choose(columns.map((column) => column.id).filter((one) => (one === id ? isShown : shown.includes(one))));
  const untouched = chosen === null && Object.keys(widths).length === 0;
  return (
    <Popover
      label={t('list.columns')}
      triggerRef={triggerRef}
      testId="columns-popover"
      className="w-80"
      onClose={onClose}
    >
      <div className="min-h-0 flex-1 overflow-auto px-3.5 py-2">
        <div className="flex pb-1 text-11 text-fg-3">
          <span className="flex-1">{t('list.shown')}</span>
          <span>{t('list.width', columnWidth)}</span>
        </div>
        <Line label={t('instances.name')} width={widths.name} onWidth={(width) => resize('name', width)} />
        {columns.map(({ id, label }) => (
          <Line
            key={id}
            label={label(t)}
            isShown={shown.includes(id)}
            onShown={(isShown) => toggle(id, isShown)}
            width={widths[id]}
            onWidth={(width) => resize(id, width)}
          />
        ))}
      </div>
      <footer className="flex flex-none items-center gap-2 border-t border-line bg-canvas px-2.5 py-2">
        <span className="flex-1 text-11 text-fg-3">{t('list.kept')}</span>
        <Button
          size="sm"
          look="quiet"
          reason={untouched ? t('list.isUsual') : null}
          reasonAt="above-end"
          onPress={reset}
        >
          {t('list.usual')}
        </Button>
        <Button size="sm" onPress={onClose}>
          {t('common.close')}
        </Button>
      </footer>
    </Popover>
  );
}

interface LineProps {
  label: string;
  /** absent: the column always stands */
  isShown?: boolean;
  onShown?: (isShown: boolean) => void;
  width: number | undefined;
  onWidth: (width: number | null) => void;
}

function Line({ label, isShown = true, onShown, width, onWidth }: LineProps) {
  return (
    <div className="flex min-h-8 items-center gap-2">
      <label className={cx('flex flex-1 items-center gap-2.5', onShown ? 'cursor-pointer' : 'text-fg-3')}>
        <input
          type="checkbox"
          checked={isShown}
          disabled={!onShown}
          onChange={(event) => onShown?.(event.target.checked)}
          className="size-4 cursor-pointer accent-ink disabled:cursor-default"
        />
        {label}
      </label>
      {isShown && <WidthField label={label} width={width} onWidth={onWidth} />}
    </div>
  );
}

/** Pixels, or nothing for as wide as the cells. */
function WidthField({ label, width, onWidth }: Pick<LineProps, 'label' | 'width' | 'onWidth'>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const errorId = useId();
  const text = typed ?? String(width ?? '');
  const isWrong = typed !== null && !isWidth(typed);
  return (
    <span className="grid justify-items-end">
      <input
        inputMode="numeric"
        aria-label={t('list.widthOf', { column: label })}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? errorId : undefined}
        placeholder={t('list.automatic')}
        value={text}
        onChange={(event) => {
          const next = event.target.value.trim();
          setTyped(next);
          if (isWidth(next)) onWidth(next === '' ? null : Number(next));
        }}
        onBlur={() => !isWrong && setTyped(null)}
        className="h-[26px] w-[72px] rounded-4 border border-control bg-surface px-2 text-right tabular-nums outline-none focus:border-focus focus:ring-1 focus:ring-focus aria-invalid:border-bad aria-invalid:ring-1 aria-invalid:ring-bad"
      />
      {isWrong && (
        <span id={errorId} role="alert" className="text-11 text-bad">
          {t('list.widthWrong', columnWidth)}
        </span>
      )}
    </span>
  );
}

function isWidth(text: string): boolean {
  const { min, max } = columnWidth;
  return text === '' || (/^\d{1,4}$/.test(text) && Number(text) >= min && Number(text) <= max);
}
