import {
  type FacetValue,
  filteredProperties,
  type InstanceFilter,
  type InstanceProperty,
  instanceProperties,
} from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Popover } from '../../ui/popover.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { facetsQuery, type InstanceListSearch } from '../instance-queries.ts';
import { propertyName } from './property-words.ts';

// of a property with many more; what is looked for is shown whatever its place
const mostAtOnce = 8;

interface FilterPopoverProps {
  search: InstanceListSearch;
  /** where the focus begins; null: in the search field */
  at: InstanceProperty | null;
  total: number | undefined;
  triggerRef: RefObject<Element | null>;
  nameOf: (property: InstanceProperty, value: string) => string;
  onChange: (filter: InstanceFilter) => void;
  onClose: () => void;
}

/** Every property with its values and how many instances each would leave; a tick counts at once. */
export function FilterPopover(props: FilterPopoverProps) {
  const { search, at, total, triggerRef, nameOf, onChange, onClose } = props;
  const { t } = useTranslation();
  const [text, setText] = useState('');
  // once: a section that comes back while something is looked for takes nobody's focus
  const [start, setStart] = useState(at);
  const facets = useQuery(facetsQuery(search));
  const needle = text.trim().toLowerCase();
  const toggle = (property: InstanceProperty, value: string, chosen: boolean) => {
    const before = search[property] ?? [];
    const values = chosen ? [...before, value] : before.filter((one) => one !== value);
    onChange({ ...search, [property]: values });
  };
  const cleared = Object.fromEntries(instanceProperties.map((property) => [property, undefined]));
  const sections = instanceProperties.flatMap((property) => {
    const values = (facets.data?.[property] ?? [])
      .map((value) => ({ ...value, name: value.label ?? nameOf(property, value.value) }))
      .filter(({ name }) => name.toLowerCase().includes(needle));
    return values.length > 0 ? [{ property, values }] : [];
  });
  return (
    <Popover
      label={t('list.filters')}
      triggerRef={triggerRef}
      placement="bottom start"
      testId="filter-popover"
      className="w-80 max-w-full"
      onClose={onClose}
    >
      <div className="flex-none border-b border-line p-2">
        <SearchField label={t('list.findValue')} value={text} onChange={setText} autoFocus={at === null} />
      </div>
      <div className="min-h-0 flex-1 overflow-auto pb-2">
        {facets.error && (
          <div className="p-2">
            <FailureNotice error={facets.error} onRetry={() => facets.refetch()} />
          </div>
        )}
        {facets.isPending && <Skeleton rows={8} />}
        {sections.map(({ property, values }) => (
          <Section
            key={property}
            property={property}
            values={values}
            chosen={search[property] ?? []}
            onStart={property === start ? () => setStart(null) : null}
            whole={needle !== ''}
            onToggle={(value, chosen) => toggle(property, value, chosen)}
          />
        ))}
        {facets.data && sections.length === 0 && (
          <p className="px-4 py-6 text-center text-fg-2">{t('common.noMatch', { text })}</p>
        )}
      </div>
      <footer className="flex flex-none items-center gap-2 border-t border-line bg-canvas px-2.5 py-2">
        <span className="flex-1 text-12 text-fg-2 tabular-nums" aria-live="polite">
          {total !== undefined && t('list.found', { count: total })}
        </span>
        <Button
          size="sm"
          look="quiet"
          reason={filteredProperties(search).length === 0 ? t('list.noFilter') : null}
          reasonAt="above-end"
          onPress={() => onChange({ ...search, ...cleared })}
        >
          {t('instances.clearFilters')}
        </Button>
        <Button size="sm" onPress={onClose}>
          {t('common.close')}
        </Button>
      </footer>
    </Popover>
  );
}

interface SectionProps {
  property: InstanceProperty;
  values: (FacetValue & { name: string })[];
  chosen: readonly string[];
  /** the focus begins here; to be called once it did */
  onStart: (() => void) | null;
  /** all values, however many */
  whole: boolean;
  onToggle: (value: string, chosen: boolean) => void;
}

function Section({ property, values, chosen, onStart, whole, onToggle }: SectionProps) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!onStart) return;
    first.current?.focus();
    first.current?.closest('section')?.scrollIntoView({ block: 'start' });
    onStart();
  }, [onStart]);
  const isShown = (value: string, index: number) =>
    whole || unfolded || index < mostAtOnce || chosen.includes(value);
  const shown = values.filter(({ value }, index) => isShown(value, index));
  return (
    <section aria-label={propertyName(property, t)} className="pt-2">
      <h3 className="px-3.5 pb-0.5 text-11 text-fg-3">{propertyName(property, t)}</h3>
      {shown.map(({ value, name, count }, index) => (
        <label
          key={value}
          className="flex min-h-10 cursor-pointer items-center gap-2.5 px-3.5 py-0.5 hover:bg-hover narrow:min-h-[28px]"
        >
          <input
            ref={index === 0 ? first : null}
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => onToggle(value, event.target.checked)}
            className="size-5 flex-none cursor-pointer accent-ink narrow:size-4"
          />
          <span className="min-w-0 flex-1 truncate" title={name}>
            {name}
          </span>
          <span className="text-12 text-fg-3 tabular-nums">{count}</span>
        </label>
      ))}
      {shown.length < values.length && (
        <Button size="sm" look="quiet" className="ml-1.5" onPress={() => setUnfolded(true)}>
          {t('list.showAll', { count: values.length })}
        </Button>
      )}
    </section>
  );
}
