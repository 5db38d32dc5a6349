import { filteredProperties, type Instance, type InstanceFilter, type InstanceProperty } from '@moru/types';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openWords } from '../../i18n/setup.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { onDemand } from '../../ui/on-demand.tsx';
import type { InstanceListSearch } from '../instance-queries.ts';
import { propertyName, subnetNames, valueName } from './property-words.ts';

const FilterPopover = onDemand(async () => {
  const [module] = await Promise.all([import('./filter-popover.tsx'), openWords('list')]);
  return module.FilterPopover;
});

interface FilterBarProps {
  search: InstanceListSearch;
  /** rows in sight, by which subnets are named */
  rows: readonly Instance[];
  /** how many the filter leaves */
  total: number | undefined;
  onChange: (filter: InstanceFilter) => void;
}

/** What of its properties the list is filtered by, each to be looked into and taken away, and the way to more. */
export function FilterBar({ search, rows, total, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<InstanceProperty | 'any' | null>(null);
  // where the popover stands: chips come and go while it is open
  const place = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const named = useMemo(() => subnetNames(rows), [rows]);
  const nameOf = (property: InstanceProperty, value: string) =>
    property === 'subnet' ? (named.get(value) ?? `${value.slice(0, 8)}…`) : valueName(property, value, t);
  const show = (at: InstanceProperty | 'any', button: HTMLButtonElement | null) => {
    opener.current = button;
    setOpen(at);
  };
  const isOpen = open !== null;
  useEffect(() => {
    // a chip that was opened may be gone, and with it the place to go back to
    if (!isOpen && opener.current && !opener.current.isConnected) add.current?.focus();
  }, [isOpen]);
  return (
    <>
      <span ref={place} className="-ml-2 h-8 w-0" />
      {filteredProperties(search).map((property) => {
        const [first = '', ...others] = search[property] ?? [];
        const name = propertyName(property, t);
        return (
          <span
            key={property}
            data-testid={`filter-${property}`}
            className="inline-flex h-10 max-w-full items-center rounded-4 border border-line-strong bg-surface shadow-1 narrow:h-8"
          >
            <button
              type="button"
              aria-haspopup="dialog"
              onPointerEnter={FilterPopover.preload}
              onFocus={FilterPopover.preload}
              onClick={(event) => show(property, event.currentTarget)}
              className="inline-flex h-full min-w-0 cursor-pointer items-center gap-1.5 rounded-4 pl-2.5 hover:bg-hover"
            >
              <span className="text-fg-2">{name}</span>
              <b className="max-w-56 truncate">{nameOf(property, first)}</b>
              {others.length > 0 && (
                <span className="text-11 text-fg-3">{t('instances.andMore', { count: others.length })}</span>
              )}
            </button>
            <button
              type="button"
              aria-label={t('instances.removeFilter', { name })}
              onClick={() => {
                onChange({ ...search, [property]: undefined });
                // its own place is gone with it
                add.current?.focus();
              }}
              className="mx-1 grid size-8 flex-none cursor-pointer place-items-center rounded-4 text-fg-3 hover:bg-hover narrow:size-6"
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        );
      })}
      <Button
        ref={add}
        look="quiet"
        icon="funnel"
        aria-haspopup="dialog"
        data-testid="add-filter"
        onHoverStart={FilterPopover.preload}
        onFocus={FilterPopover.preload}
        onPress={() => show('any', add.current)}
      >
        {t('instances.addFilter')}
      </Button>
      {open && (
        <FilterPopover
          search={search}
          at={open === 'any' ? null : open}
          total={total}
          triggerRef={place}
          nameOf={nameOf}
          onChange={onChange}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
